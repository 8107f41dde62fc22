import type { Random } from '../../data/random.ts'
import { lowerBound, type NumberColumn } from './column.ts'
import type { LeafModel } from './leaves.ts'

/** Where a leaf's items are in its model. */
export interface LeafRange {
  readonly start: number
  readonly end: number
}

export function leafRange(model: LeafModel, leaf: number): LeafRange {
  return { start: model.starts[leaf]!, end: model.starts[leaf + 1]! }
}

/** Draws a class of a leaf in proportion to its counts among those allowed, or -1 where none is. */
export function drawClass(
  model: LeafModel,
  range: LeafRange,
  isAllowed: (code: number) => boolean,
  random: Random,
): number {
  let total = 0
  for (let at = range.start; at < range.end; at++) if (isAllowed(model.items[at]!)) total += model.counts[at]!
  if (total === 0) return -1
  let left = random.next() * total
  let last = -1
  for (let at = range.start; at < range.end; at++) {
    const code = model.items[at]!
    if (!isAllowed(code)) continue
    last = code
    left -= model.counts[at]!
    if (left < 0) return code
  }
  return last
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
export function drawNumber(draw: NumberDraw, model: LeafModel, range: LeafRange, random: Random): number {
  const { table } = draw.column
  if (range.start === range.end) return table.length === 0 ? NaN : table[table.length >> 1]!
  const position = random.integer(range.start, range.end - 1)
  const place = model.items[position]!
  const value = table[place]!
  if (!draw.smoothing || draw.heaps[place] === 1) return value
  const { below, above } = gapsOf(draw, model, range, position)
  const moved = value + (random.next() * (below + above) - below) / 2
  return settle(draw.column, value, moved)
}

/** Distances to the next lower and higher values of the leaf that do not heap; a side without one is as wide as the other. */
function gapsOf(
  { column, heaps }: NumberDraw,
  model: LeafModel,
  range: LeafRange,
  position: number,
): { below: number; above: number } {
  const { table } = column
  const place = model.items[position]!
  const value = table[place]!
  let lower = position - 1
  while (lower >= range.start && heaps[model.items[lower]!] === 1) lower--
  let higher = position + 1
  while (higher < range.end && heaps[model.items[higher]!] === 1) higher++
  let below = lower >= range.start ? value - table[model.items[lower]!]! : undefined
  let above = higher < range.end ? table[model.items[higher]!]! - value : undefined
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
