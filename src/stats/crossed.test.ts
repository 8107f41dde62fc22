import { expect, test } from 'vitest'
import { crossedVariance, expectedVariance, type ScoreTable } from './crossed.ts'
import { meanOf } from './moments.ts'

function tableOf(rows: readonly (readonly number[])[]): ScoreTable {
  const scores = rows.map(meanOf)
  return { scores, parts: rows.map((row, seed) => Float64Array.from(row, value => value - scores[seed]!)) }
}

// Mean squares 0.0775 (2), 0.1875 (3) and 0.0075 (6) by statsmodels 0.15.0, anova_lm of y ~ C(seed) + C(item).
const table = tableOf([
  [0.9, 0.4, 0.7, 0.2],
  [0.8, 0.5, 0.9, 0.4],
  [0.5, 0.3, 0.6, 0.1],
])

test('the variance of one mean is that of the two-way mean squares', () => {
  const { variance, freedom, components } = crossedVariance([table])
  expect(variance).toBeCloseTo((0.0775 + 0.1875 - 0.0075) / 12, 14)
  expect(freedom).toBeCloseTo(0.2575 ** 2 / (0.0775 ** 2 / 2 + 0.1875 ** 2 / 3 + 0.0075 ** 2 / 6), 10)
  expect(components.arms[0]!.seed).toBeCloseTo(0.0175, 14)
  expect(components.arms[0]!.residual).toBeCloseTo(0.0075, 14)
  expect(components.item).toBeCloseTo(0.06, 14)
})

test('two arms trained once are compared as the paired t test does', () => {
  // scipy 1.17.1, ttest_rel: p 0.1704706607870538 from t 1.5275252316519468 with 7 degrees of freedom.
  const first = tableOf([[1, 0, 1, 1, 1, 0, 1, 1]])
  const second = tableOf([[0, 0, 1, 0, 1, 0, 1, 1]])
  const { variance, freedom } = crossedVariance([first, second])
  expect(0.25 / Math.sqrt(variance)).toBeCloseTo(1.5275252316519468, 12)
  expect(freedom).toBe(7)
})

function withoutItems(scores: readonly number[]): ScoreTable {
  return { scores, parts: scores.map(() => new Float64Array(50)) }
}

test('where items do not matter, seeds are compared as Welch does', () => {
  // scipy 1.17.1, ttest_ind with equal_var=False: 6.592863987373885 degrees of freedom.
  const { variance, freedom } = crossedVariance([
    withoutItems([0.71, 0.74, 0.69, 0.77, 0.73]),
    withoutItems([0.62, 0.7, 0.66, 0.58, 0.69]),
  ])
  expect(variance).toBeCloseTo(0.000684, 14)
  expect(freedom).toBeCloseTo(6.592863987373885, 10)
})

test('an arm whose seeds all do the same adds nothing but its items', () => {
  const still = tableOf([
    [1, 0, 1, 0],
    [1, 0, 1, 0],
    [1, 0, 1, 0],
  ])
  const once = tableOf([[1, 0, 1, 0]])
  expect(crossedVariance([table, still]).variance).toBeCloseTo(crossedVariance([table, once]).variance, 14)
})

test('the expected variance of the same design is the one found', () => {
  const found = crossedVariance([table])
  const expected = expectedVariance(found.components, { seeds: [3], items: 4 })
  expect(expected.variance).toBeCloseTo(found.variance, 14)
  expect(expected.freedom).toBeCloseTo(found.freedom, 10)
})

test('more items take away the items part of the variance, and only more seeds the rest', () => {
  const { components } = crossedVariance([table])
  const endless = expectedVariance(components, { seeds: [3], items: 1e9 }).variance
  expect(endless).toBeCloseTo(0.0175 / 3, 8)
})
