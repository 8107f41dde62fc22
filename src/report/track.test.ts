import { expect, test } from 'vitest'
import { scaleFor } from './track.ts'

test('an axis holds all its values and ends on round numbers', () => {
  const scale = scaleFor([-9.7, 10.3, 0, 5])
  expect(scale.ticks).toEqual([-10, -5, 0, 5, 10, 15])
  expect(scale.decimals).toBe(0)
  expect([scale.place(-10), scale.place(2.5), scale.place(15)]).toEqual([3, 50, 97])
})

test('an axis of shares does not run past its bounds', () => {
  const scale = scaleFor([91, 99.8], { low: 0, high: 100 })
  expect(scale.ticks).toEqual([90, 92, 94, 96, 98, 100])
})

test('small numbers get the digits that tell ticks apart', () => {
  expect(scaleFor([0.006, 0.021]).decimals).toBe(3)
})

test('one value alone still has an axis, and none is an error', () => {
  const scale = scaleFor([50])
  expect(scale.place(50)).toBeGreaterThanOrEqual(3)
  expect(scale.place(50)).toBeLessThanOrEqual(97)
  expect(() => scaleFor([Number.NaN])).toThrow(RangeError)
})
