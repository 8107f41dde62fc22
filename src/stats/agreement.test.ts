import { expect, test } from 'vitest'
import { cohenKappa, krippendorffAlpha } from './agreement.ts'

const first = 'accept accept fix reject fix reject accept reject accept fix'.split(' ')
const second = 'accept fix fix reject accept reject accept accept accept fix'.split(' ')
const pairs = first.map((rating, index) => [rating, second[index]!] as const)

test('kappa is that of scikit-learn', () => {
  // sklearn.metrics.cohen_kappa_score(first, second), scikit-learn 1.9.1
  expect(cohenKappa(pairs)).toBeCloseTo(0.5384615384615384, 12)
})

test('kappa is what is computed by hand', () => {
  // 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no: agreement 0.7 where chance gives 0.5, so 0.2 / 0.5.
  const reviews = [
    ...Array.from({ length: 20 }, () => ['yes', 'yes'] as const),
    ...Array.from({ length: 5 }, () => ['yes', 'no'] as const),
    ...Array.from({ length: 10 }, () => ['no', 'yes'] as const),
    ...Array.from({ length: 15 }, () => ['no', 'no'] as const),
  ]
  expect(cohenKappa(reviews)).toBeCloseTo(0.4, 12)
})

test('alpha of the four observers with missing ratings is the published 0.743', () => {
  // Krippendorff 2011, section C; a point is a missing rating. The krippendorff package 0.9.0 gives 0.743421052631579.
  const observers = ['123321412...', '1233224125.3', '.3332342251.', '12332441251.']
  const units = Array.from({ length: 12 }, (_, unit) =>
    observers.map(ratings => ratings[unit]!).filter(rating => rating !== '.'),
  )
  expect(krippendorffAlpha(units)).toBeCloseTo(0.743421052631579, 12)
})

test('alpha of two raters without gaps is that of the krippendorff package', () => {
  // krippendorff.alpha(..., level_of_measurement='nominal'), krippendorff 0.9.0
  expect(krippendorffAlpha(pairs)).toBeCloseTo(0.5581395348837208, 12)
})

test('raters who differ on everything are worse than chance', () => {
  expect(
    cohenKappa([
      ['accept', 'reject'],
      ['reject', 'accept'],
    ]),
  ).toBe(-1)
  expect(
    krippendorffAlpha([
      ['accept', 'reject'],
      ['reject', 'accept'],
    ]),
  ).toBeCloseTo(-0.5, 12)
})

test('agreement is not defined without common items, nor where all ratings are the same', () => {
  expect(cohenKappa([])).toBeNull()
  expect(
    cohenKappa([
      ['accept', 'accept'],
      ['accept', 'accept'],
    ]),
  ).toBeNull()
  expect(krippendorffAlpha([['accept'], [], ['reject']])).toBeNull()
  expect(
    krippendorffAlpha([
      ['accept', 'accept'],
      ['accept', 'accept'],
    ]),
  ).toBeNull()
})
