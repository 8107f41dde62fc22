import type { Attributes } from '../data/example.ts'
import type { Value } from '../data/row.ts'
import { escapeHtml, type Html } from './html.ts'

/** How figures are written, in the report and in its three sentences. Every text has its sign, unit and precision. */

interface Interval {
  readonly low: number
  readonly high: number
}

/** Metrics that are no fractions: their scores and differences are in the answer's own unit. */
const ownUnit: ReadonlySet<string> = new Set(['mean-absolute-error'])

const metricNames: Readonly<Record<string, string>> = {
  'macro-f1': 'macro-F1',
  'field-f1': 'field F1',
  'token-f1': 'token F1',
  'exact-match': 'exact match',
  'mean-absolute-error': 'mean absolute error',
}

export function metricText(metric: string): string {
  return metricNames[metric] ?? metric
}

/** True where scores are fractions, which are shown as points of a hundred. */
export function hasPoints(metric: string): boolean {
  return !ownUnit.has(metric)
}

/** What a score is multiplied by to be drawn. */
export function scaleOf(metric: string): number {
  return hasPoints(metric) ? 100 : 1
}

/** A score: points of a hundred with one decimal, or the number with three digits. */
export function scoreText(metric: string, score: number): string {
  return hasPoints(metric) ? fixed(100 * score, 1) : digits(score)
}

/** A difference of scores, with its sign: `+6.1`, `−0.4`, `0.0`. */
export function differenceText(metric: string, difference: number): string {
  const text = scoreText(metric, difference)
  return difference > 0 && /[1-9]/.test(text) ? `+${text}` : text
}

/** `1.9 to 10.3`. */
export function intervalText(metric: string, interval: Interval): string {
  return `${scoreText(metric, interval.low)} to ${scoreText(metric, interval.high)}`
}

/** `point` or `points`, where the metric has them. */
export function unitText(metric: string, difference: number): string {
  if (!hasPoints(metric)) return ''
  return fixed(Math.abs(100 * difference), 1) === '1.0' ? 'point' : 'points'
}

/** A share in per cent: `33 %`, `0.4 %`; whole where it is ten or more. */
export function shareText(share: number): string {
  const percent = 100 * share
  return `${fixed(percent, Math.abs(percent) >= 9.95 || percent === 0 ? 0 : 1)} %`
}

/** A whole number with commas between thousands. */
export function countText(count: number): string {
  return count.toLocaleString('en-US')
}

/** `1 example`, `20 examples`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`
}

/** A p-value: `0.012`, `< 0.001`. */
export function probabilityText(p: number): string {
  return p < 0.001 ? '< 0.001' : p.toFixed(3)
}

/** `0.8 s`, `12 s`, `3 min 5 s`, `2 h 10 min`. */
export function durationText(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600)
    return whole % 60 === 0 ? `${whole / 60} min` : `${Math.floor(whole / 60)} min ${whole % 60} s`
  const minutes = Math.round(whole / 60)
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** Bytes as megabytes or gigabytes of 1,000. */
export function memoryText(bytes: number): string {
  return bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`
}

export function valueText(value: Value): string {
  if (value === null) return 'missing'
  return value === '' ? 'empty text' : String(value)
}

/** `damage = Substantial, phase = Climb`; the empty cell is `any`. */
export function cellText(cell: Attributes): string {
  const parts = Object.entries(cell).map(([name, value]) => `${name} = ${valueText(value)}`)
  return parts.length === 0 ? 'any' : parts.join(', ')
}

/** A number with `places` decimals, a true minus sign and no negative zero. */
export function fixed(number: number, places: number): string {
  const text = number.toFixed(places)
  return /[1-9]/.test(text) ? text.replace('-', '−') : text.replace('-', '')
}

/** A number with about three digits. */
function digits(number: number): string {
  if (Math.abs(number) >= 1000) return countText(Math.round(number)).replace('-', '−')
  return String(Number(number.toPrecision(3))).replace('-', '−')
}

/** A sentence as it is set in the page: quotation marks curled, figures and names of metrics kept on one line. */
export function proseHtml(text: string): Html {
  const curled = text.replaceAll(/"([^"]*)"/g, '\u201c$1\u201d').replaceAll(' %', '\u00a0%')
  return {
    markup: escapeHtml(curled).replaceAll(
      /\b\w+-F1\b|[−\d][\d.,]* to [−\d][\d.,]*\d/g,
      '<span class="unbroken">$&</span>',
    ),
  }
}
