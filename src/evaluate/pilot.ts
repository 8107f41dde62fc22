import type { VarianceComponents } from '../stats/crossed.ts'
import { meanOf } from '../stats/moments.ts'
import { resamplingComponents } from '../stats/resampled.ts'
import { type Design, expectedEstimate, subtract, tabulateFolds } from './measure.ts'
import type { Metric } from './metric.ts'
import type { Outcome } from './outcome.ts'

/** Two arms without synthetic examples, cross-validated on training rows. */
export interface Pilot {
  readonly arms: readonly [readonly Outcome[], readonly Outcome[]]
  /** Folds pooled in one outcome; 1 where each outcome is one fold. */
  readonly models: number
}

/** What a pilot tells of the components of two arms' difference, and how well it knows them. */
export interface PilotComponents {
  readonly components: VarianceComponents
  /** Sampling variances of the mean seed component and of the item component. */
  readonly seedError: number
  readonly itemError: number
}

/**
 * The components of the pilot's two arms, the seeds' averaged over both. `seed` holds what folds differ in by their
 * training rows too, and so errs upwards; by chance it, and `item`, may still come out below 0. Throws where the arms did not answer the same items in the same folds.
 */
export function pilotComponents(metric: Metric, { arms, models }: Pilot): PilotComponents {
  const { resamplings } = tabulateFolds(metric, arms)
  const each = resamplings.map(resamplingComponents)
  const { item, itemError } = resamplingComponents(subtract(resamplings))
  const seed = models * meanOf(each.map(arm => arm.seed))
  return {
    components: { arms: each.map(({ residual }) => ({ seed, residual })), item },
    seedError: (models * models * meanOf(each.map(arm => arm.seedError))) / each.length,
    itemError,
  }
}

/**
 * Degrees of freedom with which a pilot knows the variance of a measurement of this design (Satterthwaite 1946). They
 * are taken at that variance plus its own standard error, or one that came out small by chance would also seem unknown.
 */
export function pilotFreedom({ components, seedError, itemError }: PilotComponents, design: Design): number {
  const { variance } = expectedEstimate(components, design)
  const unit = (seed: number, item: number): number =>
    expectedEstimate({ arms: components.arms.map(() => ({ seed, residual: 0 })), item }, design).variance
  const error = unit(1, 0) ** 2 * seedError + unit(0, 1) ** 2 * itemError
  return error === 0 ? Infinity : (2 * (variance + Math.sqrt(error)) ** 2) / error
}
