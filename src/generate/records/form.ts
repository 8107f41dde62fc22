import { type TracedRow, type Value, valueAt } from '../../data/row.ts'
import type { Column } from '../../data/schema.ts'
import { UserError } from '../../error.ts'

/** How the numbers of a column are written. Dates are learned as days, or as seconds where they carry a time. */
export interface NumberForm {
  readonly type: 'number' | 'date'
  /** Digits after the point. */
  readonly decimals: number
  /** Characters of the ISO text that are kept: 4 a year, 7 a month, 10 a day, 19 a second. */
  readonly length?: number
  readonly suffix?: string
}

const DAY = 86_400_000
const MOST_DECIMALS = 9

/** Finds the form of a column and how to read it. Reading gives NaN for missing and throws UserError for what does not fit. */
export function formOf(
  column: Column,
  rows: readonly TracedRow[],
): { form: NumberForm; read: (row: TracedRow) => number } {
  const form = column.kind === 'date' ? dateForm(column.name, rows) : numberForm(column, rows)
  return {
    form,
    read(row) {
      const value = valueAt(row.row, column.name)
      if (value === null) return NaN
      const number = parseNumber(form, value)
      if (number === undefined) {
        const kind = form.type === 'date' ? 'an ISO 8601 date' : 'a number'
        const shown = row.origin.share === 'local' ? 'a value' : `'${value}'`
        throw new UserError(
          `${row.id}: column '${column.name}' holds ${shown}, which is not ${kind}`,
          `correct the value, or declare the column as \`kind: category\``,
        )
      }
      return number
    },
  }
}

/** The number of a value, or undefined where it does not fit the form. A number may come as text. */
export function parseNumber(form: NumberForm, value: Value): number | undefined {
  if (form.type === 'date') {
    if (typeof value !== 'string') return undefined
    const time = parseTime(value)
    if (Number.isNaN(time)) return undefined
    return form.length === 19 ? Math.floor(time / 1000) : Math.floor(time / DAY)
  }
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}

/** The value of a number; NaN is a missing one. */
export function formatNumber(form: NumberForm, number: number): Value {
  if (Number.isNaN(number)) return null
  if (form.type === 'date') {
    const text = new Date(number * (form.length === 19 ? 1000 : DAY)).toISOString()
    return text.slice(0, form.length) + (form.suffix ?? '')
  }
  // Adding zero turns -0 into 0.
  return Number(number.toFixed(form.decimals)) + 0
}

function numberForm(column: Column, rows: readonly TracedRow[]): NumberForm {
  if (column.kind === 'integer') return { type: 'number', decimals: 0 }
  let decimals = column.decimals ?? 0
  if (column.decimals === undefined) {
    for (const { row } of rows) {
      const value = valueAt(row, column.name)
      if (typeof value === 'number') decimals = Math.max(decimals, decimalsOf(value))
    }
  }
  return { type: 'number', decimals: Math.min(decimals, MOST_DECIMALS) }
}

function decimalsOf(value: number): number {
  const [mantissa = '', exponent = '0'] = String(value).split('e')
  return Math.max(0, (mantissa.split('.')[1]?.length ?? 0) - Number(exponent))
}

function dateForm(name: string, rows: readonly TracedRow[]): NumberForm {
  let length = 0
  let suffix = ''
  for (const { row } of rows) {
    const value = valueAt(row, name)
    if (typeof value !== 'string') continue
    length = Math.max(length, value.length > 10 ? 19 : value.length)
    if (value.length > 10 && /(Z|[+-]\d\d:?\d\d)$/.test(value)) suffix = 'Z'
  }
  return { type: 'date', decimals: 0, length: [4, 7, 10, 19].find(known => known >= length) ?? 10, suffix }
}

/** Milliseconds since 1970; a time without a zone is taken as UTC, so that the machine's own zone does not matter. */
function parseTime(text: string): number {
  if (!/^\d{4}/.test(text)) return NaN
  if (text.length <= 10 || /(Z|[+-]\d\d:?\d\d)$/.test(text)) return Date.parse(text)
  return Date.parse(`${text.replace(' ', 'T')}Z`)
}
