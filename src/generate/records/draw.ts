import type { Random } from '../../data/random.ts'
import { firstPlace, lowerBound, type NumberColumn } from './column.ts'
import type { LeafModel } from './leaves.ts'
import { leafOf } from './tree.ts'

/** The leaf that a row falls into: its items from `start` to `end` in `items`, and from 0 on how much each weighs. */
export interface WeighedLeaf {
  readonly items: Uint32Array
  readonly start: number
  readonly end: number
  readonly weights: Float64Array
}

/** The leaf of a number that a row falls into, in runs of one group: where they end in `items`, and what all of one weighs. */
export interface WeighedRuns extends WeighedLeaf {
  readonly runs: number
  readonly ends: Uint32Array
}

/**
 * Finds the leaf of a row and weighs its items; `bins[place][row]` are the bins of the columns before. The weights are in
 * a buffer of the model's and hold until the next call.
 */
export function weighLeaf(model: LeafModel, bins: readonly Uint8Array[], row: number): WeighedLeaf {
  const { items, counts, groups, weights } = model
  const leaf = leafOf(model.tree, bins, row)
  const start = model.starts[leaf]!
  const end = model.starts[leaf + 1]!
  for (let at = start; at < end; at++) {
    weights[at - start] = counts[at]! * factorOf(model, bins, row, groups[items[at]!]!)
  }
  return { items, start, end, weights }
}

/** Finds the leaf of a row and weighs the runs of its items; as `weighLeaf`, in time that does not grow with the leaf. */
export function weighRuns(model: LeafModel, bins: readonly Uint8Array[], row: number): WeighedRuns {
  const { items, groups, calibrations, ends, weights } = model
  const leaf = leafOf(model.tree, bins, row)
  const start = model.starts[leaf]!
  const end = model.starts[leaf + 1]!
  let runs = 0
  for (let at = start; at < end; runs++) {
    const group = groups[items[at]!]!
    const next =
      calibrations.length === 0
        ? end
        : firstPlace({ start: at, end }, place => groups[items[place]!]! > group)
    ends[runs] = next
    weights[runs] = (next - at) * factorOf(model, bins, row, group)
    at = next
  }
  return { items, start, end, runs, ends, weights }
}

/** How much more a group of items weighs in a row than its leaf alone says. */
function factorOf(
  { calibrations }: LeafModel,
  bins: readonly Uint8Array[],
  row: number,
  group: number,
): number {
  let factor = 1
  for (const { predictor, groups, factors } of calibrations)
    factor *= factors[bins[predictor]![row]! * groups + group]!
  return factor
}

/** What all items weigh together, and those of one bin. */
export function weighBin(
  leaf: WeighedRuns,
  tableBins: Uint8Array,
  bin: number,
): { total: number; matching: number } {
  const { items, start, end, runs, ends, weights } = leaf
  const first = firstPlace({ start, end }, place => tableBins[items[place]!]! >= bin)
  const last = firstPlace({ start: first, end }, place => tableBins[items[place]!]! > bin)
  let total = 0
  let matching = 0
  let from = start
  for (let run = 0; run < runs; run++) {
    const to = ends[run]!
    const shared = Math.min(to, last) - Math.max(from, first)
    total += weights[run]!
    if (shared > 0) matching += (weights[run]! * shared) / (to - from)
    from = to
  }
  return { total, matching }
}

/** Draws the position of an item in `items` by weight among those allowed, or -1 where none is. */
export function drawPosition(
  { items, start, end, weights }: WeighedLeaf,
  isAllowed: (item: number) => boolean,
  random: Random,
): number {
  let total = 0
  for (let at = start; at < end; at++) if (isAllowed(items[at]!)) total += weights[at - start]!
  if (!(total > 0)) return -1
  let left = random.next() * total
  let last = -1
  for (let at = start; at < end; at++) {
    if (!isAllowed(items[at]!)) continue
    last = at
    left -= weights[at - start]!
    if (left < 0) return at
  }
  return last
}

function drawFromRuns({ start, end, runs, ends, weights }: WeighedRuns, random: Random): number {
  let total = 0
  for (let run = 0; run < runs; run++) total += weights[run]!
  let left = random.next() * total
  let from = start
  for (let run = 0; run < runs; run++) {
    const weight = weights[run]!
    const to = ends[run]!
    if (left < weight) return Math.min(from + Math.floor((left / weight) * (to - from)), to - 1)
    left -= weight
    from = to
  }
  return end - 1
}

/** What drawing a number needs besides the leaf. */
export interface NumberDraw {
  readonly column: NumberColumn
  readonly heaps: Uint8Array
  readonly smoothing: boolean
}

/**
 * Draws a number of a leaf. Smoothed, one that does not heap moves up to half way to its neighbours in the leaf, keeps
 * its roundness (a multiple of ten stays one), and stays within what may be written.
 */
export function drawNumber(draw: NumberDraw, leaf: WeighedRuns, random: Random): number {
  const { table } = draw.column
  const position = drawFromRuns(leaf, random)
  if (position < leaf.start) return table.length === 0 ? NaN : table[table.length >> 1]!
  const place = leaf.items[position]!
  const value = table[place]!
  if (!draw.smoothing || draw.heaps[place] === 1) return value
  const { below, above } = gapsOf(draw, leaf, position)
  const moved = value + (random.next() * (below + above) - below) / 2
  return settle(draw.column, value, moved)
}

/** Distances to the next lower and higher values of the leaf that do not heap; a side without one is as wide as the other. */
function gapsOf(
  { column, heaps }: NumberDraw,
  { items, start, end }: WeighedRuns,
  position: number,
): { below: number; above: number } {
  const { table } = column
  const place = items[position]!
  const value = table[place]!
  // A heap may be most of the leaf: it is passed over in one step.
  let lower = position - 1
  while (lower >= start && heaps[items[lower]!] === 1)
    lower = lowerBound(items, items[lower]!, start, lower) - 1
  let higher = position + 1
  while (higher < end && heaps[items[higher]!] === 1)
    higher = lowerBound(items, items[higher]! + 1, higher, end)
  let below = lower >= start ? value - table[items[lower]!]! : undefined
  let above = higher < end ? table[items[higher]!]! - value : undefined
  if (below === undefined && above === undefined) {
    below = value - (table[place - 1] ?? value)
    above = (table[place + 1] ?? value) - value
  }
  return { below: below ?? above!, above: above ?? below! }
}

/** Brings a moved number back to what the column could hold. */
function settle(column: NumberColumn, value: number, moved: number): number {
  const { table, discrete, form } = column
  if (discrete) return nearest(table, moved)
  const scale = 10 ** form.decimals
  const grain = form.type === 'date' ? 1 : roundnessOf(Math.round(value * scale))
  const rounded = (Math.round((moved * scale) / grain) * grain) / scale
  return Math.min(Math.max(rounded, table[0]!), table.at(-1)!)
}

function nearest(table: readonly number[], value: number): number {
  const place = lowerBound(table, value)
  if (place === 0) return table[0]!
  if (place === table.length) return table.at(-1)!
  return value - table[place - 1]! < table[place]! - value ? table[place - 1]! : table[place]!
}

function roundnessOf(units: number): number {
  if (units === 0) return 1
  for (const grain of [1000, 500, 100, 50, 10, 5]) if (units % grain === 0) return grain
  return 1
}
