import { normalQuantile } from './distributions.ts'
import type { SpeciesCounts } from './species.ts'

/** A share in [0, 1] and its interval. */
export interface UnseenMass {
  readonly mass: number
  readonly interval: readonly [number, number]
}

/**
 * The probability that the next sighting is of a thing never seen before: the share of the sightings that were of things
 * seen once (Good 1953, who credits Turing). The interval is normal, with the variance of Esty (1983),
 * (f1 (1 − f1/n) + 2 f2) / n²; where nothing was seen once its upper end is the largest mass that would leave no new
 * thing in n sightings with a probability of 1 − `level`. Without sightings all is unseen.
 */
export function unseenMass({ sightings, once, twice }: SpeciesCounts, level = 0.95): UnseenMass {
  if (sightings === 0) return { mass: 1, interval: [0, 1] }
  const mass = once / sightings
  if (once === 0) return { mass, interval: [0, 1 - (1 - level) ** (1 / sightings)] }
  const spread = Math.sqrt(once * (1 - mass) + 2 * twice) / sightings
  const half = normalQuantile((1 + level) / 2) * spread
  return { mass, interval: [Math.max(0, mass - half), Math.min(1, mass + half)] }
}

/**
 * The unseen mass that is expected after `more` units like those seen (Chao and Jost 2012, equation 12 for things that
 * are alone in their unit, and its counterpart for units of several): f1/n · q^(more + 1) with
 * q = (T − 1) f1 / ((T − 1) f1 + 2 f2).
 */
export function unseenMassAfter(counts: SpeciesCounts, more: number): number {
  if (counts.sightings === 0) return 1
  return (counts.once / counts.sightings) * shrinkage(counts) ** (more + 1)
}

/** Units like those seen that bring the unseen mass down to `mass`, in (0, 1); Infinity where no number will. */
export function unitsUntil(counts: SpeciesCounts, mass: number): number {
  if (!(mass > 0 && mass < 1)) throw new RangeError(`unitsUntil: mass ${mass}`)
  if (counts.sightings === 0) return Infinity
  if (unseenMassAfter(counts, 0) <= mass) return 0
  const q = shrinkage(counts)
  if (q === 1) return Infinity
  return Math.ceil(Math.log((mass * counts.sightings) / counts.once) / Math.log(q) - 1 - 1e-9)
}

/** The part of the unseen mass that one more unit leaves. Without things seen twice, by the form corrected for bias. */
function shrinkage({ units, once, twice }: SpeciesCounts): number {
  if (once === 0) return 0
  if (twice > 0) return ((units - 1) * once) / ((units - 1) * once + 2 * twice)
  return once === 1 ? 1 : ((units - 1) * (once - 1)) / ((units - 1) * (once - 1) + 2)
}
