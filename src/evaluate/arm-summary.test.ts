import { expect, test } from 'vitest'
import { summariseArm } from './arm-summary.ts'
import type { Outcome } from './outcome.ts'

function outcomesOf(replicates: readonly (readonly (string | null)[])[]): readonly Outcome[] {
  return replicates.map((predictions, replicate) => ({
    task: 'damage',
    arm: 'real',
    replicate,
    answers: predictions.map((predicted, item) => ({
      id: `${item}`,
      group: `${item}`,
      gold: item < 2 ? 'y' : 'n',
      predicted,
    })),
  }))
}

test('label arms have accuracy, macro-F1 and the recall of each label', () => {
  const summary = summariseArm({
    outcomes: outcomesOf([
      ['y', 'y', 'n', 'n', 'n'],
      ['y', null, 'n', 'n', 'y'],
    ]),
    metric: { name: 'macro-f1', labels: ['y', 'n'] },
    labels: ['y', 'n'],
    regime: 'sealed',
  })
  expect(summary.arm).toBe('real')
  expect(summary.scores['accuracy']!.mean).toBeCloseTo(0.8, 14)
  expect(summary.scores['accuracy']!.sd).toBeCloseTo(Math.sqrt(0.08), 14)
  // Second replicate: y 1 hit, 2 gold, 2 answered: 0.5; n 2 hits, 3 gold, 2 answered: 0.8.
  expect(summary.scores['macro-f1']!.mean).toBeCloseTo((1 + 0.65) / 2, 14)
  expect(summary.recall.map(({ label, support, recall }) => ({ label, support, recall }))).toEqual([
    { label: 'y', support: 2, recall: 0.75 },
    { label: 'n', support: 3, recall: 5 / 6 },
  ])
  expect(summary.unparsed).toEqual({ count: 1, share: 0.1 })
})

test('the interval of an arm that never varies is that of a mean over items', () => {
  const { scores } = summariseArm({
    outcomes: outcomesOf([
      ['y', 'n', 'n', 'n', 'y'],
      ['y', 'n', 'n', 'n', 'y'],
    ]),
    metric: { name: 'accuracy' },
    regime: 'sealed',
  })
  // 3 of 5 right: standard error sqrt(0.3 / 5), t of 4 degrees of freedom 2.7764451 (scipy 1.17.1).
  const half = 2.7764451051977934 * Math.sqrt(0.3 / 5)
  expect(scores['accuracy']!.interval[0]).toBeCloseTo(0.6 - half, 12)
  expect(scores['accuracy']!.interval[1]).toBeCloseTo(0.6 + half, 12)
})

test('in cross-validation each item counts once as support', () => {
  const [whole] = outcomesOf([['y', 'y', 'n', 'n', 'n']])
  const folds = [whole!.answers.slice(0, 3), whole!.answers.slice(3)]
  const outcomes = [0, 1].flatMap(repeat =>
    folds.map((answers, fold) => ({ task: 'damage', arm: 'real', replicate: repeat * 2 + fold, answers })),
  )
  const summary = summariseArm({
    outcomes,
    metric: { name: 'accuracy' },
    labels: ['y', 'n'],
    regime: 'scarce',
  })
  expect(summary.recall.map(({ support }) => support)).toEqual([2, 3])
  expect(summary.scores['accuracy']).toMatchObject({ mean: 1, sd: 0 })
})

test('a task without labels has its metric alone', () => {
  const summary = summariseArm({
    outcomes: outcomesOf([['y', 'y', 'n', 'n', 'n']]),
    metric: { name: 'token-f1', itemScore: () => 0.5 },
    regime: 'sealed',
  })
  expect(Object.keys(summary.scores)).toEqual(['token-f1'])
  expect(summary.recall).toEqual([])
})
