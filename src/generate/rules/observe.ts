import type { Row, TracedRow, Value } from '../../data/row.ts'
import { didYouMean } from '../../did-you-mean.ts'
import { UserError } from '../../error.ts'
import type { Grammar, Maker } from './grammar.ts'

/** How often the values of a column were seen, in all and among rows that agree in given columns. */
export interface Observed {
  readonly values: readonly Value[]
  /** For each value. */
  readonly counts: readonly number[]
  /** For each combination seen of the given columns' values, as JSON. */
  readonly given: Readonly<Record<string, readonly number[]>>
}

/** What a grammar learned from the training rows: the tables of its `from` rules, by column and number of the rule. */
export type Observations = Readonly<Record<string, Observed>>

type From = Extract<Maker, { kind: 'from' }>

/** Counts what the `from` rules ask for, and nothing else. Throws a UserError for a column that the rows do not have. */
export function observe(grammar: Grammar, traced: readonly TracedRow[]): Observations {
  const rows = traced.map(({ row }) => row)
  const observations: Record<string, Observed> = {}
  for (const [column, rules] of grammar.rules) {
    for (const [index, { maker }] of rules.entries()) {
      if (maker.kind === 'from') observations[ruleKey(column, index)] = observeColumn(maker, rows)
    }
  }
  return observations
}

export function ruleKey(column: string, index: number): string {
  return `${column}#${index}`
}

/**
 * Chance of each observed value in a row. Given columns: (n(value, given) + s · P(value)) / (n(given) + s), which mixes s rows'
 * worth of the whole column into the table (the m-estimate of Cestnik 1990).
 */
export function observedChances(observed: Observed, maker: From, row: Row): readonly number[] {
  const total = observed.counts.reduce((sum, count) => sum + count, 0)
  const whole = observed.counts.map(count => count / total)
  if (maker.given.length === 0) return whole
  const counts = observed.given[givenKey(maker, row)]
  if (counts === undefined) return whole
  const seen = counts.reduce((sum, count) => sum + count, 0)
  return whole.map((share, index) => (counts[index]! + maker.smoothing * share) / (seen + maker.smoothing))
}

function observeColumn(maker: From, rows: readonly Row[]): Observed {
  if (rows.length === 0) {
    throw new UserError(
      `The grammar draws from the column "${maker.column}" of the training rows, and there are none.`,
      'List the values with `choose`, or add a source with `use: train`.',
    )
  }
  for (const column of [maker.column, ...maker.given]) {
    const available = Object.keys(rows[0]!)
    if (available.includes(column)) continue
    throw new UserError(
      `The grammar draws from the column "${column}", which the training rows do not have.${didYouMean(column, available)}`,
      `Their columns are ${available.join(', ')}.`,
    )
  }
  const values = [...new Set(rows.map(row => row[maker.column] ?? null))]
  const counts = values.map(() => 0)
  const given: Record<string, number[]> = {}
  for (const row of rows) {
    const index = values.indexOf(row[maker.column] ?? null)
    counts[index]!++
    if (maker.given.length === 0) continue
    const table = (given[givenKey(maker, row)] ??= values.map(() => 0))
    table[index]!++
  }
  return { values, counts, given }
}

function givenKey(maker: From, row: Row): string {
  return JSON.stringify(maker.given.map(column => row[column] ?? null))
}
