import type { Row, TracedRow } from '../data/row.ts'
import type { Column } from '../data/schema.ts'
import { wilsonInterval } from '../stats/binomial.ts'
import { canonicalValue, closeNumbers, columnRanges } from './closeness.ts'
import type { Metric } from './metric.ts'

interface CopyingInput {
  readonly synthetic: readonly TracedRow[]
  /** Private rows that the synthesizer was fitted on. */
  readonly fitted: readonly TracedRow[]
  /** Real rows of the same kind that it was not fitted on, drawn at random from the same source; never sealed ones. */
  readonly heldOut: readonly TracedRow[]
  readonly columns: readonly Column[]
}

/**
 * Whether synthetic rows copy the private rows they were fitted on, beyond chance. A real row counts as matched when a
 * synthetic row equals it, or nearly does: all columns but one equal, numbers within 1 %. Rows that were never seen are
 * matched by chance alone, so the figure is the share of fitted rows that are matched less the share of held-out ones:
 * shares, and so the same whatever the two sizes. Counting real rows, not synthetic ones, keeps the two samples independent
 * given the synthetic rows, which the interval needs (difference of two proportions: Newcombe 1998, method 10). Of equal and
 * nearly equal the one is reported whose lower end is higher; each is at 97.5 %, so that the reported one holds 95 %
 * whichever it is (Bonferroni): copies where it is above 0.
 * Not a guarantee of privacy: only what is repeated row by row is seen. Columns of kind `id` are left out.
 */
export function measureCopying(input: CopyingInput): Metric {
  const { synthetic, fitted, heldOut } = input
  const name = 'copying'
  if (synthetic.length === 0 || fitted.length === 0 || heldOut.length === 0) {
    const missing = synthetic.length === 0 ? 'synthetic' : fitted.length === 0 ? 'fitted' : 'held-out real'
    return { name, value: 0, note: `not measured: there are no ${missing} rows` }
  }
  const matches = matchRows(input)
  const [equal, near] = [excess(matches, 'equal'), excess(matches, 'near')]
  const reported = equal.interval[0] >= near.interval[0] ? equal : near
  const pass = reported.interval[0] <= 0
  const kind = reported === equal ? 'an equal' : 'a nearly equal'
  return {
    name,
    value: reported.value,
    interval: reported.interval,
    threshold: 0,
    pass,
    note:
      `${share(reported.fitted)} of the fitted rows have ${kind} synthetic row, of held-out real rows ` +
      `${share(reported.heldOut)} do by chance; ${matches.copies} of ${synthetic.length} synthetic rows equal a fitted ` +
      `one. ${pass ? 'No copying beyond chance was found' : 'The synthetic rows copy beyond chance'} (95 % interval).`,
  }
}

interface Matches {
  /** For each real row 0: no match, 1: nearly equal, 2: equal. */
  readonly fitted: Uint8Array
  readonly heldOut: Uint8Array
  /** Synthetic rows that equal a fitted row. */
  readonly copies: number
}

interface Count {
  readonly matched: number
  readonly of: number
}

function excess(
  matches: Matches,
  kind: 'equal' | 'near',
): { value: number; interval: readonly [number, number]; fitted: Count; heldOut: Count } {
  const least = kind === 'equal' ? 2 : 1
  const count = (found: Uint8Array): Count => ({
    matched: found.reduce((sum, match) => sum + (match >= least ? 1 : 0), 0),
    of: found.length,
  })
  const [fitted, heldOut] = [count(matches.fitted), count(matches.heldOut)]
  const value = fitted.matched / fitted.of - heldOut.matched / heldOut.of
  return { value, interval: newcombeInterval(fitted, heldOut, 0.975), fitted, heldOut }
}

/** Hybrid score interval of p1 - p2 for independent samples (Newcombe 1998, Statistics in Medicine 17:873, method 10). */
export function newcombeInterval(first: Count, second: Count, level: number): readonly [number, number] {
  const [p1, p2] = [first.matched / first.of, second.matched / second.of]
  const [low1, high1] = wilsonInterval(p1, first.of, level)
  const [low2, high2] = wilsonInterval(p2, second.of, level)
  return [p1 - p2 - Math.hypot(p1 - low1, high2 - p2), p1 - p2 + Math.hypot(high1 - p1, p2 - low2)]
}

function share({ matched, of }: Count): string {
  return `${((100 * matched) / of).toFixed(1)} % (${matched} of ${of})`
}

function matchRows({ synthetic, fitted, heldOut, columns }: CopyingInput): Matches {
  const encode = createEncoder(
    columns.filter(({ kind }) => kind !== 'id').map(({ name }) => name),
    [...fitted, ...heldOut].map(({ row }) => row),
  )
  const made = synthetic.map(({ row }) => encode(row))
  const copied = new Uint8Array(made.length)
  const matchAll = (rows: readonly TracedRow[], isFitted: boolean): Uint8Array =>
    Uint8Array.from(rows, ({ row }) => {
      const real = encode(row)
      let best = 0
      for (const [index, other] of made.entries()) {
        const match = matchOf(real, other)
        if (match === 2 && isFitted) copied[index] = 1
        best = Math.max(best, match)
      }
      return best
    })
  const found = { fitted: matchAll(fitted, true), heldOut: matchAll(heldOut, false) }
  return { ...found, copies: copied.reduce((sum, flag) => sum + flag, 0) }
}

/** A row's values in one fixed order of columns: numbers as they are, all else as a code. */
interface EncodedRow {
  readonly values: Float64Array
  /** Range of each column where the value is a number, and NaN where it is a code. */
  readonly ranges: Float64Array
}

/** Columns with most distinct values come first: most pairs then part after two comparisons. */
function createEncoder(columns: readonly string[], real: readonly Row[]): (row: Row) => EncodedRow {
  const ranges = columnRanges(real)
  const distinct = new Map(columns.map(column => [column, new Set(real.map(row => row[column])).size]))
  const ordered = columns.toSorted((a, b) => distinct.get(b)! - distinct.get(a)!)
  const codes = new Map<unknown, number>()
  const codeOf = (key: unknown): number => {
    const known = codes.get(key)
    if (known !== undefined) return known
    codes.set(key, codes.size)
    return codes.size - 1
  }
  return row => {
    const values = new Float64Array(ordered.length)
    const spans = new Float64Array(ordered.length)
    for (const [place, column] of ordered.entries()) {
      const value = row[column] ?? null
      const isNumber = typeof value === 'number'
      values[place] = isNumber ? value : codeOf(canonicalValue(value))
      spans[place] = isNumber ? (ranges.get(column) ?? Infinity) : Number.NaN
    }
    return { values, ranges: spans }
  }
}

/** 2: equal in every column; 1: close in all but one; 0: neither. */
function matchOf(a: EncodedRow, b: EncodedRow): 0 | 1 | 2 {
  let equal = true
  let apart = 0
  for (let place = 0; place < a.values.length; place++) {
    const left = a.values[place]!
    const right = b.values[place]!
    const leftIsCode = Number.isNaN(a.ranges[place])
    const rightIsCode = Number.isNaN(b.ranges[place])
    if (left === right && leftIsCode === rightIsCode) continue
    equal = false
    if (!leftIsCode && !rightIsCode && closeNumbers(left, right, a.ranges[place])) continue
    if (++apart > 1) return 0
  }
  return equal ? 2 : 1
}
