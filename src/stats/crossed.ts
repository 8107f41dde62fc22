/**
 * The variance of a mean over seeds crossed with items, and of the difference of two such means on the same items.
 *
 * Arm a answers every item g under each of its own S_a seeds. Its scores follow the crossed model
 *   y_asg = mean_a + seed_as + item_ag + residual_asg,
 * where the seeds of the arms are independent and the items are shared. For D = mean_1 - mean_2
 *   Var D = sum over arms of (seed_a + residual_a / G) / S_a  +  item / G,
 * with `seed_a` and `residual_a` the variances of arm a and `item` that of item_1g - item_2g. Each part is estimated
 * by its mean square (Searle, Casella and McCulloch 1992, chapter 4), the degrees of freedom after Satterthwaite 1946.
 */

import { meanOf, varianceOf } from './moments.ts'
import { satterthwaite, type Estimate, type Term } from './satterthwaite.ts'

/** What one arm did under each seed. */
export interface ScoreTable {
  /** Its score under each seed. */
  readonly scores: readonly number[]
  /** [seed][item]: each item's part in that score, centred on 0 within a seed; for a mean, value minus mean. */
  readonly parts: readonly Float64Array[]
}

export interface ArmVariance {
  /** Between seeds. */
  readonly seed: number
  /** Of one item under one seed, beyond the item's and the seed's own. */
  readonly residual: number
}

/** Variances of single draws, from which the variance under any number of seeds and items follows. */
export interface VarianceComponents {
  readonly arms: readonly ArmVariance[]
  /** Between items, of the arms' difference. */
  readonly item: number
}

/** Variance of the mean score of one arm, or of the difference of two, with the components it is made of. */
export function crossedVariance(
  arms: readonly ScoreTable[],
): Estimate & { readonly components: VarianceComponents } {
  const profiles = arms.map(({ parts }) => meanOfEachItem(parts))
  const difference = profiles[0]!.map((value, item) => value - (profiles[1]?.[item] ?? 0))
  const residuals = arms.map(({ parts }, arm) => residualVariance(parts, profiles[arm]!))
  const items = difference.length
  const estimate = combineParts({
    seedMeans: arms.map(({ scores }) => varianceOf(scores) / scores.length),
    itemMeans: varianceOf(difference) / items,
    residualMeans: arms.map(({ scores }, arm) => residuals[arm]! / (scores.length * items)),
    seeds: arms.map(({ scores }) => scores.length),
    items,
  })
  return {
    ...estimate,
    components: {
      arms: arms.map(({ scores }, arm) => ({
        seed: Math.max(0, varianceOf(scores) - residuals[arm]! / items),
        residual: residuals[arm]!,
      })),
      item: Math.max(
        0,
        varianceOf(difference) -
          arms.reduce((sum, { scores }, arm) => sum + residuals[arm]! / scores.length, 0),
      ),
    },
  }
}

/** What `crossedVariance` finds on average with so many seeds in each arm and so many items. */
export function expectedVariance(
  { arms, item }: VarianceComponents,
  { seeds, items }: { readonly seeds: readonly number[]; readonly items: number },
): Estimate {
  const residualMeans = arms.map(({ residual }, arm) => residual / (seeds[arm]! * items))
  return combineParts({
    seedMeans: arms.map(({ seed }, arm) => seed / seeds[arm]! + residualMeans[arm]!),
    itemMeans: residualMeans.reduce((sum, residual) => sum + residual, item / items),
    residualMeans,
    seeds,
    items,
  })
}

/**
 * Seeds and items each hold the residual, so it is taken off once. Where chance leaves items less than nothing, the
 * rest is taken off the seeds, at most half of theirs: that keeps the sum unbiased without bringing it near 0.
 */
function combineParts(parts: {
  readonly seedMeans: readonly number[]
  readonly itemMeans: number
  readonly residualMeans: readonly number[]
  readonly seeds: readonly number[]
  readonly items: number
}): Estimate {
  const { seedMeans, itemMeans, residualMeans, seeds, items } = parts
  const ofSeeds: Term[] = []
  const ofItems: Term[] = [{ value: itemMeans, freedom: items - 1 }]
  for (const [arm, count] of seeds.entries()) {
    if (count < 2) continue
    ofSeeds.push({ value: seedMeans[arm]!, freedom: count - 1 })
    ofItems.push({ value: -residualMeans[arm]!, freedom: (count - 1) * (items - 1) })
  }
  const whole = satterthwaite([...ofSeeds, ...ofItems])
  const seedsAlone = satterthwaite(ofSeeds)
  if (whole.variance >= seedsAlone.variance) return whole
  return { variance: Math.max(whole.variance, seedsAlone.variance / 2), freedom: seedsAlone.freedom }
}

/** Variance between items of what is neither the item's nor the seed's own; 0 where there is one seed. */
export function residualVariance(parts: readonly Float64Array[], profile: Float64Array): number {
  if (parts.length < 2) return 0
  let squares = 0
  for (const seed of parts)
    for (const [item, value] of seed.entries()) squares += (value - profile[item]!) ** 2
  return squares / ((parts.length - 1) * (profile.length - 1))
}

function meanOfEachItem(parts: readonly Float64Array[]): Float64Array {
  return parts[0]!.map((_, item) => meanOf(parts.map(seed => seed[item]!)))
}
