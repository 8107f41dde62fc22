import { UserError } from '../error.ts'
import {
  type DateNotation,
  dateNotation,
  isMissing,
  type NumberNotation,
  numberNotation,
  parseBoolean,
  parseDate,
  parseNumber,
} from './notation.ts'
import { type Row, type TracedRow, type Value, valueAt } from './row.ts'

export type ColumnKind = 'category' | 'integer' | 'real' | 'date' | 'boolean' | 'text' | 'id'

export interface Column {
  readonly name: string
  readonly kind: ColumnKind
  /** Number of missing values among the rows the schema was inferred from. */
  readonly missing: number
  /** Distinct values as text, most frequent first; for `category` and `boolean` only. */
  readonly values?: readonly string[]
  /** For `integer` and `real`, and as ISO text for `date`. */
  readonly minimum?: number | string
  readonly maximum?: number | string
  /** Most digits after the point seen; for `real`. */
  readonly decimals?: number
  /** How its text is to be read; for `integer`, `real` and `date`. */
  readonly notation?: NumberNotation | DateNotation
}

export interface Schema {
  readonly rows: number
  readonly columns: readonly Column[]
}

/** Kinds that the project file gives; the others are inferred. */
export type KindOverrides = Readonly<Record<string, { readonly kind?: ColumnKind | undefined }>>

/**
 * What the columns of rows are, in order of their first appearance. Values that stand for missing ones (`isMissing`) are
 * left out; the first of these that all others fit is taken:
 * - `boolean`: true and false, however capitalised. Yes and no, 0 and 1 are not, unless declared.
 * - `integer`, `real`: numbers in one notation, `1,234.5` and `1.234,5` included. Codes are not: a leading zero, a
 *   leading plus, more than 15 digits. Integers are an `id` where all differ and the column is called one, or they
 *   count up without a gap over twenty rows or more.
 * - `date`: ISO 8601, day first or month first, where the column itself decides which.
 * - `id`: single words that all differ, where the column is called one, or each holds a digit, over twenty rows or more.
 * - `category`: each value twice or more on average and six words or fewer; single words where any two are equal.
 * - `text`: all else, and columns without a value.
 * An override takes the place of this. Throws `UserError` where a declared date can be read two ways.
 */
export function inferSchema(rows: readonly TracedRow[], overrides: KindOverrides = {}): Schema {
  const names = new Set<string>()
  for (const { row } of rows) for (const name of Object.keys(row)) names.add(name)
  const columns = [...names].map(name => {
    const values = rows.map(({ row }) => valueAt(row, name))
    const declared = Object.hasOwn(overrides, name) ? overrides[name]?.kind : undefined
    return describeColumn(name, declared ?? inferKind(name, values), values)
  })
  return { rows: rows.length, columns }
}

/**
 * Rows with the schema's columns in its order and values of their kinds: numbers, booleans, dates as ISO text, all else
 * as text; missing ones as `null`. Columns that the schema lacks are left out.
 * Throws `UserError` naming source, record and column where a value is not of its kind.
 */
export function conformRows(rows: readonly TracedRow[], schema: Schema): TracedRow[] {
  return rows.map(traced => {
    const entries = schema.columns.map((column): [string, Value] => {
      const value = valueAt(traced.row, column.name)
      const typed = conformValue(value, column)
      if (typed === undefined) throw misfit(traced, column, value)
      return [column.name, typed]
    })
    return { ...traced, row: Object.fromEntries(entries) satisfies Row }
  })
}

function inferKind(name: string, values: readonly Value[]): ColumnKind {
  const present = values.filter(value => !isMissing(value))
  if (present.length === 0) return 'text'
  if (present.every(value => typeof value === 'boolean' || /^(?:true|false)$/i.test(String(value))))
    return 'boolean'
  const texts = [...new Set(present)].filter(value => typeof value === 'string')
  const notation = present.some(value => typeof value === 'boolean') ? undefined : numberNotation(texts)
  if (notation !== undefined) return inferNumberKind(name, present, notation)
  const onlyText = present.every(value => typeof value === 'string')
  const dates = onlyText ? dateNotation(texts) : undefined
  if (dates !== undefined && dates !== 'ambiguous') return 'date'
  return inferTextKind(name, present.map(String))
}

function inferNumberKind(name: string, present: readonly Value[], notation: NumberNotation): ColumnKind {
  const numbers = present.map(value =>
    typeof value === 'number' ? value : parseNumber(String(value), notation)!,
  )
  if (!numbers.every(Number.isInteger)) return 'real'
  const countsUp = numbers.length >= 20 && numbers.every((number, index) => number === numbers[0]! + index)
  return countsUp || (isCalledId(name) && allDiffer(numbers)) ? 'id' : 'integer'
}

function inferTextKind(name: string, texts: readonly string[]): ColumnKind {
  const distinct = new Set(texts)
  const oneWord = texts.every(text => text.length <= 64 && !/\s/.test(text.trim()))
  if (oneWord && allDiffer(texts)) {
    if (isCalledId(name) || (texts.length >= 20 && texts.every(text => /\d/.test(text)))) return 'id'
  }
  const few = distinct.size <= texts.length / 2 || (oneWord && distinct.size < texts.length)
  return few && meanWords(distinct) <= 6 ? 'category' : 'text'
}

