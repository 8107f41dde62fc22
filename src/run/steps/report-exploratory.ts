import { writeCalibration, writeSlices } from '../../report/exploratory-text.ts'
import type { Report } from '../../report/report-schema.ts'
import type { Evaluation } from './evaluate.ts'

type Score = Evaluation['calibrations'][number]['arms'][number]['brier']

/** Whether the arms' probabilities are to be believed. */
export function reportCalibration(
  calibration: Evaluation['calibrations'][number],
): Report['calibration'][number] {
  const told = {
    ...calibration,
    change: { ...calibration.change, interval: intervalOf(calibration.change.interval) },
    arms: calibration.arms.map(each => ({
      ...each,
      overconfidence: scoreOf(each.overconfidence),
      error: notBelowZero(scoreOf(each.error)),
      brier: notBelowZero(scoreOf(each.brier)),
      logLoss: notBelowZero(scoreOf(each.logLoss)),
    })),
  }
  return { ...told, says: writeCalibration(told) }
}

/** Where the mixture helped and where it hurt. */
export function reportSlices(slices: Evaluation['slices'][number]): Report['slices'][number] {
  const told = {
    ...slices,
    tested: slices.tested.map(({ mixed, rival, interval, ...slice }) => ({
      ...slice,
      armScore: mixed,
      rivalScore: rival,
      interval: intervalOf(interval),
    })),
  }
  return { ...told, says: writeSlices(told) }
}

type ReportScore = Report['calibration'][number]['arms'][number]['brier']

function scoreOf({ interval, ...score }: Score): ReportScore & { interval: { low: number; high: number } } {
  return { ...score, interval: intervalOf(interval) }
}

function notBelowZero(score: ReturnType<typeof scoreOf>): ReportScore {
  return { ...score, interval: { ...score.interval, low: Math.max(0, score.interval.low) } }
}

function intervalOf([low, high]: readonly [number, number]): { low: number; high: number } {
  return { low, high }
}
