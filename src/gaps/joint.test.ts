import { expect, test } from 'vitest'
import { fitMargins } from './joint.ts'

test('fitting margins keeps the odds ratio, which settles a table of two by two', () => {
  // [[1,2],[3,4]] has odds ratio 2/3. With margins of one half, a / (1/2 - a) = sqrt(2/3), so a = sqrt(6)/2 - 1.
  const fitted = fitMargins(
    [1, 2, 3, 4],
    [2, 2],
    [
      [0.5, 0.5],
      [0.5, 0.5],
    ],
  )
  const a = Math.sqrt(6) / 2 - 1
  expect(fitted[0]).toBeCloseTo(a, 8)
  expect(fitted[1]).toBeCloseTo(0.5 - a, 8)
  expect(fitted[3]).toBeCloseTo(a, 8)
})

test('fitting margins meets them on three axes and keeps zeros', () => {
  const sizes = [2, 3, 2]
  const joint = [5, 0, 1, 2, 3, 4, 1, 1, 6, 2, 2, 3]
  const margins = [
    [0.3, 0.7],
    [0.2, 0.3, 0.5],
    [0.6, 0.4],
  ]
  const fitted = fitMargins(joint, sizes, margins)
  const margin = (axis: number, value: number): number =>
    fitted
      .filter((_, index) => [Math.floor(index / 6), Math.floor(index / 2) % 3, index % 2][axis] === value)
      .reduce((a, b) => a + b, 0)
  for (const [axis, wanted] of margins.entries()) {
    for (const [value, share] of wanted.entries()) expect(margin(axis, value)).toBeCloseTo(share, 8)
  }
  expect(fitted[1]).toBe(0)
})
