import type { Value } from './row.ts'

/** How the numbers of a column are written: `1234.5`, `1,234.5` or `1.234,5`. */
export type NumberNotation = 'plain' | 'thousands-comma' | 'decimal-comma'

/** How the dates of a column are written; a dot as separator always means day first. */
export type DateNotation = 'year-first' | 'day-first' | 'month-first'

const markers = new Set(['', 'NA', 'N/A', 'n/a', '#N/A', 'NaN', 'nan', 'null', 'NULL', '?'])

/**
 * Whether a value stands for a missing one: `null`, nothing but spaces, or one of `NA N/A n/a #N/A NaN nan null NULL ?`.
 * `None` does not: data use it as a value (no damage).
 */
export function isMissing(value: Value): boolean {
  return value === null || (typeof value === 'string' && markers.has(value.trim()))
}

const numbers: Readonly<Record<NumberNotation, RegExp>> = {
  plain: /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/,
  'thousands-comma': /^[+-]?(?:[1-9]\d{0,2}(?:,\d{3})+|\d+)(?:\.\d+)?$/,
  'decimal-comma': /^[+-]?(?:[1-9]\d{0,2}(?:\.\d{3})+|\d+)(?:,\d+)?$/,
}

/** The number a text writes, or undefined where it writes none in that notation. */
export function parseNumber(text: string, notation: NumberNotation): number | undefined {
  const trimmed = text.trim()
  if (!numbers[notation].test(trimmed)) return undefined
  if (notation === 'plain') return Number(trimmed)
  if (notation === 'thousands-comma') return Number(trimmed.replaceAll(',', ''))
  return Number(trimmed.replaceAll('.', '').replace(',', '.'))
}

/** Codes look like numbers and are none: a leading zero or plus, or more digits than a double holds. */
function isCode(text: string): boolean {
  return /^[+-]?0\d|^\+|\d{16}/.test(text.trim()) && !text.includes('.')
}

/**
 * The notation in which all of the texts are numbers, or undefined where there is none. A comma before exactly three
 * digits throughout separates thousands; a decimal comma is taken only where some value rules that out.
 */
export function numberNotation(texts: readonly string[]): NumberNotation | undefined {
  if (texts.some(isCode)) return undefined
  return (['plain', 'thousands-comma', 'decimal-comma'] as const).find(notation =>
    texts.every(text => parseNumber(text, notation) !== undefined),
  )
}

const yearFirst = /^(\d{4})([-/])(\d{1,2})\2(\d{1,2})(.*)$/
const yearLast = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(.*)$/
const time = /^[T ](\d{1,2}):(\d{2})(?::(\d{2})(\.\d+)?)?\s?(Z|[+-]\d{2}(?::?\d{2})?)?$/

/** The date (and time, where there is one) a text writes, as ISO 8601; undefined where it writes none in that notation. */
export function parseDate(text: string, notation: DateNotation): string | undefined {
  const found = (notation === 'year-first' ? yearFirst : yearLast).exec(text.trim())
  if (found === null) return undefined
  const [, first, separator, second, third, rest] = found as unknown as [
    string,
    string,
    string,
    string,
    string,
    string,
  ]
  if (notation === 'month-first' && separator === '.') return undefined
  const [year, month, day] =
    notation === 'year-first'
      ? [first, second, third]
      : notation === 'day-first'
        ? [third, second, first]
        : [third, first, second]
  if (!isCalendarDate(Number(year), Number(month), Number(day))) return undefined
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  if (rest === '') return date
  const clock = isoTime(rest)
  return clock === undefined ? undefined : `${date}T${clock}`
}

function isCalendarDate(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1 || year < 1) return false
  return day <= new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate()
}

function isoTime(text: string): string | undefined {
  const found = time.exec(text)
  if (found === null) return undefined
  const [, hour, minute, second = '00', fraction = '', zone = ''] = found as unknown as [
    string,
    string,
    string,
    string?,
  ]
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined
  return `${hour.padStart(2, '0')}:${minute}:${second}${fraction}${zone}`
}

/**
 * The notation in which all of the texts are dates, or undefined where there is none; `ambiguous` where the day and the
 * month could be exchanged in every one of them.
 */
export function dateNotation(texts: readonly string[]): DateNotation | 'ambiguous' | undefined {
  const all = (notation: DateNotation): boolean =>
    texts.every(text => parseDate(text, notation) !== undefined)
  if (all('year-first')) return 'year-first'
  const dayFirst = all('day-first')
  const monthFirst = all('month-first')
  if (dayFirst && monthFirst) return 'ambiguous'
  if (dayFirst) return 'day-first'
  return monthFirst ? 'month-first' : undefined
}

const truths: Readonly<Record<string, boolean>> = {
  true: true,
  false: false,
  yes: true,
  no: false,
  y: true,
  n: false,
  t: true,
  f: false,
  1: true,
  0: false,
}

/** The truth value a value writes where a column is declared boolean: true/false, yes/no, y/n, t/f, 1/0. */
export function parseBoolean(value: Value): boolean | undefined {
  const text = String(value).trim().toLowerCase()
  return Object.hasOwn(truths, text) ? truths[text] : undefined
}
