import type { VarianceComponents } from '../stats/crossed.ts'
import { mcnemarExact } from '../stats/binomial.ts'
import { studentQuantile, studentTwoSided } from '../stats/distributions.ts'
import { findCautions } from './cautions.ts'
import { smallestDetectable } from './detectable.ts'
import { type Design, type FoldSizes, measureArms, type Measurement, type Regime } from './measure.ts'
import { directionOf, type Metric } from './metric.ts'
import type { Outcome } from './outcome.ts'

/** How much better the mixed arm is than its rival. Scores and differences are fractions, but for the absolute error. */
export interface Uplift {
  readonly task: string
  readonly metric: Metric['name']
  /** Mean score of each arm over its replicates. */
  readonly mixed: number
  readonly rival: number
  /** By how much the mixed arm is better: `mixed - rival`, and for errors `rival - mixed`. */
  readonly value: number
  readonly interval: readonly [number, number]
  readonly standardError: number
  /** Infinity where nothing varied. */
  readonly degreesOfFreedom: number
  /** Two-sided, not adjusted for other tasks. */
  readonly p: number
  /** How interval and p were had, in words. */
  readonly method: string
  /** Outcomes of the mixed arm: seeds, or folds times repeats. */
  readonly replicates: number
  /** Held-out examples. */
  readonly items: number
  /** Smallest true difference that a comparison as precise as this one finds four times in five. */
  readonly smallestDetectable: number
  /** What the precision is made of, from which `rowsToCollect` tells what more rows or seeds would bring. */
  readonly components: VarianceComponents
  readonly design: Design
  /** One for each pair of seeds, where accuracy is the metric and the test set is sealed; else empty. */
  readonly mcnemar: readonly McNemar[]
  readonly cautions: readonly string[]
}

/** Exact McNemar test of one seed's two models. It speaks of these two models alone, not of the arms. */
export interface McNemar {
  readonly replicate: number
  readonly onlyMixed: number
  readonly onlyRival: number
  readonly p: number
}

/**
 * Uplift with its interval and two-sided p. Sealed: t over the crossed model of seeds and items (`crossedVariance`).
 * Scarce: t over the folds of repeated cross-validation, corrected for what they share (`resampledVariance`).
 * Throws where the arms did not answer the same items, or not on the same folds.
 */
export function measureUplift(given: {
  readonly task: string
  readonly metric: Metric
  readonly mixed: readonly Outcome[]
  readonly rival: readonly Outcome[]
  readonly regime: Regime
  /** Rows of one fold in the scarce regime; left out, those of plain cross-validation. */
  readonly folds?: FoldSizes
  readonly level?: number
}): Uplift {
  const { task, metric, mixed, rival, level = 0.95 } = given
  const measured = measureArms({ ...given, arms: [mixed, rival] })
  const { means, estimate, design, components, items } = measured
  const value = directionOf(metric) * (means[0]! - means[1]!)
  const standardError = Math.sqrt(estimate.variance)
  const half = standardError === 0 ? 0 : studentQuantile((1 + level) / 2, estimate.freedom) * standardError
  return {
    task,
    metric: metric.name,
    mixed: means[0]!,
    rival: means[1]!,
    value,
    interval: [value - half, value + half],
    standardError,
    degreesOfFreedom: estimate.freedom,
    p: pValue(value, measured),
    method: describeMethod(design, estimate.freedom),
    replicates: mixed.length,
    items: items.answers.length,
    smallestDetectable: smallestDetectable(metric.name, estimate, { level }),
    components,
    design,
    mcnemar: metric.name === 'accuracy' && design.regime === 'sealed' ? compareSeeds(mixed, rival) : [],
    cautions: findCautions({ metric, arms: [mixed, rival], measured }),
  }
}

/** Where nothing varied, each of the groups shows the same difference: a sign test over them. */
function pValue(value: number, { estimate, items }: Measurement): number {
  if (estimate.variance > 0) return studentTwoSided(value / Math.sqrt(estimate.variance), estimate.freedom)
  return value === 0 ? 1 : 2 ** (1 - items.groups.length)
}

function describeMethod(design: Design, freedom: number): string {
  const degrees = Number.isFinite(freedom) ? ` with ${freedom.toFixed(1)} degrees of freedom` : ''
  return design.regime === 'sealed'
    ? `t${degrees} (Satterthwaite) over ${design.seeds.join(' and ')} seeds crossed with ${design.items} groups of test items`
    : `t${degrees} over ${design.repeats} times ${design.folds} folds, corrected for what folds share (Nadeau and Bengio)`
}

function compareSeeds(mixed: readonly Outcome[], rival: readonly Outcome[]): readonly McNemar[] {
  return mixed.slice(0, rival.length).map(({ replicate, answers }, index) => {
    const right = new Map(rival[index]!.answers.map(answer => [answer.id, answer.gold === answer.predicted]))
    const onlyMixed = answers.filter(({ id, gold, predicted }) => gold === predicted && !right.get(id)).length
    const onlyRival = answers.filter(({ id, gold, predicted }) => gold !== predicted && right.get(id)).length
    return { replicate, onlyMixed, onlyRival, p: mcnemarExact(onlyMixed, onlyRival) }
  })
}
