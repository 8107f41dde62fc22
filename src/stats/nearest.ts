import { type Row, type Value, valueAt } from '../data/row.ts'
import type { Column } from '../data/schema.ts'
import { numberOf } from './marginals.ts'

/** How rows are laid out as points: numbers over their range in [0, 1], categories by number. */
export interface MixedSpace {
  readonly columns: readonly SpaceColumn[]
}

type SpaceColumn =
  | { readonly kind: 'number'; readonly name: string; readonly minimum: number; readonly range: number }
  | { readonly kind: 'category'; readonly name: string; readonly codes: ReadonlyMap<string, number> }

/** Rows as points, one after the other. */
export interface Points {
  readonly count: number
  readonly width: number
  readonly coordinates: Float64Array
}

/** One or more away from all others: between a missing value and any other lies 1, between two missing ones nothing. */
const MISSING = -1
const UNKNOWN = -3

/** The space of the columns as these rows span it; ids and free text are left out. */
export function mixedSpace(rows: readonly Row[], columns: readonly Column[]): MixedSpace {
  const used = columns.filter(({ kind }) => kind !== 'id' && kind !== 'text')
  // Categories first: they part most rows after one look, and the search for the nearest gives up early.
  const categories = used.filter(isCategory).map(({ name }): SpaceColumn => {
    const codes = new Map<string, number>()
    for (const row of rows) {
      const value = valueAt(row, name)
      if (value !== null && !codes.has(String(value))) codes.set(String(value), codes.size)
    }
    return { kind: 'category', name, codes }
  })
  const numbers = used
    .filter(column => !isCategory(column))
    .map(({ name }): SpaceColumn => {
      let minimum = Infinity
      let maximum = -Infinity
      for (const row of rows) {
        const number = numberOf(valueAt(row, name))
        if (Number.isNaN(number)) continue
        minimum = Math.min(minimum, number)
        maximum = Math.max(maximum, number)
      }
      return { kind: 'number', name, minimum, range: maximum - minimum }
    })
  return { columns: [...categories.sort(byCodes), ...numbers] }
}

/** Rows as points of the space. Values beyond its ranges count as their ends, unknown categories as different from all. */
export function toPoints(rows: readonly Row[], space: MixedSpace): Points {
  const width = space.columns.length
  const coordinates = new Float64Array(rows.length * width)
  for (const [place, column] of space.columns.entries()) {
    for (const [row, values] of rows.entries()) {
      coordinates[row * width + place] = coordinateOf(column, valueAt(values, column.name))
    }
  }
  return { count: rows.length, width, coordinates }
}

/**
 * Distance of each point to the nearest of the others: the mean over columns of |Δ| of numbers over their range, and of 0
 * or 1 for equal or different categories (Gower 1971; the DCR of SDMetrics). Exact; takes `from.count * to.count` steps.
 */
export function nearestDistances(from: Points, to: Points): Float64Array {
  const { width } = from
  const distances = new Float64Array(from.count)
  for (let point = 0; point < from.count; point++) {
    const own = from.coordinates.subarray(point * width, (point + 1) * width)
    let nearest = Infinity
    for (let other = 0, offset = 0; other < to.count; other++, offset += width) {
      let distance = 0
      for (let place = 0; place < width && distance < nearest; place++) {
        const difference = Math.abs(own[place]! - to.coordinates[offset + place]!)
        distance += difference < 1 ? difference : 1
      }
      if (distance < nearest) nearest = distance
    }
    distances[point] = nearest / width
  }
  return distances
}

/**
 * Share of the points that lie nearer to training than to holdout rows, ties counted half: 0.5 where nothing is copied,
 * given as many rows of both (the DCR share of mostlyai-qa).
 */
export function shareNearer(toTrain: Float64Array, toHoldout: Float64Array): number {
  let nearer = 0
  for (const [point, distance] of toTrain.entries()) {
    const other = toHoldout[point]!
    nearer += distance < other ? 1 : distance === other ? 0.5 : 0
  }
  return nearer / toTrain.length
}

/**
 * Chance that a training row lies nearer to the synthetic rows than a holdout row does, ties counted half: the area under
 * the curve of the plainest membership attack, 0.5 where it learns nothing.
 */
export function membershipArea(members: Float64Array, others: Float64Array): number {
  const sorted = others.toSorted()
  let wins = 0
  for (const distance of members) {
    const upTo = firstPlace(sorted, other => other > distance)
    wins += sorted.length - upTo + (upTo - firstPlace(sorted, other => other >= distance)) / 2
  }
  return wins / (members.length * others.length)
}

function firstPlace(sorted: Float64Array, isPast: (value: number) => boolean): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (isPast(sorted[middle]!)) high = middle
    else low = middle + 1
  }
  return low
}

function coordinateOf(column: SpaceColumn, value: Value): number {
  if (value === null) return MISSING
  if (column.kind === 'category') return column.codes.get(String(value)) ?? UNKNOWN
  const scaled = column.range > 0 ? (numberOf(value) - column.minimum) / column.range : 0
  return Math.min(Math.max(scaled, 0), 1)
}

function isCategory({ kind }: Column): boolean {
  return kind === 'category' || kind === 'boolean'
}

function byCodes(a: SpaceColumn, b: SpaceColumn): number {
  return a.kind === 'category' && b.kind === 'category' ? b.codes.size - a.codes.size : 0
}
