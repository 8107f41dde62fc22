import { incompleteBeta, normalQuantile } from './distributions.ts'

/** P(X <= successes) for X binomial with `trials` and `probability` in [0, 1]. */
export function binomialCdf(successes: number, trials: number, probability: number): number {
  if (successes < 0) return 0
  if (successes >= trials) return 1
  return incompleteBeta(1 - probability, trials - successes, successes + 1)
}

/**
 * Exact McNemar test (McNemar 1947) of two classifiers on the same items: `onlyFirst` items that the first alone
 * answered right, `onlySecond` that the second alone did. Returns the two-sided p value, 1 where both are 0.
 */
export function mcnemarExact(onlyFirst: number, onlySecond: number): number {
  const fewer = Math.min(onlyFirst, onlySecond)
  return Math.min(1, 2 * binomialCdf(fewer, onlyFirst + onlySecond, 0.5))
}

/**
 * Score interval of a share in `trials` independent trials (Wilson 1927), as fractions.
 * Without trials nothing is known: [0, 1].
 */
export function wilsonInterval(share: number, trials: number, level = 0.95): readonly [number, number] {
  if (trials <= 0) return [0, 1]
  const z = normalQuantile((1 + level) / 2)
  const spread = (z * z) / trials
  const centre = (share + spread / 2) / (1 + spread)
  const half = (Math.sqrt(spread) * Math.sqrt(share * (1 - share) + spread / 4)) / (1 + spread)
  return [Math.max(0, centre - half), Math.min(1, centre + half)]
}
