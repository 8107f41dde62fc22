import { cholesky, dot, solveLower } from './cholesky.ts'
import { normalCdf, normalQuantile } from './distributions.ts'

/** Errors of a learner at some sizes of its training set, and how surely they are known. */
export interface CurveErrors {
  /** Training examples, rising, > 0; three sizes or more. */
  readonly sizes: readonly number[]
  /** The mean error at each, >= 0. */
  readonly errors: readonly number[]
  /** Row-major sizes x sizes: how the errors vary together. */
  readonly covariance: readonly number[]
  /** A learner that is no part of the curve, for `sizeOf`: its error, with its variance and covariance with each of the errors. */
  readonly other?: {
    readonly error: number
    readonly variance: number
    readonly covariance: readonly number[]
  }
}

/** One power law among those that the errors allow: e · (k + (1 − k) (size / reference)^−b). */
interface Candidate {
  /** Share of the error at the reference size that no number of examples removes, in [0, 1). */
  readonly floor: number
  readonly exponent: number
  /** Error at the reference size, and its variance given floor and exponent. */
  readonly error: number
  readonly variance: number
  /** Probability given the errors; all sum to 1. */
  readonly weight: number
  /** By how much the other learner's error rises where the error at the reference size is 1 higher than it seems. */
  readonly lean: number
}

/** The power laws error = a · size^−b + c that the errors allow, with their probabilities. */
export interface PowerLaw {
  /** The largest size that was fitted. */
  readonly reference: number
  readonly candidates: readonly Candidate[]
  /** The other learner's error, less what it leans on the curve's: independent of it. Null where there is none. */
  readonly other: { readonly rest: number; readonly variance: number } | null
}

interface Forecast {
  readonly value: number
  readonly interval: readonly [number, number]
}

/** Floors 0, 1/40, … of the last error. Before anything is seen a floor k has the density 3 (1 − k)²: high ones are rare. */
const floors = 40
const floorDoubt = 2
/** Exponents from 0.1 to 2, evenly in their logarithm. Before anything is seen, ln b is normal around ln 0.6. */
const exponents = 60
const usualExponent = 0.6
const exponentSpread = 0.5
/**
 * No learner follows a power law to the letter: relative to the error, by so much at each size, and by so much more for
 * each doubling beyond the largest. This and what is assumed before anything is seen were chosen on SNIPS and on other
 * draws of BANKING77 than bench/learning-curve.ts judges.
 */
const misfit = 0.02
const drift = 0.05

/**
 * Fits a power law with a floor (Cortes et al. 1994; Hestness et al. 2017) by weighting every pair of floor and exponent
 * on a grid with its probability, the error at the largest size integrated out: generalised least squares, so that errors
 * measured on the same items count for as much as they say. Few or noisy errors leave many power laws, and a forecast
 * is as wide as they lie apart. Throws a RangeError with fewer than three sizes.
 */
export function fitPowerLaw({ sizes, errors, covariance, other }: CurveErrors): PowerLaw {
  if (sizes.length < 3) throw new RangeError(`fitPowerLaw: ${sizes.length} sizes`)
  const reference = sizes.at(-1)!
  const noisy = covariance.map((value, index) => {
    const row = Math.floor(index / sizes.length)
    return row === index % sizes.length ? value + (misfit * errors[row]!) ** 2 + 1e-12 : value
  })
  const root = cholesky(noisy, sizes.length)
  const target = solveLower(root, errors)
  const shared = solveLower(root, other?.covariance ?? sizes.map(() => 0))
  const fits = Array.from({ length: floors * exponents }, (_, index) => {
    const floor = Math.floor(index / exponents) / floors
    const exponent = 0.1 * 20 ** ((index % exponents) / (exponents - 1))
    const shape = solveLower(
      root,
      sizes.map(size => floor + (1 - floor) * (size / reference) ** -exponent),
    )
    const variance = 1 / dot(shape, shape)
    const error = dot(shape, target) * variance
    const residual = dot(target, target) - error ** 2 / variance
    const prior =
      Math.log(exponent / usualExponent) ** 2 / exponentSpread ** 2 - 2 * floorDoubt * Math.log(1 - floor)
    return {
      floor,
      exponent,
      error,
      variance,
      lean: dot(shared, shape),
      score: Math.log(variance) - residual - prior,
    }
  })
  const best = Math.max(...fits.map(({ score }) => score))
  const total = fits.reduce((sum, { score }) => sum + Math.exp((score - best) / 2), 0)
  return {
    reference,
    candidates: fits.map(({ score, ...fit }) => ({ ...fit, weight: Math.exp((score - best) / 2) / total })),
    other: other
      ? {
          rest: other.error - dot(shared, target),
          variance: Math.max(0, other.variance - dot(shared, shared)),
        }
      : null,
  }
}

/**
 * The mean error to expect of training sets of `size`: the middle of what the power laws say, and the interval that holds
 * `level` of it. Errors are never below 0.
 */
