import { expect, test } from 'vitest'
import { writeEquivalent } from './equivalent-text.ts'

const given = { synthetic: 4000, real: 300, reach: { low: -262, high: 900 } }

function told(value: number, low: number, high: number): string {
  return writeEquivalent({ ...given, worth: { value, low, high } }, null)
}

test('what synthetic examples were worth is a sentence with its interval', () => {
  expect(told(211, 90, 604)).toBe(
    'These 4,000 synthetic examples were worth 210 real ones (95 % interval 90 to 600).',
  )
  expect(told(30, -20, 900)).toBe(
    'These 4,000 synthetic examples were worth 30 real ones (95 % interval −20 to more than 900). As zero is among these, it may be nothing.',
  )
})

test('what they cost is said as a cost', () => {
  expect(told(-100, -150, -40)).toBe(
    'These 4,000 synthetic examples cost the worth of 100 real ones (95 % interval −150 to −40).',
  )
  expect(told(-262, -262, -200)).toContain('cost the worth of more than 260 real ones')
})

test('beyond the curve nothing is extrapolated', () => {
  expect(told(900, 300, 900)).toBe(
    'These 4,000 synthetic examples were worth more than 900 real ones, at least 300: farther than 4 times the 300 there are the curve is not drawn.',
  )
  expect(told(900, -20, 900)).toContain('cannot be told: anything from −20 to more than 900')
  expect(writeEquivalent({ ...given, worth: null }, 'the curve is flat')).toBe(
    'What these 4,000 synthetic examples were worth in real ones cannot be told: the curve is flat.',
  )
})
