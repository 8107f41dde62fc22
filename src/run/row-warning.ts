import type { TracedRow, Value } from '../data/row.ts'
import { oneOf } from '../did-you-mean.ts'
import { fewestSealedRows, type Project } from '../project/schema.ts'
import { columnsOf } from '../project/template.ts'

/** Something about the data that a run would suffer from, and what to do about it. */
export interface RowWarning {
  readonly message: string
  readonly next: string
}

/** The rows of a project by the use of their sources: typed, and with their derived columns. */
export interface CheckedRows {
  readonly train: readonly TracedRow[]
  readonly fit: readonly TracedRow[]
  /** Of sources with use "test"; where there is none, a part of `train` is sealed. */
  readonly test: readonly TracedRow[]
}

const mostNamed = 8

/** The label tasks, with the columns that their wordings show besides the answer. */
export function labelTasks(
  project: Project,
): readonly { name: string; answer: string; shown: readonly string[] }[] {
  return Object.entries(project.tasks).flatMap(([name, task]) => {
    if (task.kind !== 'label') return []
    const prompts = [...task.prompts, ...(task.heldOut ?? [])]
    const shown = new Set(prompts.flatMap(({ prompt }) => columnsOf(prompt)))
    return [{ name, answer: task.answer, shown: [...shown].filter(column => column !== task.answer) }]
  })
}

/** How a run over these rows will measure. */
export function regimeOf(
  project: Project,
  { train, test }: Pick<CheckedRows, 'train' | 'test'>,
): 'sealed' | 'scarce' {
  if (project.evaluate.regime !== 'auto') return project.evaluate.regime
  const sealed = test.length > 0 ? test.length : train.length * project.split.test
  return sealed >= fewestSealedRows ? 'sealed' : 'scarce'
}

/** How often each value is there, as text; missing ones apart. */
export function countAnswers(rows: readonly TracedRow[], column: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { row } of rows) {
    const value: Value = row[column] ?? null
    if (value !== null) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1)
  }
  return counts
}

/** A number of things, in words. */
export function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}

/** Names in words, the first of them where there are many. */
export function few(names: readonly string[]): string {
  return names.length <= mostNamed
    ? oneOf(names)
    : `${names.slice(0, mostNamed).join(', ')} and ${names.length - mostNamed} more`
}

/** The names of a few rows that may be told. */
export function examples(rows: readonly TracedRow[]): string {
  const told = rows.filter(({ origin }) => origin.share === 'anyone').slice(0, 3)
  return told.length === 0
    ? ''
    : ` (${told.map(({ id }) => id).join(', ')}${rows.length > told.length ? ', …' : ''})`
}
