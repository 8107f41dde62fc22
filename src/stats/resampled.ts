import type { VarianceComponents } from './crossed.ts'
import { meanOf, varianceOf } from './moments.ts'
import type { Estimate } from './satterthwaite.ts'

/**
 * The variance of a mean over repeated cross-validation.
 *
 * Nadeau and Bengio (2003) correct the variance of J resampled differences for what their sets share: s² / J becomes
 * s² (1 / J + test / train). That takes all of s² for shared. Where an arm draws new randomness in every fold
 * (generation, training), that part is independent from fold to fold, and correcting it too makes a test with
 * almost no false verdicts and no power. The repeats tell the two apart, since each scores the same items again:
 * the correction is put on the share of s² that persists, and with one repeat on all of it.
 */

/** One statistic over repeats of cross-validation, as each item's contribution: their mean over items is its value. */
export interface Resampling {
  /** [repeat][item]. */
  readonly values: readonly Float64Array[]
  /** [repeat][item]: the fold, from 0, in which the item was held out. */
  readonly foldOf: readonly Int32Array[]
}

export interface ResamplingDesign {
  readonly repeats: number
  readonly folds: number
  readonly items: number
  /** Held-out rows for each row trained on; `1 / (folds - 1)` in plain cross-validation. */
  readonly testPerTrain: number
}

/**
 * Variance of the mean over all repeats, with J - 1 degrees of freedom for J folds in all (Bouckaert and Frank 2004).
 * A share that came out below 0 by chance is taken off, which keeps the sum unbiased, but at most half of the rest.
 */
export function resampledVariance(resampling: Resampling, testPerTrain: number): Estimate {
  const { values, foldOf } = resampling
  const means = values.flatMap((repeat, index) => meansOfFolds(repeat, foldOf[index]!))
  const square = varianceOf(means)
  const itemsPerFold = (values.length * values[0]!.length) / means.length
  const persistent =
    values.length === 1 ? square : Math.min(square, persistentVariance(values) / itemsPerFold)
  const independent = square / means.length
  return {
    variance: Math.max(independent / 2, independent + persistent * testPerTrain),
    freedom: means.length - 1,
  }
}

/** What `resampledVariance` finds on average: a fold is trained under a seed of its own. */
export function expectedResampledVariance(
  { arms, item }: VarianceComponents,
  { repeats, folds, items, testPerTrain }: ResamplingDesign,
): Estimate {
  const itemsPerFold = items / folds
  const square = arms.reduce(
    (sum, { seed, residual }) => sum + seed + residual / itemsPerFold,
    item / itemsPerFold,
  )
  const persistent = repeats === 1 ? square : item / itemsPerFold
  return { variance: square / (repeats * folds) + persistent * testPerTrain, freedom: repeats * folds - 1 }
}

/** Variances of single draws, with the sampling variance of two of them. Below 0 by chance, so right on average. */
export interface ResamplingComponents {
  readonly item: number
  readonly itemError: number
  /** All that a fold has of its own: generation, training, the rows trained on. */
  readonly seed: number
  readonly seedError: number
  readonly residual: number
}

/**
 * The components behind one statistic; with one repeat all is `item`.
 *
 * The items' own differences drop out of each value less the item's mean over the R repeats. The mean square of what is
 * left is (1 - 1/R) (seed + residual); that of its means over folds of M items is shares * seed + (1 - 1/R) residual / M,
 * where a seed weighs 1 - 1/R in its own fold and reaches it, thinned, from the folds of the other repeats.
 */
export function resamplingComponents({ values, foldOf }: Resampling): ResamplingComponents {
  const repeats = values.length
  const profile = profileOf(values)
  const itemError = (2 * varianceOf(profile) ** 2) / (profile.length - 1)
  if (repeats === 1) return { item: varianceOf(profile), itemError, seed: 0, seedError: 0, residual: 0 }
  const changes = values.map(repeat => repeat.map((value, item) => value - profile[item]!))
  const changesOfFolds = changes.flatMap((repeat, index) => meansOfFolds(repeat, foldOf[index]!))
  const ofItems = meanOf(changes.map(repeat => meanOfSquares(repeat)))
  const ofFolds = meanOfSquares(changesOfFolds)

  const folds = changesOfFolds.length / repeats
  const itemsPerFold = profile.length / folds
  const own = 1 - 1 / repeats
  /** Expected sum of squared shares of a fold's items in the folds of another repeat. */
  const spread = 1 / folds + (1 - 1 / folds) / itemsPerFold
  const weight = own * own + (own / repeats) * spread - own / itemsPerFold
  const seed = (ofFolds - ofItems / itemsPerFold) / weight
  return {
    item: persistentVariance(values),
    itemError,
    seed,
    seedError: (2 * (ofFolds / weight) ** 2) / (own * changesOfFolds.length),
    residual: Math.max(0, ofItems / own - seed),
  }
}

/** Variance between items that every repeat finds again, by the two-way mean squares; below 0 by chance. */
function persistentVariance(values: readonly Float64Array[]): number {
  const profile = profileOf(values)
  const centre = meanOf(profile)
  let squares = 0
  for (const repeat of values) {
    const shift = meanOf(repeat) - centre
    for (const [item, value] of repeat.entries()) squares += (value - shift - profile[item]!) ** 2
  }
  const residual = squares / ((values.length - 1) * (profile.length - 1))
  return varianceOf(profile) - residual / values.length
}

function profileOf(values: readonly Float64Array[]): Float64Array {
  return values[0]!.map((_, item) => meanOf(values.map(repeat => repeat[item]!)))
}

function meansOfFolds(values: Float64Array, foldOf: Int32Array): readonly number[] {
  const sums: number[] = []
  const counts: number[] = []
  for (const [item, value] of values.entries()) {
    const fold = foldOf[item]!
    sums[fold] = (sums[fold] ?? 0) + value
    counts[fold] = (counts[fold] ?? 0) + 1
  }
  return sums.map((sum, fold) => sum / counts[fold]!)
}

function meanOfSquares(values: ArrayLike<number>): number {
  return meanOf(Float64Array.from(values, value => value * value))
}
