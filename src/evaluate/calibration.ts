import { brierScore, type BrierScore, calibrationBins, type CalibrationBin } from '../stats/calibration.ts'
import { calibrationErrorByChance, logLossOf } from '../stats/calibration.ts'
import { studentQuantile } from '../stats/distributions.ts'
import { meanOf } from '../stats/moments.ts'
import { type ScoreSummary, summariseScore } from './arm-summary.ts'
import { measureArms, type Regime } from './measure.ts'
import { judgementOf, type Metric } from './metric.ts'
import type { Answer, Outcome } from './outcome.ts'

/** Whether an arm's probabilities are to be believed. Shares and probabilities are fractions, log loss is in nats. */
export interface ArmCalibration {
  readonly arm: string
  /** Mean probability of the given answer less the share right: above 0 it is overconfident. */
  readonly overconfidence: ScoreSummary
  /** Expected calibration error, and what chance alone would make of it. */
  readonly error: ScoreSummary
  readonly byChance: number
  readonly brier: ScoreSummary
  readonly brierParts: Omit<BrierScore, 'score'>
  readonly logLoss: ScoreSummary
  /** Of equal mass, over the answers of all replicates. */
  readonly bins: readonly CalibrationBin[]
}

const brier: Metric = {
  name: 'brier',
  itemScore: answer => {
    const { confidence, right } = judgementOf(answer)
    return (confidence - Number(right)) ** 2
  },
}
const logLoss: Metric = { name: 'log-loss', itemScore: ({ certainty }) => logLossOf(certainty!.gold) }
const overconfidence: Metric = {
  name: 'overconfidence',
  itemScore: answer => {
    const { confidence, right } = judgementOf(answer)
    return confidence - Number(right)
  },
}

/** The calibration of one arm by the probabilities of its answers; null where the student gave none. */
export function measureCalibration(outcomes: readonly Outcome[], regime: Regime): ArmCalibration | null {
  const answers: Answer[] = outcomes.flatMap(outcome => [...outcome.answers])
  if (answers.length === 0 || answers.some(({ certainty }) => certainty === undefined)) return null
  const judged = answers.map(judgementOf)
  const summarise = (metric: Metric): ScoreSummary =>
    summariseScore({ outcomes, metric, regime, level: 0.95 })
  const { score: _score, ...brierParts } = brierScore(judged)
  return {
    arm: outcomes[0]!.arm,
    overconfidence: summarise(overconfidence),
    error: summarise({ name: 'calibration-error' }),
    byChance: meanOf(outcomes.map(outcome => calibrationErrorByChance(outcome.answers.map(judgementOf)))),
    brier: summarise(brier),
    brierParts,
    logLoss: summarise(logLoss),
    bins: calibrationBins(judged, 10),
  }
}

/** By how much more confident than right the mixed arm is than its rival, with its 95 % interval. */
export function compareConfidence(
  mixed: readonly Outcome[],
  rival: readonly Outcome[],
  regime: Regime,
): { readonly value: number; readonly interval: readonly [number, number] } {
  const { means, estimate } = measureArms({ metric: overconfidence, arms: [mixed, rival], regime })
  const value = means[0]! - means[1]!
  const half =
    estimate.variance === 0 ? 0 : studentQuantile(0.975, estimate.freedom) * Math.sqrt(estimate.variance)
  return { value, interval: [value - half, value + half] }
}
