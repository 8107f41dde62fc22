import type { CategoryColumn, CodedColumn } from './column.ts'
import {
  calibrate,
  packCalibration,
  unpackCalibration,
  type Calibration,
  type Leaves,
  type PackedCalibration,
} from './calibration.ts'
import { pack, unpackUnsigned } from './packed.ts'
import { growTree, packTree, unpackTree, type GrownTree, type PackedTree, type Range } from './tree.ts'
import type { Predictor, Target } from './split.ts'

/** Leaves as grown. */
export interface GrownLeaves extends Leaves {
  readonly calibrations: readonly Calibration[]
}

/** Leaves as drawn from. */
export interface LeafModel extends GrownLeaves {
  /** The group of each item, for the calibrations. */
  readonly groups: Uint8Array
  /** Room for the weights of the largest leaf, and for where the runs of its groups end. */
  readonly weights: Float64Array
  readonly ends: Uint32Array
}

export interface PackedLeafModel {
  readonly tree: PackedTree
  readonly starts: string
  readonly items: string
  /** Left out where every item counts once. */
  readonly counts?: string
  readonly calibrations: readonly PackedCalibration[]
}

export interface Growth {
  readonly rows: Uint32Array
  readonly predictors: readonly Predictor[]
}

/** Classes of a target that are one coordinate each; of more, each is a point of `SKETCH_WIDTH` random signs. */
const MOST_CLASSES = 256
const SKETCH_WIDTH = 16
const POLYNOMIALS = 4

/** Grows the model of a category, or of any classes of which `isWritable` says which may be written. */
export function growClasses(
  growth: Growth,
  classes: {
    codes: Int32Array
    width: number
    groups: Uint8Array
    isWritable: (code: number) => boolean
  },
  sign: () => number,
): GrownLeaves {
  const { codes, width, groups } = classes
  const points = width > MOST_CLASSES ? Float64Array.from({ length: width * SKETCH_WIDTH }, sign) : undefined
  const target: Target = points === undefined ? { codes, width } : { codes, width: SKETCH_WIDTH, points }
  const grown = growTree(growth.rows, growth.predictors, target)
  const counts = new Int32Array(width)
  const leaves = collect(grown, ({ start, end }) => {
    const seen: number[] = []
    let writable = false
    for (let at = start; at < end; at++) {
      const code = codes[grown.index[at]!]!
      if (counts[code]!++ === 0) seen.push(code)
      writable ||= classes.isWritable(code)
    }
    const items = seen.sort((a, b) => a - b).map(code => ({ item: code, count: counts[code]! }))
    for (const code of seen) counts[code] = 0
    return { items, enough: writable }
  })
  return { ...leaves, calibrations: calibrate(leaves, { ...growth, codes, groups }) }
}

/** Grows the model of a number over rows where it is present. */
export function growNumbers(growth: Growth, coded: CodedColumn, groups: Uint8Array): GrownLeaves {
  const target = rankPolynomials(coded, growth.rows)
  const grown = growTree(growth.rows, growth.predictors, target)
  const leaves = collect(grown, ({ start, end }) => {
    const places: number[] = []
    for (let at = start; at < end; at++) {
      const row = grown.index[at]!
      if (coded.writable?.[row] === 1) places.push(coded.codes[row]!)
    }
    places.sort((a, b) => a - b)
    return { items: places.map(item => ({ item, count: 1 })), enough: places.length > 0 }
  })
  return { ...leaves, calibrations: calibrate(leaves, { ...growth, codes: coded.codes, groups }) }
}

export function packLeafModel(model: GrownLeaves, predictors: readonly Predictor[]): PackedLeafModel {
  const base = {
    tree: packTree(
      model.tree,
      predictors.map(({ bins }) => bins),
    ),
    starts: pack(model.starts),
    items: pack(model.items),
    calibrations: model.calibrations.map(packCalibration),
  }
  return model.counts.every(count => count === 1) ? base : { ...base, counts: pack(model.counts) }
}

export function unpackLeafModel(packed: PackedLeafModel, groups: Uint8Array): LeafModel {
  const items = unpackUnsigned(packed.items)
  const starts = unpackUnsigned(packed.starts)
  let largest = 0
  for (let leaf = 1; leaf < starts.length; leaf++)
    largest = Math.max(largest, starts[leaf]! - starts[leaf - 1]!)
  return {
    tree: unpackTree(packed.tree),
    starts,
    items,
    counts:
      packed.counts === undefined ? new Uint32Array(items.length).fill(1) : unpackUnsigned(packed.counts),
    calibrations: packed.calibrations.map(unpackCalibration),
    groups,
    weights: new Float64Array(largest),
    ends: new Uint32Array(largest),
  }
}

/** Whether a class may be written: a missing value, or one seen often enough. */
export function isWritable(column: CategoryColumn, code: number): boolean {
  return code < column.writable || code === column.values.length
}

/** Gathers the items of every leaf; one without enough takes those of the first node above it that has. */
function collect(
  grown: GrownTree,
  read: (range: Range) => { items: { item: number; count: number }[]; enough: boolean },
): Leaves {
  const starts = [0]
  const items: number[] = []
  const counts: number[] = []
  for (const ranges of grown.leaves) {
    let found = read(ranges[0]!)
    for (let level = 1; !found.enough && level < ranges.length; level++) found = read(ranges[level]!)
    for (const { item, count } of found.items) {
      items.push(item)
      counts.push(count)
    }
    starts.push(items.length)
  }
  return {
    tree: grown.tree,
    starts: Uint32Array.from(starts),
    items: Uint32Array.from(items),
    counts: Uint32Array.from(counts),
  }
}

/**
 * Legendre polynomials of the mid-rank: splits then see a change of location, spread and shape alike, whatever the scale
 * (the smooth test of Neyman 1937).
 */
function rankPolynomials(coded: CodedColumn, rows: Uint32Array): Target {
  let places = 0
  for (const row of rows) places = Math.max(places, coded.codes[row]! + 1)
  const counts = new Float64Array(places)
  for (const row of rows) counts[coded.codes[row]!]!++
  const points = new Float64Array(counts.length * POLYNOMIALS)
  let below = 0
  for (const [place, count] of counts.entries()) {
    const x = (2 * (below + count / 2)) / rows.length - 1
    below += count
    const values = [x, (3 * x ** 2 - 1) / 2, (5 * x ** 3 - 3 * x) / 2, (35 * x ** 4 - 30 * x ** 2 + 3) / 8]
    for (const [order, value] of values.entries()) {
      points[place * POLYNOMIALS + order] = value * Math.sqrt(2 * order + 3)
    }
  }
  return { codes: coded.codes, width: POLYNOMIALS, points }
}
