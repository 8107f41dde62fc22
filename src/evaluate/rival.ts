import { meanOf } from '../stats/moments.ts'
import { directionOf, scoreAnswers, type Metric } from './metric.ts'
import type { Outcome } from './outcome.ts'
import { poolRepeats } from './repeats.ts'

export interface Rival {
  readonly arm: string
  /** Mean score of each candidate. */
  readonly scores: Readonly<Record<string, number>>
  readonly why: string
}

/**
 * The best candidate by cross-validation on training rows: what the mixed arm must beat. Given outcomes on test rows,
 * it would make the comparison biased, so the caller gives it none. Of equals, the first. Throws without candidates.
 */
export function chooseRival(given: {
  readonly metric: Metric
  readonly candidates: readonly { readonly arm: string; readonly outcomes: readonly Outcome[] }[]
}): Rival {
  const { metric, candidates } = given
  const scored = candidates.map(({ arm, outcomes }) => ({
    arm,
    score: meanOf(poolRepeats(outcomes).pooled.map(({ answers }) => scoreAnswers(metric, answers))),
  }))
  const ranked = scored.toSorted((a, b) => directionOf(metric) * (b.score - a.score))
  const [best] = ranked
  if (best === undefined) throw new Error('evaluate: no arm without synthetic examples to compare with')
  const figures = ranked.map(({ arm, score }) => `${arm} ${score.toFixed(3)}`).join(', ')
  return {
    arm: best.arm,
    scores: Object.fromEntries(scored.map(({ arm, score }) => [arm, score])),
    why: `${metric.name} in cross-validation on the training rows: ${figures}`,
  }
}
