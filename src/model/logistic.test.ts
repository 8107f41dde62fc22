import { expect, test } from 'vitest'
import { fitLogistic, logisticProbabilities } from './logistic.ts'
import type { SparseRows } from './sparse-rows.ts'

function sparse(dense: readonly (readonly number[])[]): SparseRows {
  const entries = dense.map(row => [...row.entries()].filter(([, value]) => value !== 0))
  const starts = [0]
  for (const row of entries) starts.push(starts.at(-1)! + row.length)
  return {
    rows: dense.length,
    columns: dense[0]!.length,
    starts: Uint32Array.from(starts),
    indices: Uint32Array.from(entries.flat().map(([column]) => column)),
    values: Float64Array.from(entries.flat().map(([, value]) => value)),
  }
}

const dense = [
  [1, 0, 2],
  [0.5, 1, 0],
  [0, 0, 1],
  [2, 1, 0],
  [0, 3, 1],
  [1, 1, 1],
  [0, 2, 0],
  [3, 0, 0.5],
]
const rows = sparse(dense)
const targets = [0, 0, 1, 1, 2, 2, 2, 0]
const weights = [1, 2, 1, 0.5, 1, 3, 1, 1]
const tolerance = 1e-9

/** The largest difference between two lists of equal length. */
function distance(actual: ArrayLike<number>, expected: readonly number[]): number {
  expect(actual).toHaveLength(expected.length)
  return Math.max(...expected.map((value, index) => Math.abs(value - actual[index]!)))
}

// Expected figures: sklearn.linear_model.LogisticRegression(tol=1e-12, solver='newton-cholesky'), scikit-learn 1.7.2,
// on the rows above.

test('agrees with scikit-learn on three classes', () => {
  const model = fitLogistic({ rows, targets, classes: 3 }, { C: 2, tolerance })
  expect(
    distance(
      model.coefficients,
      [
        0.4012519693, -0.6081989059, 0.1116190516, -0.071564227, -0.5773128074, -0.4638202458, -0.3296877423,
        1.1855117133, 0.3522011942,
      ],
    ),
  ).toBeLessThan(1e-6)
  expect(distance(model.intercepts, [0.2234175563, 0.7934101814, -1.0168277377])).toBeLessThan(1e-6)
  expect(
    distance(
      logisticProbabilities(model, rows).slice(0, 6),
      [0.6353189285, 0.2215005243, 0.1431805472, 0.2742295757, 0.3948224809, 0.3309479434],
    ),
  ).toBeLessThan(1e-6)
})

test('agrees with scikit-learn on weighted rows', () => {
  const model = fitLogistic({ rows, targets, classes: 3 }, { C: 0.5, weights, tolerance })
  expect(
    distance(
      model.coefficients,
      [
        0.2155517161, -0.3525783833, -0.1734675292, -0.1346065544, -0.3119855037, -0.0652485401,
        -0.0809451617, 0.6645638671, 0.2387160693,
      ],
    ),
  ).toBeLessThan(1e-6)
  expect(distance(model.intercepts, [0.508432495, -0.2365470245, -0.2718854705])).toBeLessThan(1e-6)
})

test('agrees with scikit-learn on balanced classes', () => {
  const model = fitLogistic(
    { rows, targets: [0, 0, 1, 0, 2, 2, 2, 0], classes: 3 },
    { C: 20, classWeights: 'balanced', tolerance },
  )
  expect(
    distance(
      model.coefficients,
      [
        2.102038331, -1.0606843869, -1.0119474429, -2.8863613682, -2.1476930957, -0.2144818984, 0.7843230371,
        3.2083774826, 1.2264293413,
      ],
    ),
  ).toBeLessThan(1e-6)
  expect(distance(model.intercepts, [0.8940396543, 2.7432874278, -3.6373270821])).toBeLessThan(1e-6)
})

test('agrees with scikit-learn on two classes, which share one output', () => {
  const model = fitLogistic(
    { rows, targets: targets.map(target => Number(target === 2)), classes: 2 },
    { C: 1, weights, tolerance },
  )
  expect(distance(model.coefficients, [-0.1539839042, 1.193836414, 0.4750449445])).toBeLessThan(1e-6)
  expect(distance(model.intercepts, [-1.4447812812])).toBeLessThan(1e-6)
  expect(
    distance(
      logisticProbabilities(model, rows).slice(0, 4),
      [0.6567118817, 0.3432881183, 0.5812572887, 0.4187427113],
    ),
  ).toBeLessThan(1e-6)
})

test('agrees with scikit-learn where columns are equal, which are fitted as one', () => {
  const repeated = sparse(dense.map(([a, b, c]) => [a!, b!, c!, a!, b!, a!]))
  const model = fitLogistic({ rows: repeated, targets, classes: 3 }, { C: 2, tolerance })
  const expected = [
    [0.1548658458, -0.4027322668, 0.0549869807, 0.1548658458, -0.4027322668, 0.1548658458],
    [-0.0262536763, -0.3788764311, -0.535457164, -0.0262536763, -0.3788764311, -0.0262536763],
    [-0.1286121695, 0.7816086979, 0.4804701834, -0.1286121695, 0.7816086979, -0.1286121695],
  ]
  expect(distance(model.coefficients, expected.flat())).toBeLessThan(1e-6)
  expect(distance(model.intercepts, [0.3596193265, 1.0354781245, -1.395097451])).toBeLessThan(1e-6)
})

test('a row of weight two is the same as two rows', () => {
  const doubled = sparse([
    [1, 0],
    [1, 0],
    [0, 1],
    [1, 1],
  ])
  const single = sparse([
    [1, 0],
    [0, 1],
    [1, 1],
  ])
  const twice = fitLogistic({ rows: doubled, targets: [0, 0, 1, 1], classes: 2 }, { C: 1, tolerance })
  const once = fitLogistic(
    { rows: single, targets: [0, 1, 1], classes: 2 },
    { C: 1, weights: [2, 1, 1], tolerance },
  )
  expect(distance(once.coefficients, [...twice.coefficients])).toBeLessThan(1e-6)
})

test('without any column learns how frequent the classes are', () => {
  const empty: SparseRows = {
    rows: 4,
    columns: 0,
    starts: new Uint32Array(5),
    indices: new Uint32Array(),
    values: new Float64Array(),
  }
  const model = fitLogistic({ rows: empty, targets: [0, 1, 2, 2], classes: 3 }, { C: 1, tolerance })
  expect(distance(logisticProbabilities(model, empty).slice(0, 3), [0.25, 0.25, 0.5])).toBeLessThan(1e-6)
})

test('gives a single class all probability', () => {
  const model = fitLogistic({ rows, targets: targets.map(() => 0), classes: 1 }, { C: 1 })
  expect([...logisticProbabilities(model, rows)]).toEqual(targets.map(() => 1))
})

test('keeps probabilities finite for enormous scores', () => {
  const model = {
    classes: 3,
    coefficients: Float64Array.of(1e4, 0, -1e4),
    intercepts: Float64Array.of(0, 0, 0),
  }
  expect([...logisticProbabilities(model, sparse([[1]]))]).toEqual([1, 0, 0])
  const binary = { classes: 2, coefficients: Float64Array.of(1e4), intercepts: Float64Array.of(0) }
  expect([...logisticProbabilities(binary, sparse([[1], [-1]]))]).toEqual([0, 1, 1, 0])
})
