import { type CategoryColumn, numberBin, type NumberColumn } from './column.ts'
import { pack, unpackFloats } from './packed.ts'
import type { Predictor } from './split.ts'
import { leafOf, type Tree } from './tree.ts'

/**
 * How much more often than its leaves say a group of items goes with each bin of a predictor:
 * `factors[bin * groups + group]`.
 */
export interface Calibration {
  readonly predictor: number
  readonly groups: number
  readonly factors: Float32Array
}

export interface PackedCalibration {
  readonly predictor: number
  readonly groups: number
  readonly factors: string
}

/** A tree and what its leaves hold: for each leaf the items from `starts[leaf]` to `starts[leaf + 1]`. */
export interface Leaves {
  readonly tree: Tree
  readonly starts: Uint32Array
  /** Classes with their counts, or places in a number's table in ascending order, one a row. */
  readonly items: Uint32Array
  readonly counts: Uint32Array
}

/** Rows, what they hold, and the group of every item. */
export interface Observed {
  readonly rows: Uint32Array
  readonly predictors: readonly Predictor[]
  /** The item of each row. */
  readonly codes: Int32Array
  readonly groups: Uint8Array
}

/** Whether a number is missing: two items, two groups. */
export const MISSING_GROUPS = Uint8Array.of(0, 1)
const MOST_GROUPS = 64
const NUMBER_GROUPS = 16
const SWEEPS = 3
/** Rows that a factor is held back by: one of few rows stays near 1. */
const PRIOR_ROWS = 5
/** Fewer rows for each pair of a bin and a group would calibrate to noise. */
const ROWS_PER_CELL = 5

/** The group of each class of a category, or of each place in the table of a number. */
export function itemGroups(column: CategoryColumn | NumberColumn): Uint8Array {
  if (column.kind === 'category') {
    return Uint8Array.from({ length: column.values.length + 1 }, (_, code) => Math.min(code, MOST_GROUPS - 1))
  }
  const bins = column.edges.length
  return Uint8Array.from(column.table, value => {
    const bin = numberBin(column, value) - 1
    return bins <= NUMBER_GROUPS ? bin : Math.floor((bin * NUMBER_GROUPS) / bins)
  })
}

/**
 * Factors by which the items of a leaf are weighed so that every pair of this column with one before it has the counts
 * of the rows (iterative proportional fitting, Deming and Stephan 1940). A tree has no rows left to split on weak
 * dependencies once it has followed the strong ones; this brings them back without making leaves any smaller.
 */
export function calibrate(leaves: Leaves, observed: Observed): Calibration[] {
  const { rows, predictors, groups } = observed
  let width = 0
  for (const group of groups) width = Math.max(width, group + 1)
  if (width < 2) return []
  const weights = expectedShares(leaves, observed, width)
  const factors = predictors.map(({ bins }) => new Float64Array(bins * width).fill(1))
  const calibrated = [...predictors.keys()].filter(
    place => rows.length >= ROWS_PER_CELL * factors[place]!.length,
  )
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (const place of calibrated) {
      const { seen, expected } = countPairs({ ...observed, place, weights, width })
      const change = seen.map((count, cell) => (count + PRIOR_ROWS) / (expected[cell]! + PRIOR_ROWS))
      for (const [cell, ratio] of change.entries()) factors[place]![cell]! *= ratio
      for (let at = 0; at < rows.length; at++) {
        const cell = predictors[place]!.codes[rows[at]!]! * width
        for (let group = 0; group < width; group++) weights[at * width + group]! *= change[cell + group]!
      }
    }
  }
  return calibrated.map(place => ({
    predictor: place,
    groups: width,
    factors: Float32Array.from(factors[place]!),
  }))
}

/** Counts of bins of a predictor with groups, as seen and as the weights expect them. */
function countPairs(
  pair: Observed & { readonly place: number; readonly weights: Float32Array; readonly width: number },
): { seen: Float64Array; expected: Float64Array } {
  const { rows, predictors, codes, groups, place, weights, width } = pair
  const { codes: bins, bins: count } = predictors[place]!
  const seen = new Float64Array(count * width)
  const expected = new Float64Array(count * width)
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at]!
    const cell = bins[row]! * width
    seen[cell + groups[codes[row]!]!]!++
    let total = 0
    for (let group = 0; group < width; group++) total += weights[at * width + group]!
    for (let group = 0; group < width; group++)
      expected[cell + group]! += weights[at * width + group]! / total
  }
  return { seen, expected }
}

export function packCalibration({ predictor, groups, factors }: Calibration): PackedCalibration {
  return { predictor, groups, factors: pack(factors) }
}

export function unpackCalibration({ predictor, groups, factors }: PackedCalibration): Calibration {
  return { predictor, groups, factors: unpackFloats(factors) }
}

/** Share of each group in the leaf of every row, row after row. */
function expectedShares(leaves: Leaves, { rows, predictors, groups }: Observed, width: number): Float32Array {
  const shares = new Float32Array((leaves.starts.length - 1) * width)
  for (let leaf = 0; leaf < leaves.starts.length - 1; leaf++) {
    for (let at = leaves.starts[leaf]!; at < leaves.starts[leaf + 1]!; at++) {
      shares[leaf * width + groups[leaves.items[at]!]!]! += leaves.counts[at]!
    }
  }
  const codes = predictors.map(predictor => predictor.codes)
  const weights = new Float32Array(rows.length * width)
  for (const [at, row] of rows.entries()) {
    const leaf = leafOf(leaves.tree, codes, row)
    weights.set(shares.subarray(leaf * width, (leaf + 1) * width), at * width)
  }
  return weights
}
