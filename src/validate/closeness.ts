import type { Row, Value } from '../data/row.ts'
import { normaliseText } from '../stats/ngrams.ts'

/** Numbers closer than this, of the larger and of the column's range, are the same number jittered. */
const tolerance = 0.01

/** Smallest to largest number of each column in which the rows have different numbers. */
export function columnRanges(rows: readonly Row[]): ReadonlyMap<string, number> {
  const ends = new Map<string, [number, number]>()
  for (const row of rows) {
    for (const [column, value] of Object.entries(row)) {
      if (typeof value !== 'number') continue
      const known = ends.get(column)
      if (known === undefined) ends.set(column, [value, value])
      else {
        known[0] = Math.min(known[0], value)
        known[1] = Math.max(known[1], value)
      }
    }
  }
  return new Map(
    [...ends].filter(([, [low, high]]) => low < high).map(([column, [low, high]]) => [column, high - low]),
  )
}

/**
 * Whether two numbers differ by at most 1 % of the larger (as SDMetrics' NewRowSynthesis has it) and of the column's range:
 * the years 1990 and 1995 are not close, and two small costs are not because a huge one exists.
 */
export function closeNumbers(a: number, b: number, range: number | undefined): boolean {
  const difference = Math.abs(a - b)
  return (
    difference === 0 ||
    (difference <= tolerance * Math.max(Math.abs(a), Math.abs(b)) &&
      difference <= tolerance * (range ?? Infinity))
  )
}

/** A value as it is compared: text without regard to case and blanks, the rest as it is. */
export function canonicalValue(value: Value): Value {
  return typeof value === 'string' ? normaliseText(value) : value
}
