import { expect, test } from 'vitest'
import { createRandom } from '../data/random.ts'
import { meanOf } from './moments.ts'
import {
  expectedResampledVariance,
  resampledVariance,
  resamplingComponents,
  type Resampling,
} from './resampled.ts'

test('one round of cross-validation is corrected as Nadeau and Bengio do', () => {
  // numpy 2: var(ddof=1) * (1/10 + 0.25) of ten fold differences.
  const differences = [0.02, 0.05, -0.01, 0.03, 0.04, 0, 0.06, 0.02, 0.01, 0.03]
  const { variance, freedom } = resampledVariance(
    { values: [Float64Array.from(differences)], foldOf: [Int32Array.from(differences.keys())] },
    0.25,
  )
  expect(variance).toBeCloseTo(0.00016527777777777778, 14)
  expect(freedom).toBe(9)
})

test('what every repeat finds again is corrected in full', () => {
  // The fold means of each repeat are 2 and 0: their variance is 4/3, and all of it returns.
  const once = Float64Array.from([2, 2, 0, 0])
  const foldOf = Int32Array.from([0, 0, 1, 1])
  const { variance } = resampledVariance({ values: [once, once], foldOf: [foldOf, foldOf] }, 1)
  const persistent = 4 / 3 / 2
  expect(variance).toBeCloseTo(4 / 3 / 4 + persistent, 14)
})

/** Draws with known components; folds are dealt anew in each repeat. */
function draw(
  truth: { item: number; seed: number; residual: number },
  random: ReturnType<typeof createRandom>,
): Resampling {
  const items = Array.from({ length: 100 }, () => random.normal(0, Math.sqrt(truth.item)))
  const repeats = Array.from({ length: 5 }, () => {
    const order = random.shuffle([...items.keys()])
    const foldOf = new Int32Array(items.length)
    for (const [position, item] of order.entries()) foldOf[item] = position % 5
    const seeds = Array.from({ length: 5 }, () => random.normal(0, Math.sqrt(truth.seed)))
    const values = Float64Array.from(
      items,
      (value, item) => value + seeds[foldOf[item]!]! + random.normal(0, Math.sqrt(truth.residual)),
    )
    return { values, foldOf }
  })
  return { values: repeats.map(({ values }) => values), foldOf: repeats.map(({ foldOf }) => foldOf) }
}

test('components are right on average over draws in which they are known', () => {
  const random = createRandom(1, 'components')
  const truth = { item: 1, seed: 0.3, residual: 2 }
  const drawn = Array.from({ length: 400 }, () => resamplingComponents(draw(truth, random)))
  // Standard errors over 400 draws: 0.011, 0.006 and 0.008; margins are four of them.
  expect(Math.abs(meanOf(drawn.map(({ item }) => item)) - truth.item)).toBeLessThan(0.045)
  expect(Math.abs(meanOf(drawn.map(({ seed }) => seed)) - truth.seed)).toBeLessThan(0.025)
  expect(Math.abs(meanOf(drawn.map(({ residual }) => residual)) - truth.residual)).toBeLessThan(0.035)
})

test('where every fold draws anew, the variance is that of independent folds', () => {
  const random = createRandom(2, 'fresh')
  const truth = { item: 0, seed: 0.3, residual: 2 }
  const found = meanOf(
    Array.from({ length: 200 }, () => resampledVariance(draw(truth, random), 0.25).variance),
  )
  const independent = (0.3 + 2 / 20) / 25
  expect(found / independent).toBeGreaterThan(0.95)
  expect(found / independent).toBeLessThan(1.3)
})

test('the expected variance is the mean of those found', () => {
  const random = createRandom(3, 'expected')
  const truth = { item: 1, seed: 0.3, residual: 2 }
  const found = meanOf(
    Array.from({ length: 300 }, () => resampledVariance(draw(truth, random), 0.25).variance),
  )
  const { variance } = expectedResampledVariance(
    { arms: [{ seed: truth.seed, residual: truth.residual }], item: truth.item },
    { repeats: 5, folds: 5, items: 100, testPerTrain: 0.25 },
  )
  expect(found / variance).toBeGreaterThan(0.95)
  expect(found / variance).toBeLessThan(1.05)
})
