import type { CategoryColumn, CodedColumn } from './column.ts'
import { pack, unpackUnsigned } from './packed.ts'
import {
  growTree,
  packTree,
  unpackTree,
  type GrownTree,
  type PackedTree,
  type Range,
  type Tree,
} from './tree.ts'
import type { Predictor, Target } from './split.ts'

/** A tree and what its leaves hold: for each leaf the items from `starts[leaf]` to `starts[leaf + 1]`. */
export interface LeafModel {
  readonly tree: Tree
  readonly starts: Uint32Array
  /** Classes with their counts, or places in a number's table in ascending order, one a row. */
  readonly items: Uint32Array
  readonly counts: Uint32Array
}

export interface PackedLeafModel {
  readonly tree: PackedTree
  readonly starts: string
  readonly items: string
  /** Left out where every item counts once. */
  readonly counts?: string
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
  classes: { codes: Int32Array; width: number; isWritable: (code: number) => boolean },
  sign: () => number,
): LeafModel {
  const { codes, width } = classes
  const points = width > MOST_CLASSES ? Float64Array.from({ length: width * SKETCH_WIDTH }, sign) : undefined
  const target: Target = points === undefined ? { codes, width } : { codes, width: SKETCH_WIDTH, points }
  const grown = growTree(growth.rows, growth.predictors, target)
  const counts = new Int32Array(width)
  return collect(grown, ({ start, end }) => {
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
}

/** Grows the model of a number over rows where it is present. */
export function growNumbers(growth: Growth, coded: CodedColumn): LeafModel {
  const target = rankPolynomials(coded, growth.rows)
  const grown = growTree(growth.rows, growth.predictors, target)
  return collect(grown, ({ start, end }) => {
    const places: number[] = []
    for (let at = start; at < end; at++) {
      const row = grown.index[at]!
      if (coded.writable?.[row] === 1) places.push(coded.codes[row]!)
    }
    places.sort((a, b) => a - b)
    return { items: places.map(item => ({ item, count: 1 })), enough: places.length > 0 }
  })
}

export function packLeafModel(model: LeafModel, predictors: readonly Predictor[]): PackedLeafModel {
  const base = {
    tree: packTree(
      model.tree,
      predictors.map(({ bins }) => bins),
    ),
    starts: pack(model.starts),
    items: pack(model.items),
  }
  return model.counts.every(count => count === 1) ? base : { ...base, counts: pack(model.counts) }
}

export function unpackLeafModel(packed: PackedLeafModel): LeafModel {
  const items = unpackUnsigned(packed.items)
  return {
    tree: unpackTree(packed.tree),
    starts: unpackUnsigned(packed.starts),
    items,
    counts:
      packed.counts === undefined ? new Uint32Array(items.length).fill(1) : unpackUnsigned(packed.counts),
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
): LeafModel {
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
