import { expect, test } from 'vitest'
import { createRandom } from '../data/random.ts'
import type { Outcome } from './outcome.ts'
import { measureEquivalent } from './real-equivalent.ts'

const items = 2000
const sizes = [50, 100, 200, 400]
const random = createRandom(1, 'real equivalent')
const luck = Array.from({ length: items }, () => random.next())
const own = Array.from({ length: 3 }, () => Array.from({ length: items }, () => random.normal(0, 0.03)))

/** An arm that errs on each item with about the given probability, the same items first. */
function armOf(arm: string, error: number, replicates = 3): readonly Outcome[] {
  return Array.from({ length: replicates }, (_, replicate) => ({
    task: 'task',
    arm,
    replicate,
    answers: luck.map((value, item) => {
      const wrong = value + own[replicate]![item]! < error
      return { id: `${item}`, group: `${item}`, gold: 'y', predicted: wrong ? 'n' : 'y' }
    }),
  }))
}

/** Error 2 / sqrt(size): 0.283, 0.2, 0.141, 0.1. */
const curve = sizes.map(examples => ({ examples, outcomes: armOf(`${examples}`, 2 / Math.sqrt(examples)) }))
const given = { metric: { name: 'accuracy' }, regime: 'sealed', curve } as const

test('an arm as good as twice the rows of a known power law is worth as many more', () => {
  const found = measureEquivalent({ ...given, mixed: armOf('mixed', 2 / Math.sqrt(800)) })
  expect(found.real).toBe(400)
  expect(found.points.map(({ examples }) => examples)).toEqual(sizes)
  expect(found.worth!.value).toBeGreaterThan(300)
  expect(found.worth!.value).toBeLessThan(700)
  expect(found.worth!.low).toBeGreaterThan(100)
  expect(found.worth!.low).toBeLessThan(400)
  expect(found.worth!.high).toBeGreaterThan(400)
})

test('an arm as good as half of the rows costs the other half', () => {
  const { worth } = measureEquivalent({ ...given, mixed: armOf('mixed', 2 / Math.sqrt(200)) })
  expect(worth!.value).toBeGreaterThan(-240)
  expect(worth!.value).toBeLessThan(-160)
  expect(worth!.high).toBeLessThan(0)
})

test('what lies beyond four times the rows is said to, not extrapolated', () => {
  const { worth, reach } = measureEquivalent({ ...given, mixed: armOf('mixed', 0.005) })
  expect(reach).toEqual({ low: -350, high: 1200 })
  expect(worth).toMatchObject({ value: 1200, high: 1200 })
  expect(worth!.low).toBeGreaterThan(0)
})

test('from a flat curve nothing is read off', () => {
  const flat = sizes.map(examples => ({ examples, outcomes: armOf(`${examples}`, 0.2) }))
  const found = measureEquivalent({ ...given, curve: flat, mixed: armOf('mixed', 0.15) })
  expect(found).toMatchObject({ worth: null, law: [] })
  expect(found.why).toContain('hardly changed')
})

test('too few parts to draw a curve are said to be', () => {
  const found = measureEquivalent({ ...given, curve: curve.slice(2), mixed: armOf('mixed', 0.05) })
  expect(found).toMatchObject({ worth: null, why: expect.stringContaining('too few real examples') })
  const single = measureEquivalent({ ...given, curve: curve.slice(3), mixed: armOf('mixed', 0.05) })
  for (const end of single.points[0]!.interval) expect(end).toSatisfy(Number.isFinite)
})

/** Parts every outcome into four folds. */
const folded = (outcomes: readonly Outcome[]): readonly Outcome[] =>
  outcomes.flatMap((outcome, repeat) =>
    [0, 1, 2, 3].map(fold => ({
      ...outcome,
      replicate: repeat * 4 + fold,
      answers: outcome.answers.filter((_, item) => item % 4 === fold),
    })),
  )

test('folds serve as well as a sealed test', () => {
  const { worth } = measureEquivalent({
    metric: { name: 'accuracy' },
    regime: 'scarce',
    curve: curve.map(({ examples, outcomes }) => ({ examples, outcomes: folded(outcomes) })),
    mixed: folded(armOf('mixed', 2 / Math.sqrt(800))),
  })
  expect(worth!.low).toBeLessThan(400)
  expect(worth!.high).toBeGreaterThan(400)
})
