import { sha256 } from '../data/hash.ts'
import type { TracedRow } from '../data/row.ts'
import type { ResolvedTask } from '../task/render.ts'
import { compileTemplate } from '../task/template.ts'

/** Rows that ask the same. Ids of rows that may not leave the machine are left out. */
interface Repeated {
  readonly task: string
  readonly rows: readonly string[]
  /** Their answers, where they differ: one of them is wrong, or what is asked does not decide the answer. */
  readonly answers: readonly string[]
}

export interface Conflicts {
  /** Rows that say in every column what an earlier one says. */
  readonly duplicates: number
  /** Rows that ask what another asks and answer otherwise, and rows that ask and answer the same, by task. */
  readonly tasks: readonly {
    readonly task: string
    readonly conflicting: number
    readonly repeating: number
  }[]
  /** The conflicts, the largest first. */
  readonly examples: readonly Repeated[]
}

const shown = 20

/**
 * Duplicates and contradictions among real rows. Two rows ask the same of a task where all columns that its prompts read
 * are equal but for case and blanks, whatever wording each was given; a conversation asks by all its turns but the last.
 */
export function findConflicts(rows: readonly TracedRow[], tasks: readonly ResolvedTask[]): Conflicts {
  const whole = new Set(rows.map(({ row }) => keyOf(row)))
  const perTask = tasks.map(task => ({ task: task.name, repeated: repeatedIn(rows, task) }))
  return {
    duplicates: rows.length - whole.size,
    tasks: perTask.map(({ task, repeated }) => ({
      task,
      conflicting: sizeOf(repeated.filter(({ answers }) => answers.length > 1)),
      repeating: sizeOf(repeated.filter(({ answers }) => answers.length === 1)),
    })),
    examples: perTask
      .flatMap(({ task, repeated }) => repeated.map(each => ({ task, ...each })))
      .filter(({ answers }) => answers.length > 1)
      .map(({ task, rows: same, answers }) => ({
        task,
        rows: same.filter(({ origin }) => origin.share === 'anyone').map(({ id }) => id),
        answers: [...answers],
      }))
      .filter(({ rows: named }) => named.length > 1)
      .toSorted((a, b) => b.rows.length - a.rows.length)
      .slice(0, shown),
  }
}

interface Group {
  readonly rows: readonly TracedRow[]
  readonly answers: readonly string[]
}

function repeatedIn(rows: readonly TracedRow[], task: ResolvedTask): readonly Group[] {
  const asked = rows.flatMap(traced => {
    const pair = askAndAnswer(traced, task)
    return pair === null ? [] : [{ traced, ...pair }]
  })
  return [...Map.groupBy(asked, ({ question }) => question).values()]
    .filter(({ length }) => length > 1)
    .map(same => ({
      rows: same.map(({ traced }) => traced),
      answers: [...new Set(same.map(({ answer }) => answer))],
    }))
}

/** What decides the question, and the answer; null where there is none. Text tasks answer by template: they cannot conflict. */
function askAndAnswer(
  { row }: TracedRow,
  task: ResolvedTask,
): { readonly question: string; readonly answer: string } | null {
  if (task.kind === 'text') return null
  if (task.kind === 'chat') {
    if (typeof row['messages'] !== 'string') return null
    const turns = JSON.parse(row['messages']) as readonly {
      readonly role: string
      readonly content: string
    }[]
    const last = turns.at(-1)
    return last?.role === 'assistant' ? { question: keyOf(turns.slice(0, -1)), answer: last.content } : null
  }
  const answers = task.kind === 'fields' ? task.fields : [task.answer]
  const read = new Set(task.wordings.train.flatMap(({ prompt }) => compileTemplate(prompt).columns))
  const answer =
    task.kind === 'fields'
      ? JSON.stringify(answers.map(name => row[name] ?? null))
      : String(row[task.answer] ?? '')
  if (answer === '') return null
  return { question: keyOf([...read].sort().map(name => row[name] ?? null)), answer }
}

/** The same for values that differ in case and blanks alone; a hash, since conversations are long. */
function keyOf(value: unknown): string {
  return sha256(JSON.stringify(value).toLowerCase().replaceAll(/\s+/gu, ' '))
}

function sizeOf(groups: readonly Group[]): number {
  return groups.reduce((sum, { rows }) => sum + rows.length, 0)
}
