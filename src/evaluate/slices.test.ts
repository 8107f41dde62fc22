import { expect, test } from 'vitest'
import type { Outcome } from './outcome.ts'
import { measureSlices, type Slice } from './slices.ts'
import { measureUplift } from './uplift.ts'

const ids = Array.from({ length: 120 }, (_, index) => `${index}`)

/** Right on the items for which `isRight` holds. */
function armOf(arm: string, isRight: (item: number) => boolean): readonly Outcome[] {
  return [0, 1].map(replicate => ({
    task: 'damage',
    arm,
    replicate,
    answers: ids.map((id, item) => ({ id, group: id, gold: 'y', predicted: isRight(item) ? 'y' : 'n' })),
  }))
}

function sliceOf(attribute: string, value: string, from: number, to: number): Slice {
  return { attribute, value, items: new Set(ids.slice(from, to)) }
}

/** Better on the first 40, worse on the second 40, equal on the rest. */
const mixed = armOf('mixed', item =>
  item < 40 ? item % 4 !== 0 : item < 80 ? item % 4 === 0 : item % 2 === 0,
)
const rival = armOf('real', item =>
  item < 40 ? item % 4 === 1 : item < 80 ? item % 4 !== 1 : item % 2 === 0,
)
const slices = [
  sliceOf('phase', 'climb', 40, 80),
  sliceOf('phase', 'approach', 0, 40),
  sliceOf('phase', 'parked', 80, 120),
  sliceOf('size', 'large', 0, 20),
  sliceOf('size', 'any', 0, 120),
]
const given = {
  metric: { name: 'macro-f1', labels: ['y', 'n'] },
  mixed,
  rival,
  regime: 'sealed',
  slices,
} as const

test('slices are scored alone, best first, small ones counted and the whole left out', () => {
  const { metric, tested, small } = measureSlices(given)
  expect(metric).toBe('accuracy')
  expect(small).toBe(1)
  expect(
    tested.map(({ value, items, mixed: with_, rival: without }) => [value, items, with_, without]),
  ).toEqual([
    ['approach', 40, 0.75, 0.25],
    ['parked', 40, 0.5, 0.5],
    ['climb', 40, 0.25, 0.75],
  ])
  expect(tested.map(({ uplift }) => uplift)).toEqual([0.5, 0, -0.5])
})

const firstForty = (outcomes: readonly Outcome[]) =>
  outcomes.map(outcome => ({ ...outcome, answers: outcome.answers.slice(0, 40) }))

test('p is that of the slice alone, and Holm adjusts it over the slices', () => {
  const { tested } = measureSlices(given)
  const alone = measureUplift({
    task: 'damage',
    metric: { name: 'accuracy' },
    mixed: firstForty(mixed),
    rival: firstForty(rival),
    regime: 'sealed',
  })
  const [best, none, worst] = tested
  expect(best!.p).toBe(alone.p)
  // Holm of the p's (p, 1, p) with p the smallest twice: 3 p and 3 p.
  expect(best!.pAdjusted).toBeCloseTo(3 * alone.p, 12)
  expect(worst!.pAdjusted).toBeCloseTo(3 * alone.p, 12)
  expect(none).toMatchObject({ p: 1, pAdjusted: 1 })
})

const folded = (outcomes: readonly Outcome[]): readonly Outcome[] =>
  outcomes.flatMap((outcome, repeat) =>
    [0, 1].map(fold => ({
      ...outcome,
      replicate: repeat * 2 + fold,
      answers: outcome.answers.filter((_, item) => item < 60 === (fold === 0)),
    })),
  )

test('in cross-validation a slice without items in some fold is not tested', () => {
  const { tested, small } = measureSlices({
    ...given,
    regime: 'scarce',
    mixed: folded(mixed),
    rival: folded(rival),
  })
  expect(tested.map(({ value }) => value)).toEqual(['climb'])
  expect(small).toBe(3)
})
