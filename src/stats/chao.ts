import { normalQuantile } from './distributions.ts'
import type { SpeciesCounts } from './species.ts'

/** A number of different things, seen or not. It is a lower bound: what is very rare leaves no trace. */
export interface Richness {
  readonly estimate: number
  readonly deviation: number
  readonly interval: readonly [number, number]
}

/**
 * How many different things there are at least: those seen, and f1² / (2 f2) · (T − 1)/T more, by those seen once and
 * twice in T units. That is Chao1 (Chao 1984), and Chao2 where units hold several things (Chao 1987); without things
 * seen twice, the form corrected for bias, f1 (f1 − 1) / 2 · (T − 1)/T. Variance and interval, log-normal in what is
 * unseen, as in Chao (1987). Where nothing was seen once, or one thing alone, all were seen.
 */
export function chaoRichness({ units, seen, once, twice }: SpeciesCounts, level = 0.95): Richness {
  const shrink = (units - 1) / units
  const unseen = twice > 0 ? (shrink * once ** 2) / (2 * twice) : (shrink * once * (once - 1)) / 2
  if (!(unseen > 0)) return { estimate: seen, deviation: 0, interval: [seen, seen] }
  const estimate = seen + unseen
  const variance = twice > 0 ? varianceByTwice(shrink, once, twice) : varianceByOnce(shrink, once, estimate)
  const spread = Math.exp(normalQuantile((1 + level) / 2) * Math.sqrt(Math.log1p(variance / unseen ** 2)))
  return {
    estimate,
    deviation: Math.sqrt(variance),
    interval: [seen + unseen / spread, seen + unseen * spread],
  }
}

function varianceByTwice(shrink: number, once: number, twice: number): number {
  const ratio = once / twice
  return twice * ((shrink * ratio ** 2) / 2 + shrink ** 2 * ratio ** 3 + (shrink ** 2 * ratio ** 4) / 4)
}

function varianceByOnce(shrink: number, once: number, estimate: number): number {
  return (
    (shrink * once * (once - 1)) / 2 +
    (shrink ** 2 * once * (2 * once - 1) ** 2) / 4 -
    (shrink ** 2 * once ** 4) / (4 * estimate)
  )
}
