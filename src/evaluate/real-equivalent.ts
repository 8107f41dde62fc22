import { normalQuantile } from '../stats/distributions.ts'
import { fitPowerLaw, forecastError, type PowerLaw, sizeOf } from '../stats/power-law.ts'
import { type CurveArm, judgeCurve, type JudgedCurve } from './curve-errors.ts'
import type { Regime } from './measure.ts'
import { directionOf, type Metric } from './metric.ts'
import type { Outcome } from './outcome.ts'

export interface CurvePoint {
  readonly examples: number
  readonly score: number
  readonly interval: readonly [number, number]
}

/** How many real examples the synthetic ones of one arm stood in for. */
export interface RealEquivalent {
  /** Real examples that all arms had. */
  readonly real: number
  /** The arm without synthetic examples on growing parts of the real ones, by held-out items. */
  readonly points: readonly CurvePoint[]
  /** The power law through them, on to `farthest` times the real examples; empty where none is drawn. */
  readonly law: readonly CurvePoint[]
  readonly armScore: number
  readonly armInterval: readonly [number, number]
  /**
   * Further real examples that would have done as much; below 0 where fewer than the present ones do. A figure at an
   * end of `reach` may lie beyond it. Null where it cannot be told; `why` then says why not.
   */
  readonly worth: { readonly value: number; readonly low: number; readonly high: number } | null
  readonly reach: { readonly low: number; readonly high: number }
  readonly why: string | null
}

/** More than this many times the real examples is beyond what a curve through parts of them can say. */
const farthest = 4
const steps = 12

/**
 * The number of real examples at which the real curve reaches the mixed arm's score, less those there are: a power law
 * through the held-out scores of growing parts of the real examples (`fitPowerLaw`), and where it meets the mixed arm
 * (`sizeOf`). The interval holds 95 %: it carries what the curve, its shape and the mixed arm are unsure by, items
 * paired. bench/real-equivalent.ts measures how often it holds. The curve's points rise in size; the last is the rival.
 */
export function measureEquivalent(given: {
  readonly metric: Metric
  readonly curve: readonly CurveArm[]
  readonly mixed: readonly Outcome[]
  readonly regime: Regime
}): RealEquivalent {
  const { metric, curve } = given
  const judged = judgeCurve(given)
  const real = Math.round(curve.at(-1)!.examples)
  const first = judged.sizes[0]!
  const pointOf = pointMaker(metric)
  const reach = { low: Math.round(first) - real, high: (farthest - 1) * real }
  const found = {
    real,
    points: judged.sizes.map((size, index) => pointOf(size, judged.errors[index]!, spreadOf(judged, index))),
    armScore: scoreOf(metric, judged.other.error),
    armInterval: pointOf(real, judged.other.error, Math.sqrt(judged.other.variance)).interval,
    reach,
  }
  const doubt = doubtOf(metric, judged)
  if (doubt !== null) return { ...found, law: [], worth: null, why: doubt }
  const power = fitPowerLaw(judged)
  const law = drawLaw(metric, power, [first, farthest * real])
  const { value, interval } = sizeOf(power, { bounds: [first, farthest * real] })
  const [low, middle, high] = [interval[0], value, interval[1]].map(size =>
    size === 0 ? reach.low : size === Infinity ? reach.high : Math.round(size) - real,
  ) as [number, number, number]
  if (low === reach.low && high === reach.high)
    return { ...found, law, worth: null, why: 'the curve and the mixed arm are too unsure to be compared' }
  return { ...found, law, worth: { value: middle, low, high }, why: null }
}

function spreadOf({ covariance, sizes }: JudgedCurve, index: number): number {
  return Math.sqrt(covariance[index * sizes.length + index]!)
}

function scoreOf(metric: Metric, error: number): number {
  return directionOf(metric) === 1 ? 1 - error : error
}

function pointMaker(metric: Metric) {
  return (size: number, error: number, deviation: number): CurvePoint => {
    const half = normalQuantile(0.975) * deviation
    const ends = [error - half, error + half].map(each => scoreOf(metric, each))
    return {
      examples: Math.round(size),
      score: scoreOf(metric, error),
      interval: [Math.min(...ends), Math.max(...ends)],
    }
  }
}

function drawLaw(
  metric: Metric,
  law: PowerLaw,
  [from, to]: readonly [number, number],
): readonly CurvePoint[] {
  return Array.from({ length: steps + 1 }, (_, index) => {
    const size = from * (to / from) ** (index / steps)
    const { value, interval } = forecastError(law, size)
    const ends = interval.map(each => scoreOf(metric, each))
    return {
      examples: Math.round(size),
      score: scoreOf(metric, value),
      interval: [Math.min(...ends), Math.max(...ends)],
    }
  })
}

/** Why nothing is read off the curve; null where it is. */
function doubtOf(metric: Metric, { sizes, errors, covariance }: JudgedCurve): string | null {
  const last = sizes.length - 1
  if (sizes.length < 3) return 'there are too few real examples to train on parts of them'
  const rise = errors[0]! - errors[last]!
  const variance = covariance[0]! + covariance.at(-1)! - 2 * covariance[last]!
  const half = normalQuantile(0.975) * Math.sqrt(Math.max(0, variance))
  if (rise > half) return null
  if (Math.abs(rise) < 1e-3) return 'the score hardly changed with the number of real examples'
  const [from, to] = [Math.round(sizes[0]!), Math.round(sizes[last]!)]
  const points = metric.name === 'mean-absolute-error' ? 1 : 100
  const [change, doubt] = [rise, half].map(each => (points * each).toFixed(1).replace('-', '−'))
  return `from ${from} to ${to} real examples the score got better by ${change} ± ${doubt}${points === 100 ? ' points' : ''}, which may be chance`
}
