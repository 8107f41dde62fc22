import { expect, test } from 'vitest'
import { apportion } from './apportion.ts'

test('apportioning gives whole numbers that sum to the total', () => {
  // Hamilton's method on the shares of the textbook example 21.878, 9.713, 4.167, 3.252, 0.989 of 40 seats.
  expect(apportion([21.878, 9.713, 4.167, 3.252, 0.989], 40)).toEqual([22, 10, 4, 3, 1])
  expect(apportion([0, 0], 5)).toEqual([0, 0])
  expect(apportion([1, 1, 1], 1)).toEqual([1, 0, 0])
})