function isCalledId(name: string): boolean {
  return (
    /(?:^|[^a-z])(?:id|uuid|guid|key|identifier)$/i.test(name.trim()) || /[a-z](?:Id|ID)$/.test(name.trim())
  )
}

function allDiffer(values: readonly unknown[]): boolean {
  return values.length > 1 && new Set(values).size === values.length
}

function meanWords(texts: ReadonlySet<string>): number {
  let words = 0
  for (const text of texts) words += text.trim().split(/\s+/).length
  return words / texts.size
}

function describeColumn(name: string, kind: ColumnKind, values: readonly Value[]): Column {
  const missing = values.filter(value => isMissingIn(kind, value)).length
  const present = values.filter(value => !isMissingIn(kind, value))
  switch (kind) {
    case 'id':
    case 'text':
      return { name, kind, missing }
    case 'category':
    case 'boolean':
      return { name, kind, missing, values: mostFrequent(present.map(value => textOf(kind, value))) }
    case 'integer':
    case 'real':
      return describeNumbers({ name, kind, missing }, present)
    case 'date':
      return describeDates({ name, kind, missing }, present)
  }
}

/** In text, only nothing is missing: a question mark may be all that somebody said. */
function isMissingIn(kind: ColumnKind, value: Value): boolean {
  return kind === 'text' ? value === null || value === '' : isMissing(value)
}

function textOf(kind: ColumnKind, value: Value): string {
  return kind === 'boolean' ? String(parseBoolean(value) ?? value) : String(value)
}

function mostFrequent(texts: readonly string[]): readonly string[] {
  const counts = new Map<string, number>()
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1)
  return [...counts].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([text]) => text)
}

type Described = Pick<Column, 'name' | 'kind' | 'missing'>

function describeNumbers(column: Described, present: readonly Value[]): Column {
  const texts = [...new Set(present)].filter(value => typeof value === 'string')
  const notation =
    numberNotation(texts) ??
    mostFitting(['plain', 'thousands-comma', 'decimal-comma'] as const, texts, parseNumber)
  let minimum = Infinity
  let maximum = -Infinity
  let decimals = 0
  for (const value of present) {
    const number = typeof value === 'number' ? value : parseNumber(String(value), notation)
    if (number === undefined) continue
    minimum = Math.min(minimum, number)
    maximum = Math.max(maximum, number)
    decimals = Math.max(decimals, decimalsOf(number))
  }
  if (minimum > maximum) return { ...column, notation }
  return { ...column, minimum, maximum, ...(column.kind === 'real' ? { decimals } : {}), notation }
}

function describeDates(column: Described, present: readonly Value[]): Column {
  const texts = [...new Set(present.map(String))]
  const found = dateNotation(texts)
  if (found === 'ambiguous') {
    throw new UserError(
      `Column ${JSON.stringify(column.name)} is declared a date, but day and month of every value could be exchanged`,
      'Write its dates as YYYY-MM-DD.',
    )
  }
  const notation = found ?? mostFitting(['year-first', 'day-first', 'month-first'] as const, texts, parseDate)
  const dates = texts.flatMap(text => parseDate(text, notation) ?? []).toSorted()
  const [minimum, maximum] = [dates[0], dates.at(-1)]
  if (minimum === undefined || maximum === undefined) return { ...column, notation }
  return { ...column, minimum, maximum, notation }
}

/** For a declared kind that not all values have: the notation that most of them have. */
function mostFitting<N>(
  notations: readonly [N, ...N[]],
  texts: readonly string[],
  parse: (text: string, notation: N) => unknown,
): N {
  const fitting = (notation: N): number => texts.filter(text => parse(text, notation) !== undefined).length
  return notations.reduce(
    (best, notation) => (fitting(notation) > fitting(best) ? notation : best),
    notations[0],
  )
}

/** Digits after the point in the shortest text of a number. */
function decimalsOf(number: number): number {
  const [digits = '', exponent = '0'] = String(number).split('e')
  return Math.max(0, (digits.split('.')[1]?.length ?? 0) - Number(exponent))
}

function conformValue(value: Value, { kind, notation }: Column): Value | undefined {
  if (isMissingIn(kind, value)) return null
  switch (kind) {
    case 'integer':
    case 'real': {
      const number =
        typeof value === 'number' ? value : parseNumber(String(value), notation as NumberNotation)
      return kind === 'integer' && !Number.isInteger(number) ? undefined : number
    }
    case 'date':
      return parseDate(String(value), notation as DateNotation) ?? parseDate(String(value), 'year-first')
    case 'boolean':
      return parseBoolean(value)
    case 'category':
    case 'text':
    case 'id':
      return String(value)
  }
}

function misfit({ origin, id }: TracedRow, column: Column, value: Value): UserError {
  const place = origin.kind === 'real' ? `Source ${origin.source}, record ${origin.number}` : `Row ${id}`
  // Local values are never quoted, in errors neither.
  const shown = origin.share === 'local' ? 'its value' : JSON.stringify(value)
  return new UserError(
    `${place}: in column ${JSON.stringify(column.name)}, ${shown} is not ${articles[column.kind]}`,
    `Correct the value, leave it empty, or set the column's kind to text or category in the project file.`,
  )
}

const articles: Readonly<Record<ColumnKind, string>> = {
  category: 'a category',
  integer: 'an integer',
  real: 'a number',
  date: 'a date of the calendar',
  boolean: 'true or false',
  text: 'text',
  id: 'an id',
}
