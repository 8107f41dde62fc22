import { expect, test } from 'vitest'
import { exploratorySections } from '../../test/report-fixture-exploratory.ts'
import { writeCalibration, writeSlices } from './exploratory-text.ts'

const [calibration] = exploratorySections.calibration
const [slices] = exploratorySections.slices

test('whether mixing makes the student overrate itself is said with its interval', () => {
  expect(calibration!.says).toBe(
    'Mixing made the student surer of itself than it made it right (+8.5 points, 95 % interval 6.0 to 11.0). ' +
      'With synthetic examples its probability is on average 6.1 points above its share of right answers; ' +
      'without them, on average 2.4 points below its share of right answers.',
  )
  const change = { value: 0.01, interval: { low: -0.01, high: 0.03 } }
  expect(writeCalibration({ ...calibration!, change })).toContain('cannot be told from chance')
})

test('the slices that were helped and hurt most are named, and the small ones counted', () => {
  expect(slices!.says).toBe(
    'Synthetic examples helped most on phase of flight = Climb (+14.1: 70.0 to 84.1 of accuracy) and ' +
      'hurt most on phase of flight = Landing roll (−10.2: 70.0 to 59.8 of accuracy); beyond chance, ' +
      'after Holm over 4 slices, better on 1 and worse on 1. 2 slices had too few held-out rows to be tested.',
  )
  const tested = slices!.tested.slice(1, 3)
  expect(writeSlices({ ...slices!, tested, small: 0 })).toBe(
    'On no slice is the difference in accuracy beyond chance (after Holm over 2 slices).',
  )
  expect(writeSlices({ ...slices!, tested: [], small: 1 })).toContain('No slice had enough')
})
