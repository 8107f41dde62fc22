import { expect, test } from 'vitest'
import type { Outcome } from './outcome.ts'
import { chooseRival } from './rival.ts'

function outcomesOf(arm: string, folds: readonly string[]): readonly Outcome[] {
  return folds.map((answers, replicate) => ({
    task: 'damage',
    arm,
    replicate,
    answers: [...answers].map((predicted, item) => ({
      id: `${replicate}.${item}`,
      group: `${replicate}.${item}`,
      gold: item === 0 ? 'y' : 'n',
      predicted,
    })),
  }))
}

const metric = { name: 'macro-f1', labels: ['y', 'n'] } as const
const real = { arm: 'real', outcomes: outcomesOf('real', ['nnn', 'nnn']) }
const weighted = { arm: 'real-weighted', outcomes: outcomesOf('real-weighted', ['ynn', 'nnn']) }

test('the better arm by the pooled folds is the rival', () => {
  const { arm, scores, why } = chooseRival({ metric, candidates: [real, weighted] })
  expect(arm).toBe('real-weighted')
  // Pooled: y has 1 hit, 2 gold, 1 answered: 2/3; n has 4 hits, 4 gold, 5 answered: 8/9.
  expect(scores['real-weighted']).toBeCloseTo((2 / 3 + 8 / 9) / 2, 14)
  expect(scores['real']).toBeCloseTo((0 + 8 / 10) / 2, 14)
  expect(why).toBe('macro-f1 in cross-validation on the training rows: real-weighted 0.778, real 0.400')
})

test('of equals the first is the rival', () => {
  expect(chooseRival({ metric, candidates: [real, { ...real, arm: 'other' }] }).arm).toBe('real')
})

test('of errors the smaller wins', () => {
  const errors = {
    name: 'mean-absolute-error',
    itemScore: ({ predicted }: { predicted: string | null }) => (predicted === 'y' ? 9 : 1),
  } as const
  expect(chooseRival({ metric: errors, candidates: [weighted, real] }).arm).toBe('real')
})

test('without candidates there is no rival', () => {
  expect(() => chooseRival({ metric, candidates: [] })).toThrow('no arm without synthetic examples')
})
