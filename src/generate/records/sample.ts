import type { Random } from '../../data/random.ts'
import type { Row, Value } from '../../data/row.ts'
import { categoryBin, numberBin, type IdColumn } from './column.ts'
import type { Condition, Conditions } from './cell.ts'
import { drawNumber, drawPosition, weighBin, weighLeaf, weighRuns } from './draw.ts'
import { formatNumber } from './form.ts'
import type { LeafModel } from './leaves.ts'
import type { ColumnModel, RecordsModel } from './model.ts'

/** Rows in the making, column by column; places as in `RecordsModel`. */
interface Draft {
  rows: number
  readonly bins: Uint8Array[]
  /** Classes of categories, bins of numbers. */
  readonly codes: Int32Array[]
  readonly numbers: Float64Array[]
}

export interface SampleRequest {
  readonly conditions: Conditions
  readonly count: number
  readonly smoothing: boolean
}

/** Rows begun for each one asked for, at most, where a condition comes after columns that it says something about. */
const MOST_TRIES = 200
const MOST_BEGUN = 60_000
/** Weight, in rows, of the whole column beside the rows of a leaf: no combination is impossible, only improbable. */
const PRIOR_ROWS = 0.5
const AGAINST_DEPENDENCY = 1e-6

/**
 * Draws rows column by column. A condition that comes after open columns weighs the rows begun so far by how probable it
 * is given them, and draws anew among them by weight (sequential importance resampling, Gordon et al. 1993).
 */
export function sampleRows(
  model: RecordsModel,
  request: SampleRequest,
  random: Random,
  signal: AbortSignal,
): Row[] {
  const { conditions, count } = request
  const lastWeighed = Math.max(-1, ...latePlaces(model, conditions))
  let draft: Draft = { rows: begin(model, request), bins: [], codes: [], numbers: [] }
  for (const [place, column] of model.columns.entries()) {
    signal.throwIfAborted()
    const condition = conditions.get(place)
    if (condition === undefined) {
      drawColumn({ model, column, draft, place, smoothing: request.smoothing }, random)
      continue
    }
    if (latePlaces(model, conditions).includes(place)) {
      const weights = weigh(model, { draft, place, condition })
      draft = resample(draft, weights, place === lastWeighed ? count : draft.rows, random)
    }
    holdColumn(column, condition, draft)
  }
  return writeRows(model, { ...request, draft }, random)
}

/** Places of conditions that come after an open column and depend on those before them. */
function latePlaces({ columns }: RecordsModel, conditions: Conditions): number[] {
  const open = columns.findIndex((_, place) => !conditions.has(place))
  if (open < 0) return []
  return [...conditions.keys()].filter(place => {
    const { values, missing } = columns[place]!
    return place > open && (isConditional(values) || isConditional(missing))
  })
}

function isConditional(model: LeafModel | undefined): boolean {
  return model !== undefined && (model.tree.predictor.length > 1 || model.calibrations.length > 0)
}

/** How many rows to begin so that about four of each one wanted meet the conditions that come late. */
function begin(model: RecordsModel, { conditions, count }: SampleRequest): number {
  let share = 1
  const late = latePlaces(model, conditions)
  for (const place of late) {
    const { counts } = model.columns[place]!
    share *= Math.max(counts[conditions.get(place)!.code] ?? 0, 1) / model.fitted.rows
  }
  if (late.length === 0) return count
  return Math.max(count, Math.min(count * Math.min(MOST_TRIES, Math.ceil(4 / share)), MOST_BEGUN))
}

/** Probability of the condition given each row so far, up to a factor. */
function weigh(model: RecordsModel, at: { draft: Draft; place: number; condition: Condition }): Float64Array {
  const { draft, place, condition } = at
  const column = model.columns[place]!
  const checks = model.dependencies.filter(({ from, to }) => to === place && from < place)
  const share = (column.counts[condition.code] ?? 0) / model.fitted.rows
  return Float64Array.from({ length: draft.rows }, (_, row) => {
    let weight = shareIn(column, condition, draft, row, share)
    for (const { from, lookup } of checks) {
      const state = lookup[draft.codes[from]![row]!] ?? -1
      if (state >= 0 && state !== condition.state) weight *= AGAINST_DEPENDENCY
    }
    return weight
  })
}

