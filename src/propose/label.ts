import type { TracedRow } from '../data/row.ts'
import type { Column, Schema } from '../data/schema.ts'
import { didYouMean, oneOf } from '../did-you-mean.ts'
import { UserError } from '../error.ts'

/** Several columns could be the label; `candidates` names them. */
export class UnclearLabel extends UserError {
  readonly candidates: readonly string[]

  constructor(message: string, next: string, candidates: readonly string[]) {
    super(message, next)
    this.candidates = candidates
  }
}

/** Names that people give to the column they want to predict. */
const usualNames =
  /^(?:label|labels|target|class|category|outcome|intent|diagnosis|sentiment|rating|grade|status|result|response|y)$/i

/** Words that often stand in the name of what people want to predict. */
const usualWords =
  /(?:^|[^a-z])(?:label|target|class|category|outcome|intent|diagnosis|sentiment|rating|grade|status|result|response|damaged?|income|churn(?:ed)?|default(?:ed)?|fraud|survived|placed|approved|accepted|smoker)(?:[^a-z]|$)/i

/** More values than this are no longer a set of labels to choose from. */
export const mostLabels = 200

/**
 * The column to learn: the asked one, or the one that is clear without asking. Throws UserError where the asked one is
 * not there, and where none is clear: it lists those that could be meant.
 */
export function chooseLabel(schema: Schema, rows: readonly TracedRow[], asked: string | undefined): Column {
  if (asked !== undefined) {
    const found = schema.columns.find(column => column.name === asked)
    if (found === undefined) throw noColumn(asked, schema)
    return found
  }
  const candidates = labelCandidates(schema, rows)
  const usual = candidates.filter(column => usualNames.test(column.name))
  const clear = usual.length === 1 ? usual[0] : candidates.length === 1 ? candidates[0] : undefined
  if (clear !== undefined) return clear
  if (candidates.length === 0) {
    const names = oneOf(schema.columns.map(column => column.name))
    throw new UserError(
      'No column looks like a label: few values, each seen several times.',
      `Name one with --label: ${names}.`,
    )
  }
  const likely = byLikelihood(candidates, schema)
  const list = likely.map(column => `  ${column.name}: ${labelValues(column, rows).slice(0, 6).join(', ')}`)
  throw new UnclearLabel(
    `Which column is to be learned is not clear. These could be meant:\n\n${list.join('\n')}`,
    `Name one, for example --label ${quoteArgument(likely[0]!.name)}.`,
    likely.map(column => column.name),
  )
}

/** The values of a column as text, most frequent first; a missing value is none. */
export function labelValues(column: Column, rows: readonly TracedRow[]): readonly string[] {
  return [...countValues(column.name, rows)].toSorted(([, a], [, b]) => b - a).map(([value]) => value)
}

/** How often each value of a column is there, missing ones apart. */
export function countValues(name: string, rows: readonly TracedRow[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { row } of rows) {
    const value = row[name] ?? null
    if (value !== null && value !== '') counts.set(String(value), (counts.get(String(value)) ?? 0) + 1)
  }
  return counts
}

/** Whether a column's values are labels to choose from rather than measurements. */
export function isLabel(column: Column, rows: readonly TracedRow[]): boolean {
  if (column.kind === 'category' || column.kind === 'boolean')
    return countValues(column.name, rows).size <= mostLabels
  return column.kind === 'integer' && countValues(column.name, rows).size <= 10
}

function labelCandidates(schema: Schema, rows: readonly TracedRow[]): readonly Column[] {
  return schema.columns.filter(column => {
    if (!isLabel(column, rows)) return false
    const counts = countValues(column.name, rows)
    const isNamed = usualNames.test(column.name)
    return counts.size >= 2 && (isNamed || (counts.size <= 12 && rows.length / counts.size >= 5))
  })
}

/** Those whose names speak for them first, then the last column of the file, where many keep what they predict. */
function byLikelihood(candidates: readonly Column[], schema: Schema): readonly Column[] {
  const sign = (column: Column): number =>
    (usualWords.test(column.name.replaceAll('_', ' ')) ? 2 : 0) + (column === schema.columns.at(-1) ? 1 : 0)
  return candidates.toSorted((a, b) => sign(b) - sign(a))
}

function noColumn(asked: string, schema: Schema): UserError {
  const names = schema.columns.map(column => column.name)
  return new UserError(
    `There is no column "${asked}".${didYouMean(asked, names)}`,
    `The columns are ${oneOf(names)}.`,
  )
}

function quoteArgument(name: string): string {
  return /^[\w.-]+$/.test(name) ? name : `'${name}'`
}
