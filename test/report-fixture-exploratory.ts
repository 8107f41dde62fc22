import { writeCalibration, writeSlices } from '../src/report/exploratory-text.ts'
import type { Report } from '../src/report/report-schema.ts'

type Score = Report['calibration'][number]['arms'][number]['brier']

function score(mean: number, half: number): Score {
  return { mean, sd: half / 2, interval: { low: mean - half, high: mean + half } }
}

function calibrated(arm: string, surer: number): Report['calibration'][number]['arms'][number] {
  return {
    arm,
    overconfidence: score(surer, 0.018),
    error: score(Math.abs(surer) + 0.02, 0.015),
    byChance: 0.011,
    brier: score(0.12 + surer ** 2, 0.012),
    brierParts: { reliability: surer ** 2, resolution: 0.014, uncertainty: 0.134, within: 0 },
    logLoss: score(0.41 + surer, 0.03),
    bins: Array.from({ length: 10 }, (_, index) => ({
      count: 720,
      confidence: 0.53 + 0.046 * index,
      accuracy: Math.min(1, 0.53 + 0.046 * index - surer),
    })),
  }
}

const compared = { task: 'damaged', arm: 'with-private', rival: 'real-weighted' }
const calibration = {
  ...compared,
  arms: [calibrated('with-private', 0.061), calibrated('real-weighted', -0.024), calibrated('real', 0.01)],
  change: { value: 0.085, interval: { low: 0.06, high: 0.11 } },
}

function slice(value: string, items: number, uplift: number, p: number) {
  return {
    attribute: 'phase of flight',
    value,
    items,
    armScore: 0.7 + uplift,
    rivalScore: 0.7,
    uplift,
    interval: { low: uplift - 1 / Math.sqrt(items), high: uplift + 1 / Math.sqrt(items) },
    p,
    pAdjusted: Math.min(1, 4 * p),
  }
}

const slices = {
  ...compared,
  metric: 'accuracy',
  tested: [
    slice('Climb', 301, 0.141, 0.0001),
    slice('Approach', 522, 0.052, 0.03),
    slice('En route', 44, 0.001, 0.9),
    slice('Landing roll', 230, -0.102, 0.001),
  ],
  small: 2,
}

/** Made up: a mixture that makes the student surer than it is right, and helps in the air. */
export const exploratorySections: Pick<Report, 'calibration' | 'slices'> = {
  calibration: [{ ...calibration, says: writeCalibration(calibration) }],
  slices: [{ ...slices, says: writeSlices(slices) }],
}
