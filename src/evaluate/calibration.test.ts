import { expect, test } from 'vitest'
import { compareConfidence, measureCalibration } from './calibration.ts'
import type { Outcome } from './outcome.ts'

/** 40 answers of the same confidence in two replicates, of which the first `right` are right. */
function armOf(arm: string, given: number, right: number): readonly Outcome[] {
  return [0, 1].map(replicate => ({
    task: 'damage',
    arm,
    replicate,
    answers: Array.from({ length: 40 }, (_, item) => ({
      id: `${item}`,
      group: `${item}`,
      gold: item < right ? 'y' : 'n',
      predicted: 'y',
      certainty: { given, gold: item < right ? given : 1 - given },
    })),
  }))
}

// By hand, of 40 answers at 0.9 of which 30 are right: 0.9 - 0.75 surer than right, in each of two bins of 20 (all of the
// first are right or 10 of 20): |0.9 - 1| / 2 + |0.9 - 0.5| / 2; Brier (30 · 0.01 + 10 · 0.81) / 40; log loss
// -(30 ln 0.9 + 10 ln 0.1) / 40.
test('an arm that is surer than right shows it in every figure', () => {
  const found = measureCalibration(armOf('mixed', 0.9, 30), 'sealed')!
  expect(found.overconfidence.mean).toBeCloseTo(0.15, 12)
  expect(found.error.mean).toBeCloseTo(0.25, 12)
  expect(found.brier.mean).toBeCloseTo(0.21, 12)
  expect(found.logLoss.mean).toBeCloseTo(-(30 * Math.log(0.9) + 10 * Math.log(0.1)) / 40, 12)
  const { reliability, resolution, uncertainty, within } = found.brierParts
  expect(reliability - resolution + uncertainty + within).toBeCloseTo(0.21, 12)
  expect(uncertainty).toBeCloseTo(0.75 * 0.25, 12)
  expect(found.overconfidence.interval[0]).toBeLessThan(0.15)
  expect(found.bins.reduce((sum, { count }) => sum + count, 0)).toBe(80)
})

test('the change in confidence is a paired difference', () => {
  const change = compareConfidence(armOf('mixed', 0.9, 30), armOf('real', 0.8, 30), 'sealed')
  expect(change.value).toBeCloseTo(0.1, 12)
  // All 40 items differ by the same: nothing varies.
  expect(change.interval[0]).toBeCloseTo(0.1, 9)
})

test('a student without probabilities has no calibration', () => {
  const outcomes = armOf('mixed', 0.9, 30).map(outcome => ({
    ...outcome,
    answers: outcome.answers.map(({ certainty: _certainty, ...answer }) => answer),
  }))
  expect(measureCalibration(outcomes, 'sealed')).toBeNull()
})
