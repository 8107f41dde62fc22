import { wilsonInterval } from '../stats/binomial.ts'
import { countLabels, recall } from '../stats/classification.ts'
import { studentQuantile } from '../stats/distributions.ts'
import { varianceOf } from '../stats/moments.ts'
import { type FoldSizes, measureArms, type Regime } from './measure.ts'
import type { Metric } from './metric.ts'
import type { Outcome } from './outcome.ts'

export interface ScoreSummary {
  readonly mean: number
  /** Over replicates; in the scarce regime over repeats, their folds pooled. */
  readonly sd: number
  readonly interval: readonly [number, number]
}

export interface LabelSummary {
  readonly label: string
  /** Held-out items with this label. */
  readonly support: number
  /** Mean over replicates. */
  readonly recall: number
  /** Wilson's, over the items: how much seeds vary is not in it. */
  readonly interval: readonly [number, number]
}

export interface ArmSummary {
  readonly arm: string
  readonly scores: Readonly<Record<string, ScoreSummary>>
  /** Empty where there are no labels. */
  readonly recall: readonly LabelSummary[]
  /** Answers that could not be read, over all replicates. */
  readonly unparsed: { readonly count: number; readonly share: number }
}

/** What one arm reached: with labels accuracy, macro-F1 and the recall of each, else its metric and those `beside` it. */
export function summariseArm(given: {
  readonly outcomes: readonly Outcome[]
  readonly metric: Metric
  /** Further metrics of the same answers, for a task without labels. */
  readonly beside?: readonly Metric[]
  /** The labels of a label task, in report order. */
  readonly labels?: readonly string[]
  readonly regime: Regime
  readonly folds?: FoldSizes
  readonly level?: number
}): ArmSummary {
  const { outcomes, metric, labels, level = 0.95 } = given
  const metrics: readonly Metric[] = labels
    ? [{ name: 'accuracy' }, { name: 'macro-f1', labels }]
    : [metric, ...(given.beside ?? [])]
  const answers = outcomes.flatMap(outcome => outcome.answers)
  const unparsed = answers.filter(({ predicted }) => predicted === null).length
  return {
    arm: outcomes[0]!.arm,
    scores: Object.fromEntries(
      metrics.map(each => [each.name, summariseScore({ ...given, metric: each, level })]),
    ),
    recall: labels ? summariseLabels(outcomes, labels, level) : [],
    unparsed: { count: unparsed, share: unparsed / answers.length },
  }
}

/** The mean score of one arm with its interval. */
export function summariseScore(given: {
  readonly outcomes: readonly Outcome[]
  readonly metric: Metric
  readonly regime: Regime
  readonly folds?: FoldSizes
  readonly level: number
}): ScoreSummary {
  const { means, scores, estimate } = measureArms({ ...given, arms: [given.outcomes] })
  const error = Math.sqrt(estimate.variance)
  const half = error === 0 ? 0 : studentQuantile((1 + given.level) / 2, estimate.freedom) * error
  return {
    mean: means[0]!,
    sd: Math.sqrt(varianceOf(scores[0]!)),
    interval: [means[0]! - half, means[0]! + half],
  }
}

function summariseLabels(
  outcomes: readonly Outcome[],
  labels: readonly string[],
  level: number,
): readonly LabelSummary[] {
  const answers = outcomes.flatMap(outcome => outcome.answers)
  const passes = answers.length / new Set(answers.map(({ id }) => id)).size
  return countLabels(answers, labels).map(counts => {
    const support = counts.gold / passes
    return {
      label: counts.label,
      support,
      recall: recall(counts),
      interval: wilsonInterval(recall(counts), support, level),
    }
  })
}
