import { contentOf } from '../data/content.ts'
import type { TracedRow } from '../data/row.ts'
import type { Project } from '../project/schema.ts'
import { givesAway } from '../task/gives-away.ts'
import { type CheckedRows, count, examples, labelTasks, type RowWarning } from './row-warning.ts'

/** Columns that tell the answer, and test rows that are learned from: what makes scores too good. */
export function checkLeaks(project: Project, rows: CheckedRows): readonly RowWarning[] {
  return [...leaks(project, rows.train), ...sharedRows(rows)]
}

function leaks(project: Project, rows: readonly TracedRow[]): readonly RowWarning[] {
  return labelTasks(project).flatMap(({ name, answer, shown }) =>
    shown
      .filter(column => givesAway(column, rows, answer))
      .map(column => ({
        message: `Task "${name}" shows "${column}", which gives "${answer}" away in every row: it is probably known only afterwards.`,
        next: `Take it out of the prompts, or add it to \`drop\` of its source. Where it is known in time, a rule does what a model would.`,
      })),
  )
}

function sharedRows({ train, test }: CheckedRows): readonly RowWarning[] {
  if (test.length === 0) return []
  const known = new Set(train.map(({ row }) => contentOf(row)))
  const shared = test.filter(({ row }) => known.has(contentOf(row)))
  if (shared.length === 0) return []
  return [
    {
      message: `${count(shared.length, 'test row')} of ${test.length} ${shared.length === 1 ? 'is' : 'are'} among the training rows too${examples(shared)}: what was learned by heart scores as if it were understood.`,
      next: 'Take them out of one of the two files.',
    },
  ]
}
