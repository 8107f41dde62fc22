import { expect, test } from 'vitest'
import type { Answer, Outcome } from './outcome.ts'
import { measureUplift } from './uplift.ts'

/** Answers to items of label "a", 1 for right and 0 for wrong; `perGroup` items in a row are of one group. */
function answersOf(row: readonly number[], perGroup = 1): readonly Answer[] {
  return row.map((right, item) => ({
    id: `i${item}`,
    group: `g${Math.floor(item / perGroup)}`,
    gold: 'a',
    predicted: right === 1 ? 'a' : 'b',
  }))
}

/** Outcomes of one arm, a row for each replicate. */
function armOf(arm: string, rows: readonly (readonly number[])[], perGroup = 1): readonly Outcome[] {
  return rows.map((row, replicate) => ({ task: 'damage', arm, replicate, answers: answersOf(row, perGroup) }))
}

const accuracy = { name: 'accuracy' } as const
const given = { task: 'damage', metric: accuracy, regime: 'sealed' } as const
const first = [1, 0, 1, 1, 1, 0, 1, 1]
const second = [0, 0, 1, 0, 1, 0, 1, 1]

test('two arms that never vary are compared as the paired t test does', () => {
  // scipy 1.17.1, ttest_rel of the two rows: p and 95 % interval.
  const uplift = measureUplift({
    ...given,
    mixed: armOf('mixed', [first, first, first, first, first]),
    rival: armOf('real', [second, second, second, second, second]),
  })
  expect(uplift.value).toBeCloseTo(0.25, 14)
  expect(uplift.p).toBeCloseTo(0.1704706607870538, 12)
  expect(uplift.interval[0]).toBeCloseTo(-0.1370024865375798, 12)
  expect(uplift.interval[1]).toBeCloseTo(0.6370024865375798, 12)
  expect(uplift).toMatchObject({ mixed: 0.75, rival: 0.5, replicates: 5, items: 8, degreesOfFreedom: 7 })
})

test('items of one group count as one draw', () => {
  const uplift = measureUplift({
    ...given,
    mixed: armOf('mixed', [first], 2),
    rival: armOf('real', [second], 2),
  })
  // Means of the four groups' differences: 0.5, 0.5, 0, 0. Their standard error is sqrt(1/12 / 4).
  expect(uplift.standardError).toBeCloseTo(Math.sqrt(1 / 12 / 4), 12)
  expect(uplift.degreesOfFreedom).toBe(3)
  expect(uplift.design.items).toBe(4)
})

test('identical arms differ by nothing', () => {
  const uplift = measureUplift({
    ...given,
    mixed: armOf('mixed', [first, first]),
    rival: armOf('real', [first, first]),
  })
  expect(uplift).toMatchObject({ value: 0, p: 1, interval: [0, 0], smallestDetectable: 0 })
  expect(uplift.cautions.join(' ')).toContain('No answer differed')
})

test('an arm that is always right against one that is never is tested by signs', () => {
  const all = measureUplift({
    ...given,
    mixed: armOf('mixed', [first.map(() => 1)]),
    rival: armOf('real', [first.map(() => 0)]),
  })
  expect(all.p).toBe(2 / 2 ** 8)
})

test('of errors the smaller is better', () => {
  const metric = {
    name: 'mean-absolute-error',
    itemScore: ({ gold, predicted }: { gold: string; predicted: string | null }) =>
      gold === predicted ? 0 : 3,
  } as const
  const uplift = measureUplift({
    ...given,
    metric,
    mixed: armOf('mixed', [first]),
    rival: armOf('real', [second]),
  })
  expect(uplift).toMatchObject({ mixed: 0.75, rival: 1.5, value: 0.75 })
})

test('an answer that could not be read counts as wrong', () => {
  const answers = answersOf(first).map(({ id, group, gold }) => ({ id, group, gold, predicted: null }))
  const unread = { task: 'damage', arm: 'mixed', replicate: 0, answers }
  expect(measureUplift({ ...given, mixed: [unread], rival: armOf('real', [second]) }).mixed).toBe(0)
})

test('accuracy on a sealed test set brings an exact McNemar test of each pair of seeds', () => {
  const { mcnemar } = measureUplift({
    ...given,
    mixed: armOf('mixed', [first, second]),
    rival: armOf('real', [second, first]),
  })
  expect(mcnemar).toMatchObject([
    { replicate: 0, onlyMixed: 2, onlyRival: 0 },
    { replicate: 1, onlyMixed: 0, onlyRival: 2 },
  ])
  for (const { p } of mcnemar) expect(p).toBeCloseTo(0.5, 12)
})

test('cautions name few items, few seeds, an arm trained once and rare labels', () => {
  const { cautions } = measureUplift({
    ...given,
    metric: { name: 'macro-f1', labels: ['a', 'c'] },
    mixed: armOf('mixed', [first, second]),
    rival: armOf('real', [second]),
  })
  expect(cautions).toEqual([
    'The test set has 8 independent items, fewer than the 200 that a sealed test asks for.',
    'Arm "mixed" was trained under 2 seeds, fewer than 5.',
    'Arm "real" was trained once: how much it varies is not in the interval.',
    'Macro-F1 rests on few held-out items of some labels ("a" 8, "c" 0): each item moves it much.',
  ])
})

test('arms that did not answer the same items are refused', () => {
  expect(() =>
    measureUplift({ ...given, mixed: armOf('mixed', [first]), rival: armOf('real', [second.slice(1)]) }),
  ).toThrow('arm "real", replicate 0, did not answer the same items as arm "mixed"')
})

/** Splits each row into two folds: the first half of the items and the second. */
function foldsOf(arm: string, rows: readonly (readonly number[])[]): readonly Outcome[] {
  return rows.flatMap((row, repeat) =>
    [answersOf(row).slice(0, 4), answersOf(row).slice(4)].map((answers, fold) => ({
      task: 'damage',
      arm,
      replicate: repeat * 2 + fold,
      answers,
    })),
  )
}

test('cross-validation is corrected for what its folds share', () => {
  const uplift = measureUplift({
    ...given,
    regime: 'scarce',
    folds: { train: 4, test: 4 },
    mixed: foldsOf('mixed', [first]),
    rival: foldsOf('real', [second]),
  })
  // Differences of the folds: 0.5 and 0. Nadeau and Bengio: 0.125 (1/2 + 4/4), with 1 degree of freedom.
  expect(uplift.standardError).toBeCloseTo(Math.sqrt(0.125 * 1.5), 12)
  expect(uplift).toMatchObject({ value: 0.25, degreesOfFreedom: 1, replicates: 2, items: 8, mcnemar: [] })
})

test('arms cross-validated on different folds are refused', () => {
  const mixed = foldsOf('mixed', [first])
  const [low, high] = foldsOf('real', [second])
  const rival = [
    { ...low!, replicate: 1 },
    { ...high!, replicate: 0 },
  ]
  expect(() => measureUplift({ ...given, regime: 'scarce', mixed, rival })).toThrow(
    'not cross-validated on the same folds',
  )
})

test('folds that are not whole repeats are refused', () => {
  const mixed = foldsOf('mixed', [first, second]).slice(0, 3)
  expect(() => measureUplift({ ...given, regime: 'scarce', mixed, rival: mixed })).toThrow(
    'are not whole repeats',
  )
})
