import { type TracedRow, type Value, valueAt } from '../../data/row.ts'
import type { Column } from '../../data/schema.ts'
import { UserError } from '../../error.ts'
import { formOf, type NumberForm } from './form.ts'
import { pack } from './packed.ts'

/** What is kept of a column: plain data. */
export type RecordColumn = CategoryColumn | NumberColumn | IdColumn

export interface CategoryColumn {
  readonly kind: 'category'
  readonly name: string
  /** Values, most frequent first; the class of a missing value is their number. */
  readonly values: readonly Value[]
  readonly counts: readonly number[]
  readonly missing: number
  /** Values before this one are frequent enough to be written out. */
  readonly writable: number
}

export interface NumberColumn {
  readonly kind: 'number'
  readonly name: string
  readonly form: NumberForm
  readonly missing: number
  readonly present: number
  readonly minimum: number
  readonly maximum: number
  /** Upper bounds of the bins that trees split on; `exact` where each is one value. */
  readonly edges: readonly number[]
  readonly exact: boolean
  /** Rows in each bin; bin 0 holds the missing ones. */
  readonly binCounts: readonly number[]
  /** Few values, seen often: nothing between them is made up. */
  readonly discrete: boolean
  /** Values that may be written, ascending. */
  readonly table: readonly number[]
  /** 1 for each value of `table` that heaps: it is written as it is. */
  readonly heaps: string
}

export interface IdColumn {
  readonly kind: 'id'
  readonly name: string
  /** New numbers are above all real ones; new texts begin as no real one does. */
  readonly above?: number
  readonly prefix?: string
}

/** The rows of a learned column in numbers: bins for trees to split on, and what a tree predicts. */
export interface CodedColumn {
  readonly bins: Uint8Array
  /** Classes of a category; of a number the nearest place in `table`, or -1 where it is missing. */
  readonly codes: Int32Array
  /** Of a number: 1 where it is itself in `table` and may be written. */
  readonly writable?: Uint8Array
}

const MOST_BINS = 256
const NUMBER_BINS = 62
/** Rows per distinct value from which a number counts as discrete, and a text column as a category. */
const ROWS_PER_VALUE = 10

/** Learns one column; `coded` is left out for an id, which is not learned. Throws UserError on a value that does not fit its kind. */
export function learnColumn(
  column: Column,
  rows: readonly TracedRow[],
  rare: number,
): { column: RecordColumn; coded?: CodedColumn } {
  const values = rows.map(({ row }) => valueAt(row, column.name))
  switch (column.kind) {
    case 'id':
      return { column: learnId(column.name, values) }
    case 'integer':
    case 'real':
    case 'date':
      return learnNumber(column, rows, rare)
    case 'text':
      requireFewTexts(column.name, values)
      return learnCategory(column.name, values, rare)
    default:
      return learnCategory(column.name, values, rare)
  }
}

/** The bin that trees split a category on: those past the most frequent share one. */
export function categoryBin(column: CategoryColumn, code: number): number {
  return code === column.values.length ? 0 : Math.min(code + 1, MOST_BINS - 1)
}

/** The bin that trees split a number on; NaN is a missing one. */
export function numberBin(column: NumberColumn, value: number): number {
  if (Number.isNaN(value)) return 0
  return 1 + Math.min(lowerBound(column.edges, value), column.edges.length - 1)
}

/** How many bins a column has. */
export function binsOf(column: CategoryColumn | NumberColumn): number {
  return column.kind === 'category' ? Math.min(column.values.length + 1, MOST_BINS) : column.edges.length + 1
}

/** Place of the first item that is not below `value` in an ascending list, or in a part of it. */
export function lowerBound(list: ArrayLike<number>, value: number, start = 0, end = list.length): number {
  return firstPlace({ start, end }, place => list[place]! >= value)
}

/** The first place of a range from which on `isPast` holds, or its end. */
export function firstPlace(
  range: { readonly start: number; readonly end: number },
  isPast: (place: number) => boolean,
): number {
  let { start, end } = range
  while (start < end) {
    const middle = (start + end) >> 1
    if (isPast(middle)) end = middle
    else start = middle + 1
  }
  return start
}

function learnId(name: string, values: readonly Value[]): IdColumn {
  const numbers = values.filter(value => typeof value === 'number')
  const texts = values.filter(value => typeof value === 'string')
  if (texts.length === 0 && numbers.length > 0) {
    return { kind: 'id', name, above: Math.max(0, Math.floor(numbers.reduce((a, b) => Math.max(a, b)))) }
  }
  let prefix = 'synthetic-'
  while (texts.some(text => text.startsWith(prefix))) prefix += 'x-'
  return { kind: 'id', name, prefix }
}

