import { studentQuantile } from './distributions.ts'
import type { Estimate } from './satterthwaite.ts'

/**
 * The smallest true difference that a two-sided t test finds with this power, `level` being that of its interval:
 * (t of 1 - alpha / 2 plus t of power) standard errors. The second quantile stands for that of the non-central t,
 * with which the sum agrees to 2 % from 4 degrees of freedom on.
 *
 * A variance that comes from a pilot is itself only estimated, with `pilotFreedom` degrees of freedom m, and planning as
 * if it were known finds less than promised. The number of standard errors is then the quantile of the non-central t
 * with m degrees of freedom and non-centrality t of 1 - alpha / 2 (Julious and Owen 2006), in the normal approximation
 * k (1 - 1 / 4m) = t of 1 - alpha / 2 + t of power * sqrt(1 + k^2 / 2m).
 */
export function detectableDifference(
  { variance, freedom }: Estimate,
  options: { readonly level: number; readonly power?: number; readonly pilotFreedom?: number },
): number {
  if (variance === 0) return 0
  const critical = studentQuantile((1 + options.level) / 2, freedom)
  const beyond = studentQuantile(options.power ?? 0.8, freedom)
  const pilot = Math.max(fewestPilotFreedom, options.pilotFreedom ?? Infinity)
  return errorsNeeded(critical, beyond, pilot) * Math.sqrt(variance)
}

/** Below this the approximation has no solution; a pilot as poor as that tells little either way. */
const fewestPilotFreedom = 2

/** Solves `shrink * k = critical + beyond * sqrt(1 + k^2 / 2m)` for k. */
function errorsNeeded(critical: number, beyond: number, pilot: number): number {
  const shrink = 1 - 1 / (4 * pilot)
  const quadratic = shrink * shrink - (beyond * beyond) / (2 * pilot)
  const root = Math.sqrt(
    critical * critical * shrink * shrink - quadratic * (critical * critical - beyond * beyond),
  )
  return (critical * shrink + root) / quadratic
}
