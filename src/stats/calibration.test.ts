import { expect, test } from 'vitest'
import {
  brierScore,
  calibrationBins,
  calibrationError,
  calibrationErrorByChance,
  calibrationErrorWithoutEach,
  type Judgement,
  logLossOf,
} from './calibration.ts'

/** Confidences from 0.38 to 0.97, too high by about a tenth. */
const answers = Array.from({ length: 101 }, (_, index): Judgement => {
  const confidence = (((index * 37) % 101) / 101) * 0.6 + 0.38
  return { confidence, right: ((index * 53) % 97) / 97 < confidence - 0.1 }
})

// By numpy 2 and scikit-learn: five bins of equal mass (calibration_curve with strategy='quantile' has the same).
test('bins hold equally many answers', () => {
  const bins = calibrationBins(answers)
  expect(bins.map(({ count }) => count)).toEqual([21, 20, 20, 20, 20])
  const accuracies = [0.38095238095238093, 0.45, 0.45, 0.7, 0.95]
  const confidences = [0.4394059405940594, 0.5611881188118812, 0.68, 0.7988118811881189, 0.9176237623762376]
  for (const [index, { accuracy, confidence }] of bins.entries()) {
    expect(accuracy).toBeCloseTo(accuracies[index]!, 12)
    expect(confidence).toBeCloseTo(confidences[index]!, 12)
  }
})

test('the calibration error is the mean distance of the bins, and has its jackknife', () => {
  expect(calibrationError(answers)).toBeCloseTo(0.10569355945495541, 12)
  const without = calibrationErrorWithoutEach(answers.map(answer => [answer]))
  expect(without[7]).toBeCloseTo(0.09956435643564357, 12)
})

// By numpy, 20,000 draws of right and wrong from the confidences themselves: 0.0757.
test('chance alone makes a calibration error', () => {
  expect(calibrationErrorByChance(answers)).toBeCloseTo(0.0757, 2)
})

// By scikit-learn 1: brier_score_loss and log_loss; the parts by numpy.
test("Brier's score falls into its parts", () => {
  const parts = brierScore(answers)
  expect(parts.score).toBeCloseTo(0.21495778845211252, 12)
  expect(parts.reliability).toBeCloseTo(0.015774745734267855, 12)
  expect(parts.resolution).toBeCloseTo(0.04487398527688695, 12)
  expect(parts.uncertainty).toBeCloseTo(0.242917361043035, 12)
  expect(parts.within).toBeCloseTo(
    0.21495778845211252 - 0.015774745734267855 + 0.04487398527688695 - 0.242917361043035,
    12,
  )
})

test('log loss is that of scikit-learn, and finite where the truth was given no chance', () => {
  const losses = answers.map(({ confidence, right }) => logLossOf(right ? confidence : 1 - confidence))
  expect(losses.reduce((sum, loss) => sum + loss, 0) / 101).toBeCloseTo(0.6054304526953357, 12)
  expect(logLossOf(0)).toBeCloseTo(36.04365338911715, 10)
})