function shareIn(
  column: ColumnModel,
  condition: Condition,
  draft: Draft,
  row: number,
  share: number,
): number {
  const isMissing = column.column.kind === 'number' && Number.isNaN(condition.number)
  let weight = 1
  if (column.missing !== undefined) {
    weight = leafShare(
      column.missing,
      draft,
      row,
      code => (code === 1) === isMissing,
      isMissing ? share : 1 - share,
    )
  }
  if (isMissing || column.values === undefined) return weight
  if (column.column.kind === 'category') {
    return weight * leafShare(column.values, draft, row, code => code === condition.code, share)
  }
  const runs = weighRuns(column.values, draft.bins, row)
  const { total, matching } = weighBin(runs, column.tableBins, condition.code)
  return (weight * (matching + PRIOR_ROWS * share)) / (total + PRIOR_ROWS)
}

function leafShare(
  model: LeafModel,
  draft: Draft,
  row: number,
  matches: (item: number) => boolean,
  share: number,
): number {
  const { items, start, end, weights } = weighLeaf(model, draft.bins, row)
  let total = PRIOR_ROWS
  let matching = PRIOR_ROWS * share
  for (let at = start; at < end; at++) {
    const weight = weights[at - start]!
    total += weight
    if (matches(items[at]!)) matching += weight
  }
  return matching / total
}

/** Draws `count` of the rows by weight, each as often as its weight says but for rounding (systematic resampling, Kitagawa 1996). */
function resample(draft: Draft, weights: Float64Array, count: number, random: Random): Draft {
  let total = 0
  for (const weight of weights) total += weight
  const step = total / count
  const chosen = new Uint32Array(count)
  let row = 0
  let reached = weights[0]!
  let mark = random.next() * step
  for (let at = 0; at < count; at++, mark += step) {
    while (reached < mark && row < weights.length - 1) reached += weights[++row]!
    chosen[at] = row
  }
  return {
    rows: count,
    bins: draft.bins.map(column => Uint8Array.from(chosen, from => column[from]!)),
    codes: draft.codes.map(column => Int32Array.from(chosen, from => column[from]!)),
    numbers: draft.numbers.map(column =>
      Float64Array.from(column.length === 0 ? [] : chosen, from => column[from]!),
    ),
  }
}

function holdColumn({ column }: ColumnModel, { code, number }: Condition, draft: Draft): void {
  const bin = column.kind === 'category' ? categoryBin(column, code) : code
  draft.bins.push(new Uint8Array(draft.rows).fill(bin))
  draft.codes.push(new Int32Array(draft.rows).fill(code))
  draft.numbers.push(new Float64Array(column.kind === 'number' ? draft.rows : 0).fill(number))
}

interface ColumnDraw {
  readonly model: RecordsModel
  readonly column: ColumnModel
  readonly draft: Draft
  readonly place: number
  readonly smoothing: boolean
}

function drawColumn(draw: ColumnDraw, random: Random): void {
  const { column, draft } = draw
  const bins = new Uint8Array(draft.rows)
  const codes = new Int32Array(draft.rows)
  const numbers = new Float64Array(column.column.kind === 'number' ? draft.rows : 0)
  const rules = rulesOf(draw)
  for (let row = 0; row < draft.rows; row++) {
    if (column.column.kind === 'category') {
      codes[row] = drawCategory(draw, rules, row, random)
      bins[row] = categoryBin(column.column, codes[row]!)
    } else {
      numbers[row] = drawNumberOf(draw, rules, row, random)
      codes[row] = bins[row] = numberBin(column.column, numbers[row]!)
    }
  }
  draft.bins.push(bins)
  draft.codes.push(codes)
  draft.numbers.push(numbers)
}