function learnCategory(name: string, values: readonly Value[], rare: number) {
  const counts = new Map<Value, number>()
  for (const value of values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1)
  const sorted = [...counts].sort((a, b) => b[1] - a[1] || compareText(String(a[0]), String(b[0])))
  const places = new Map(sorted.map(([value], place) => [value, place]))
  const column: CategoryColumn = {
    kind: 'category',
    name,
    values: sorted.map(([value]) => value),
    counts: sorted.map(([, count]) => count),
    missing: values.reduce<number>((sum, value) => sum + (value === null ? 1 : 0), 0),
    writable: sorted.filter(([, count]) => count >= rare).length,
  }
  const codes = Int32Array.from(values, value => (value === null ? sorted.length : places.get(value)!))
  return { column, coded: { codes, bins: Uint8Array.from(codes, code => categoryBin(column, code)) } }
}

function learnNumber(source: Column, rows: readonly TracedRow[], rare: number) {
  const form = formOf(source, rows)
  const values = Float64Array.from(rows, row => form.read(row))
  const sorted = values.filter(value => !Number.isNaN(value)).sort()
  const { edges, exact } = learnEdges(sorted)
  const runs = runsOf(sorted)
  const discrete = isDiscrete(runs, sorted.length)
  const table = writableValues(sorted, runs, { rare, discrete })
  const base = {
    kind: 'number' as const,
    name: source.name,
    form: form.form,
    missing: values.length - sorted.length,
    present: sorted.length,
    minimum: sorted[0] ?? 0,
    maximum: sorted.at(-1) ?? 0,
    edges,
    exact,
    discrete,
    table,
    heaps: pack(findHeaps(table, runs, 10 ** -form.form.decimals)),
  }
  const bins = Uint8Array.from(values, value => numberBin({ ...base, binCounts: [] }, value))
  const binCounts = Array.from({ length: edges.length + 1 }, () => 0)
  for (const bin of bins) binCounts[bin]!++
  const codes = Int32Array.from(values, value =>
    Number.isNaN(value) ? -1 : Math.min(lowerBound(table, value), table.length - 1),
  )
  const writable = Uint8Array.from(values, (value, row) => (table[codes[row]!] === value ? 1 : 0))
  return { column: { ...base, binCounts } satisfies NumberColumn, coded: { bins, codes, writable } }
}

/** One bin for each value where there are few, otherwise bins of about equal counts. */
function learnEdges(sorted: Float64Array): { edges: number[]; exact: boolean } {
  const distinct = runsOf(sorted).values
  if (distinct.length <= NUMBER_BINS) return { edges: distinct, exact: true }
  const edges: number[] = []
  for (let bin = 1; bin <= NUMBER_BINS; bin++) {
    const edge = sorted[Math.ceil((bin * sorted.length) / NUMBER_BINS) - 1]!
    if (edge !== edges.at(-1)) edges.push(edge)
  }
  return { edges, exact: false }
}

/**
 * The values that may be written: none above the `rare`-th largest or below the `rare`-th smallest, and of a discrete
 * column none seen in fewer than `rare` rows. With too few rows for that, the median alone.
 */
function writableValues(
  sorted: Float64Array,
  runs: Runs,
  limits: { rare: number; discrete: boolean },
): number[] {
  if (sorted.length === 0) return []
  const low = sorted[limits.rare - 1]
  const high = sorted[sorted.length - limits.rare]
  if (low === undefined || high === undefined || low > high) return [sorted[sorted.length >> 1]!]
  const least = limits.discrete ? limits.rare : 1
  return runs.values.filter((value, at) => value >= low && value <= high && runs.counts[at]! >= least)
}

/** Ten rows for each value, the most frequent one left out: zeros do not make the amounts beside them discrete. */
function isDiscrete(runs: Runs, rows: number): boolean {
  let most = 0
  for (const count of runs.counts) most = Math.max(most, count)
  return (runs.values.length - 1) * ROWS_PER_VALUE <= rows - most
}

interface Runs {
  readonly values: number[]
  readonly counts: number[]
}

function runsOf(sorted: Float64Array): Runs {
  const values: number[] = []
  const counts: number[] = []
  for (const value of sorted) {
    if (value === values.at(-1)) counts[counts.length - 1]!++
    else {
      values.push(value)
      counts.push(1)
    }
  }
  return { values, counts }
}

/** A value heaps where it is seen at least five times, and thrice as often as the mean of the two beside it. */
function findHeaps(table: readonly number[], runs: Runs, unit: number): Uint8Array {
  const counts = new Map(runs.values.map((value, at) => [Math.round(value / unit), runs.counts[at]!]))
  return Uint8Array.from(table, value => {
    const place = Math.round(value / unit)
    const count = counts.get(place) ?? 0
    const beside = ((counts.get(place - 1) ?? 0) + (counts.get(place + 1) ?? 0)) / 2
    return count >= 5 && count >= 3 * beside ? 1 : 0
  })
}

function requireFewTexts(name: string, values: readonly Value[]): void {
  const present = values.filter(value => value !== null)
  const distinct = new Set(present).size
  if (distinct * ROWS_PER_VALUE <= present.length) return
  throw new UserError(
    `column '${name}' is free text (${distinct} different texts in ${present.length} rows): records learns tables, and could only copy it`,
    `drop the column from the source, declare it \`kind: category\` where its values may be repeated, or write its texts with rules`,
  )
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
