import { calibrationError, calibrationErrorWithoutEach, type Judgement } from '../stats/calibration.ts'
import { labelsOf, macroF1, macroF1WithoutEach } from '../stats/classification.ts'
import { meanOf } from '../stats/moments.ts'
import type { Answer } from './outcome.ts'

/** How answers are scored: as fractions in [0, 1], but for the mean absolute error, which is in the answer's unit, and the log loss, in nats. */
export interface Metric {
  readonly name:
    | 'macro-f1'
    | 'accuracy'
    | 'field-f1'
    | 'exact-match'
    | 'token-f1'
    | 'chrf'
    | 'rouge-l'
    | 'mean-absolute-error'
    | 'calibration-error'
    | 'overconfidence'
    | 'brier'
    | 'log-loss'
  /** The labels that macro-F1 is the mean of; left out, those that occur among the answers. */
  readonly labels?: readonly string[]
  /** Score of one answer, for all metrics but macro-F1 and the calibration error. Left out, 1 where the answer is the gold one, else 0. */
  readonly itemScore?: (answer: Answer) => number
}

/** 1 where more is better, -1 where less is. */
export function directionOf(metric: Metric): 1 | -1 {
  return errors.has(metric.name) ? -1 : 1
}

const errors: ReadonlySet<Metric['name']> = new Set([
  'mean-absolute-error',
  'calibration-error',
  'brier',
  'log-loss',
])

/** How sure an answer was and whether it was right. For answers whose certainty is known. */
export function judgementOf({ gold, predicted, certainty }: Answer): Judgement {
  return { confidence: certainty!.given, right: gold === predicted }
}

/** The metric of a set of answers. */
export function scoreAnswers(metric: Metric, answers: readonly Answer[]): number {
  if (metric.name === 'macro-f1') return macroF1(answers, metric.labels ?? labelsOf(answers))
  if (metric.name === 'calibration-error') return calibrationError(answers.map(judgementOf))
  return meanOf(answers.map(itemScorer(metric)))
}

/**
 * The part each group of answers has in the score, as jackknife pseudo-values (Tukey 1958) centred on 0: G times the
 * score less G - 1 times the score without the group. Of a mean these are value minus mean; of macro-F1 they are its
 * linear part, so that one variance estimate serves all metrics.
 */
export function partsOfGroups(metric: Metric, groups: readonly (readonly Answer[])[]): Float64Array {
  const without = scoreWithoutEach(metric, groups)
  const mean = meanOf(without)
  return without.map(score => (groups.length - 1) * (mean - score))
}

function scoreWithoutEach(metric: Metric, groups: readonly (readonly Answer[])[]): Float64Array {
  if (metric.name === 'macro-f1') return macroF1WithoutEach(groups, metric.labels ?? labelsOf(groups.flat()))
  if (metric.name === 'calibration-error')
    return calibrationErrorWithoutEach(groups.map(group => group.map(judgementOf)))
  const score = itemScorer(metric)
  const sums = groups.map(group => group.reduce((sum, answer) => sum + score(answer), 0))
  const sum = sums.reduce((total, value) => total + value, 0)
  const count = groups.reduce((total, group) => total + group.length, 0)
  return Float64Array.from(groups, (group, index) => (sum - sums[index]!) / (count - group.length))
}

function itemScorer(metric: Metric): (answer: Answer) => number {
  return metric.itemScore ?? (({ gold, predicted }) => (gold === predicted ? 1 : 0))
}