/** What the columns drawn so far say of this one. */
interface Rules {
  /** The state that a row must have, or -1. */
  readonly determined: (row: number) => number
  readonly isAllowed: (row: number, state: number) => boolean
}

function rulesOf({ model, column, draft, place }: ColumnDraw): Rules {
  const determining = model.dependencies.filter(({ from, to }) => to === place && from < place)
  const determined = model.dependencies.filter(({ from, to }) => from === place && to < place)
  return {
    determined(row) {
      for (const { from, lookup } of determining) {
        const state = lookup[draft.codes[from]![row]!] ?? -1
        if (state >= 0 && column.writable[state] === 1) return state
      }
      return -1
    },
    isAllowed(row, state) {
      if (column.writable[state] === 0) return false
      for (const { to, lookup } of determined) {
        const answer = lookup[state] ?? -1
        if (answer >= 0 && answer !== draft.codes[to]![row]) return false
      }
      return true
    },
  }
}

function drawCategory({ column, draft }: ColumnDraw, rules: Rules, row: number, random: Random): number {
  const state = rules.determined(row)
  if (state >= 0) return state
  const leaf = weighLeaf(column.values!, draft.bins, row)
  const position = drawPosition(leaf, code => rules.isAllowed(row, code), random)
  return position >= 0 ? leaf.items[position]! : drawState(column, rules, row, random)
}

function drawNumberOf(
  { column, draft, smoothing }: ColumnDraw,
  rules: Rules,
  row: number,
  random: Random,
): number {
  const number = column.column as ColumnModel['column'] & { kind: 'number' }
  const state = rules.determined(row)
  if (state >= 0) return number.edges[state - 1] ?? NaN
  const { values: model, missing } = column
  if (model === undefined) return NaN
  if (missing !== undefined) {
    const leaf = weighLeaf(missing, draft.bins, row)
    if (leaf.items[drawPosition(leaf, () => true, random)] === 1) return NaN
  }
  const leaf = weighRuns(model, draft.bins, row)
  const drawn = drawNumber({ column: number, heaps: column.heaps, smoothing }, leaf, random)
  if (column.writable.length === 0 || rules.isAllowed(row, numberBin(number, drawn))) return drawn
  const other = drawState(column, rules, row, random)
  return number.edges[other - 1] ?? NaN
}

/** A state of the whole column that agrees with the row, or where there is none, any that may be written. */
function drawState({ counts, writable }: ColumnModel, rules: Rules, row: number, random: Random): number {
  const agreeing = counts.map((count, state) => (rules.isAllowed(row, state) ? count : 0))
  if (agreeing.some(count => count > 0)) return random.weighted(agreeing)
  return random.weighted(counts.map((count, state) => count * writable[state]!))
}

function writeRows(model: RecordsModel, made: SampleRequest & { draft: Draft }, random: Random): Row[] {
  const { fitted, columns } = model
  const { draft, conditions } = made
  const places = new Map(fitted.order.map((position, place) => [position, place]))
  const write = fitted.columns.map((column, position): ((row: number) => Value) => {
    if (column.kind === 'id') return () => newId(column, random)
    const place = places.get(position)!
    const held = conditions.get(place)
    if (held !== undefined) return () => held.value
    const learned = columns[place]!.column
    if (learned.kind === 'category') return row => learned.values[draft.codes[place]![row]!] ?? null
    return row => formatNumber(learned.form, draft.numbers[place]![row]!)
  })
  return Array.from({ length: draft.rows }, (_, row) =>
    Object.fromEntries(fitted.columns.map((column, position) => [column.name, write[position]!(row)])),
  )
}

/** A number above all real ones, or a text that begins as no real one does. */
function newId(column: IdColumn, random: Random): number | string {
  if (column.above !== undefined) return column.above + random.integer(1, 0x7fffffff)
  const digits = [0, 1, 2].map(() => random.integer(0, 0xffff).toString(16).padStart(4, '0'))
  return `${column.prefix}${digits.join('')}`
}
