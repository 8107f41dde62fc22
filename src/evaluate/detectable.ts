import { detectableDifference } from '../stats/power.ts'
import type { Estimate } from '../stats/satterthwaite.ts'
import type { Metric } from './metric.ts'

/**
 * Macro-F1 varies more where there is an effect than where there is none: a better arm finds more of a rare class, and
 * whether it does hangs on few items. Variances come from comparisons without the effect, so the effect asked for is
 * raised: without this, simulated comparisons with a class of 11 % found 75 % where 80 % were promised
 * (bench/uplift-calibration.ts).
 */
const allowance: Readonly<Partial<Record<Metric['name'], number>>> = { 'macro-f1': 1.05 }

/** The smallest true difference in a metric that is found four times in five. */
export function smallestDetectable(
  metric: Metric['name'],
  estimate: Estimate,
  options: { readonly level: number; readonly pilotFreedom?: number },
): number {
  return (allowance[metric] ?? 1) * detectableDifference(estimate, options)
}
