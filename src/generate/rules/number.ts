import type { Random } from '../../data/random.ts'
import type { NumberOptions } from './options.ts'

/** Redraws of a normal number before it is moved to the nearer limit. */
const redraws = 100

/** The first and last multiple of the step within the limits, as factors of the step. */
export function multiplesOf({ minimum, maximum, step }: NumberOptions): {
  readonly first: number
  readonly last: number
} {
  const slack = 1e-9
  return { first: Math.ceil(minimum / step - slack), last: Math.floor(maximum / step + slack) }
}

/** A multiple of the step within the limits: normal, cut at them, where a mean is given; else each equally likely. */
export function drawNumber(options: NumberOptions, random: Random): number {
  const { first, last } = multiplesOf(options)
  const { mean, deviation, step } = options
  if (mean === undefined || deviation === undefined) return multiple(random.integer(first, last), step)
  let factor = Math.round(random.normal(mean, deviation) / step)
  for (let redraw = 0; redraw < redraws && (factor < first || factor > last); redraw++) {
    factor = Math.round(random.normal(mean, deviation) / step)
  }
  return multiple(Math.min(last, Math.max(first, factor)), step)
}

/** Whether a number is one that `drawNumber` can give. */
export function isDrawable(value: number, options: NumberOptions): boolean {
  const { first, last } = multiplesOf(options)
  const factor = Math.round(value / options.step)
  return factor >= first && factor <= last && multiple(factor, options.step) === value
}

/** factor x step without the error of binary fractions: 3 x 0.1 is 0.3. */
function multiple(factor: number, step: number): number {
  return Number((factor * step).toPrecision(12))
}
