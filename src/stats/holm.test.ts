import { expect, test } from 'vitest'
import { adjustHolm } from './holm.ts'

test('adjusted p values agree with statsmodels 0.15.0 (multipletests, holm), in the order given', () => {
  for (const [index, value] of [0.03, 0.06, 0.06, 0.02].entries())
    expect(adjustHolm([0.01, 0.04, 0.03, 0.005])[index]).toBeCloseTo(value, 14)
  for (const [index, value] of [0.6, 1, 1].entries())
    expect(adjustHolm([0.2, 0.6, 0.9])[index]).toBeCloseTo(value, 14)
})

test('one test alone is not adjusted', () => {
  expect(adjustHolm([0.04])).toEqual([0.04])
  expect(adjustHolm([])).toEqual([])
})
