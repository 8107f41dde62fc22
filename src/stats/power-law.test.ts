import { expect, test } from 'vitest'
import { createRandom } from '../data/random.ts'
import { examplesFor, fitPowerLaw, forecastError, meanExponent, sizeOf } from './power-law.ts'

/** Errors that vary by `deviation` at each size and together by half of their variance. */
const covarianceOf = (sizes: readonly number[], deviation: number): number[] =>
  sizes.flatMap((_, row) => sizes.map((__, column) => deviation ** 2 * (row === column ? 1 : 0.5)))

const sizes = [10, 20, 40, 80]
const law = fitPowerLaw({ sizes, errors: [0.42, 0.33, 0.26, 0.21], covariance: covarianceOf(sizes, 0.015) })

// Computed with numpy: 4,000,000 draws of floor, exponent and error from what is assumed of them, weighed by the normal
// density of the errors, 400,000 drawn again by those weights; good to about 0.0005, and 3 of the numbers of examples.
test('forecasts are those of a Monte Carlo integration over all power laws', () => {
  const drawn: [number, number, number, number][] = [
    [80, 0.1834, 0.2095, 0.2362],
    [160, 0.1396, 0.171, 0.207],
    [320, 0.1035, 0.1417, 0.1908],
  ]
  for (const [size, low, value, high] of drawn) {
    const forecast = forecastError(law, size)
    expect(Math.abs(forecast.value - value)).toBeLessThan(0.0015)
    expect(Math.abs(forecast.interval[0] - low)).toBeLessThan(0.0015)
    expect(Math.abs(forecast.interval[1] - high)).toBeLessThan(0.0015)
  }
  const need = examplesFor(law, 80, 0.05)
  expect(Math.abs(need.value - 123.9)).toBeLessThan(4)
  expect(Math.abs(need.interval[0] - 95.6)).toBeLessThan(4)
  expect(Math.abs(need.interval[1] - 350)).toBeLessThan(12)
  expect(meanExponent(law)).toBeCloseTo(0.425, 2)
})

test('of curves with noise, the interval holds the error at four times the size about as often as it says', () => {
  const random = createRandom(1, 'curves')
  const grown = [25, 35, 50, 71, 100]
  let held = 0
  const draws = 60
  for (let draw = 0; draw < draws; draw++) {
    const [floor, exponent] = [0.6 * random.next() ** 2, 0.35 + 0.6 * random.next()]
    const errorAt = (size: number): number => 0.25 * (floor + (1 - floor) * (size / 100) ** -exponent)
    const shift = 0.01 * Math.SQRT1_2 * random.normal()
    const errors = grown.map(size => errorAt(size) + shift + 0.01 * Math.SQRT1_2 * random.normal())
    const { interval } = forecastError(
      fitPowerLaw({ sizes: grown, errors, covariance: covarianceOf(grown, 0.01) }),
      400,
    )
    if (errorAt(400) >= interval[0] && errorAt(400) <= interval[1]) held++
  }
  expect(held / draws).toBeGreaterThan(0.92)
})

test('an error at its floor asks for more examples than there are', () => {
  const flat = fitPowerLaw({ sizes, errors: [0.2, 0.2, 0.2, 0.2], covariance: covarianceOf(sizes, 0.001) })
  expect(examplesFor(flat, 80, 0.1).interval[1]).toBe(Infinity)
  expect(examplesFor(flat, 80, 0.3).value).toBe(Infinity)
})

test('two sizes are no curve', () => {
  expect(() => fitPowerLaw({ sizes: [1, 2], errors: [0.2, 0.1], covariance: [1, 0, 0, 1] })).toThrow(
    RangeError,
  )
})

test('the size of another learner is where a known curve has its error', () => {
  const sizes = [50, 100, 200, 400]
  const errors = sizes.map(size => 2 * size ** -0.5)
  const covariance = sizes.flatMap((_, row) => sizes.map((__, column) => (row === column ? 1e-8 : 0)))
  const other = { error: 2 * 600 ** -0.5, variance: 1e-8, covariance: sizes.map(() => 0) }
  const law = fitPowerLaw({ sizes, errors, covariance, other })
  const { value, interval } = sizeOf(law, { bounds: [50, 1600] })
  expect(value).toBeGreaterThan(550)
  expect(value).toBeLessThan(680)
  expect(interval[0]).toBeLessThan(600)
  expect(interval[1]).toBeGreaterThan(600)
  const worse = fitPowerLaw({ sizes, errors, covariance, other: { ...other, error: 0.5 } })
  expect(sizeOf(worse, { bounds: [50, 1600] })).toEqual({ value: 0, interval: [0, 0] })
  const best = fitPowerLaw({ sizes, errors, covariance, other: { ...other, error: 0.001 } })
  expect(sizeOf(best, { bounds: [50, 1600] }).value).toBe(Infinity)
})

test('what the other learner shares with the curve narrows the size', () => {
  const sizes = [50, 100, 200, 400]
  const errors = sizes.map(size => 2 * size ** -0.5)
  const covariance = sizes.flatMap((_, row) => sizes.map((__, column) => (row === column ? 1.001e-4 : 1e-4)))
  const width = (shared: number): number => {
    const other = { error: 0.09, variance: 1.001e-4, covariance: sizes.map(() => shared) }
    const { interval } = sizeOf(fitPowerLaw({ sizes, errors, covariance, other }), { bounds: [50, 1600] })
    return interval[1] - interval[0]
  }
  expect(width(9e-5)).toBeLessThan(width(0))
})