export function forecastError(law: PowerLaw, size: number, level = 0.95): Forecast {
  const beyond = Math.max(0, Math.log2(size / law.reference))
  const parts = likely(law).map(({ floor, exponent, error, variance, weight }) => {
    const shape = floor + (1 - floor) * (size / law.reference) ** -exponent
    const mean = error * shape
    const spread = variance * shape ** 2 + (drift * beyond * mean) ** 2
    return { mean, deviation: Math.sqrt(spread), weight }
  })
  const at = (probability: number): number => Math.max(0, quantile(parts, probability))
  return { value: at(0.5), interval: [at((1 - level) / 2), at((1 + level) / 2)] }
}

/**
 * How many examples it takes, from `size` on, to lower the error by `reduction`: by each power law, half of them (by
 * their probability) with fewer than `value`. Infinity where the floors are in the way.
 */
export function examplesFor(law: PowerLaw, size: number, reduction: number, level = 0.95): Forecast {
  const needs = likely(law)
    .flatMap(({ floor, exponent, error: middle, variance, weight }) =>
      fifths.map(deviations => {
        const error = middle + deviations * Math.sqrt(variance)
        const now = error * (floor + (1 - floor) * (size / law.reference) ** -exponent)
        const left = ((now - reduction) / error - floor) / (1 - floor)
        const need = left > 0 ? law.reference * left ** (-1 / exponent) - size : Infinity
        return { need, weight: weight / fifths.length }
      }),
    )
    .toSorted((a, b) => a.need - b.need)
  const at = (probability: number): number => {
    let sum = 0
    return needs.find(({ weight }) => (sum += weight) >= probability)?.need ?? Infinity
  }
  return { value: at(0.5), interval: [at((1 - level) / 2), at((1 + level) / 2)] }
}

/**
 * The size at which the curve comes down to the other learner's error. Given floor and exponent both errors are jointly
 * normal (generalised least squares, the other's own mean unknown), so whether the curve is below the other's error at a size
 * is the sign of one normal variable (Fieller 1954); the answer is the quantile, over all power laws, of the size at which
 * it turns. `bounds` are the sizes looked between: a quantile that lies beyond one is 0 or Infinity.
 */
export function sizeOf(
  law: PowerLaw,
  { bounds, level = 0.95 }: { readonly bounds: readonly [number, number]; readonly level?: number },
): Forecast {
  const { other } = law
  if (other === null) throw new RangeError('sizeOf: the power law was fitted without another learner')
  const parts = likely(law)
  const reached = (size: number): number => {
    const beyond = Math.max(0, Math.log2(size / law.reference))
    return parts.reduce((sum, { floor, exponent, error, variance, lean, weight }) => {
      const shape = floor + (1 - floor) * (size / law.reference) ** -exponent
      const above = other.rest + error * (lean - shape)
      const spread = other.variance + variance * (lean - shape) ** 2 + (drift * beyond * error * shape) ** 2
      return sum + weight * (spread > 0 ? normalCdf(above / Math.sqrt(spread)) : Number(above >= 0))
    }, 0)
  }
  const total = parts.reduce((sum, { weight }) => sum + weight, 0)
  const at = (probability: number): number => {
    let [low, high] = [Math.log(bounds[0]), Math.log(bounds[1])]
    if (reached(bounds[0]) >= probability * total) return 0
    if (reached(bounds[1]) < probability * total) return Infinity
    for (let step = 0; step < 40; step++) {
      const middle = (low + high) / 2
      if (reached(Math.exp(middle)) < probability * total) low = middle
      else high = middle
    }
    return Math.exp((low + high) / 2)
  }
  return { value: at(0.5), interval: [at((1 - level) / 2), at((1 + level) / 2)] }
}

/** The rate at which more examples help: the mean of the exponents, by their probability. */
export function meanExponent(law: PowerLaw): number {
  return law.candidates.reduce((sum, { exponent, weight }) => sum + exponent * weight, 0)
}

/** The candidates but for those that together have hardly a thousandth of the weight. */
function likely({ candidates }: PowerLaw): readonly Candidate[] {
  return candidates.filter(({ weight }) => weight > 1e-3 / candidates.length)
}

/** The middles of the five equally probable parts of a normal distribution. */
const fifths = [0.1, 0.3, 0.5, 0.7, 0.9].map(normalQuantile)

interface Part {
  readonly mean: number
  readonly deviation: number
  readonly weight: number
}

/** The quantile of a mixture of normal distributions, by halving. */
function quantile(parts: readonly Part[], probability: number): number {
  let low = Math.min(...parts.map(({ mean, deviation }) => mean - 9 * deviation))
  let high = Math.max(...parts.map(({ mean, deviation }) => mean + 9 * deviation))
  for (let step = 0; step < 30; step++) {
    const middle = (low + high) / 2
    const below = parts.reduce(
      (sum, { mean, deviation, weight }) =>
        sum + weight * (deviation > 0 ? normalCdf((middle - mean) / deviation) : Number(middle >= mean)),
      0,
    )
    if (below < probability) low = middle
    else high = middle
  }
  return (low + high) / 2
}
