import { expect, test } from 'vitest'
import { spearman } from './spearman.ts'

// Values of scipy.stats.spearmanr (1.x).
test('agrees with scipy, with ties and without', () => {
  const scores = [0.61, 0.64, 0.58, 0.7, 0.66, 0.69]
  expect(spearman(scores, [0.55, 0.6, 0.57, 0.71, 0.72, 0.65])).toBeCloseTo(0.7714285714285715, 12)
  expect(spearman([1, 2, 2, 3, 5, 5, 5], [2, 1, 4, 3, 6, 6, 2])).toBeCloseTo(0.5526065521258618, 12)
  expect(spearman([1, 2, 3, 4], [4, 3, 2, 1])).toBe(-1)
})

test('is not defined for two pairs, nor where one side has no order', () => {
  expect(spearman([1, 2], [1, 2])).toBeNull()
  expect(spearman([1, 1, 1], [1, 2, 3])).toBeNull()
  expect(() => spearman([1, 2, 3], [1, 2])).toThrow(RangeError)
})
