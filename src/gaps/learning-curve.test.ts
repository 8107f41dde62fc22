import { expect, test } from 'vitest'
import { createContext } from '../context.ts'
import type { Example } from '../data/example.ts'
import type { Student } from '../student/student.ts'
import type { Task } from '../task/task.ts'
import { forecastCurve } from './forecast.ts'
import { takeEvenly } from './even-order.ts'
import { designCurve, growLearningCurve } from './learning-curve.ts'

const context = createContext({ seed: 1, name: 'test' })
const task: Task = {
  name: 'topic',
  kind: 'label',
  prompts: [{ prompt: '{{ text }}' }],
  answer: 'topic',
  labels: ['a', 'b'],
  metric: 'accuracy',
}

function example(id: number, group: number, label: string): Example {
  return {
    id: String(id),
    group: `g${group}`,
    task: 'topic',
    messages: [
      { role: 'user', content: `question ${id}` },
      { role: 'assistant', content: label },
    ],
    attributes: {},
    weight: 1,
    origin: { kind: 'real', source: 'test', number: 1, use: 'train', share: 'anyone' },
  }
}

// 100 groups of two; one in four has the label b.
const examples = Array.from({ length: 200 }, (_, id) => example(id, id % 100, id % 4 === 0 ? 'b' : 'a'))

/** Learns nothing but whom it saw, and answers with that. */
const witness: Student<readonly Example[]> = {
  name: 'witness',
  supports: () => true,
  train: async set => set.examples,
  predict: async (model, asked) =>
    asked.map(({ id, group }) => ({
      id,
      text: JSON.stringify({
        seen: model.length,
        own: model.some(other => other.group === group),
        rare: model.filter(other => other.messages.at(-1)!.content === 'b').length,
      }),
    })),
}

/** Right with a probability that a power law of the examples it saw gives: error = floor + 0.9 · examples^−0.5. */
const lawfulAbove = (floor: number): Student<number> => ({
  name: 'lawful',
  supports: () => true,
  train: async set => set.examples.length,
  predict: async (size, asked, { random }) =>
    asked.map(({ id, messages }) => {
      const right = random.stream(`${id}/${size}`).next() > floor + 0.9 * size ** -0.5
      const gold = messages.at(-1)!.content
      return { id, text: right ? gold : gold === 'a' ? 'b' : 'a' }
    }),
})

const set = { task, examples, classWeights: 'none' } as const

test('every subset has the labels in their shares, and no student saw the group that it answers', async () => {
  const points = await growLearningCurve(witness, set, { shares: [0.25, 1], folds: 5, repeats: 2, context })
  expect(points.map(({ size }) => size)).toEqual([40, 160])
  for (const [index, { answers }] of points.entries()) {
    const told = new Set(answers.flat().map(({ text }) => text))
    expect(told).toEqual(
      new Set([JSON.stringify({ seen: [40, 160][index], own: false, rare: [10, 40][index] })]),
    )
    expect(answers.map(given => given.map(({ id }) => id))).toEqual(
      [0, 1].map(() => examples.map(({ id }) => id)),
    )
  }
})

test('a curve that follows a power law is foretold within its interval, and the examples for five points too', async () => {
  const many = Array.from({ length: 800 }, (_, id) => example(id, id, id % 4 === 0 ? 'b' : 'a'))
  const { examples: _, ...design } = designCurve(many.length, 2)
  const curve = await growLearningCurve(lawfulAbove(0.1), { ...set, examples: many }, { ...design, context })
  const { ahead, more, says } = forecastCurve(task, many, curve)
  expect(ahead.map(point => point.examples)).toEqual([800, 1600, 3200])
  for (const { examples: size, interval } of ahead) {
    expect(interval.low).toBeLessThan(0.9 - 0.9 * size ** -0.5)
    expect(interval.high).toBeGreaterThan(0.9 - 0.9 * size ** -0.5)
  }
  // The error with 800 is 0.1318; five points fewer are below the floor of 0.1, which the interval must leave open.
  expect(more === null || more.high === null).toBe(true)
  expect(says).toMatch(/With 1600 examples, twice as many, a score of \d/)
})

test('five points more are not promised where the score leaves room for fewer', async () => {
  const many = Array.from({ length: 800 }, (_, id) => example(id, id, id % 4 === 0 ? 'b' : 'a'))
  const { examples: _, ...design } = designCurve(many.length, 2)
  // The error is 0.9 / sqrt(size): 0.032 with 800.
  const curve = await growLearningCurve(lawfulAbove(0), { ...set, examples: many }, { ...design, context })
  const { ahead, more, says } = forecastCurve(task, many, curve)
  expect(ahead[0]!.score).toBeGreaterThan(0.95)
  expect(more).toBeNull()
  expect(says).toMatch(/There is no room for 5 points more: the 9\d\.\d expected now leave [0-4]\.\d\.$/)
})

test('a score that does not rise beyond chance is not forecast, and the sentence says so', async () => {
  const guesser: Student<null> = {
    ...witness,
    train: async () => null,
    predict: async (_, asked, { random }) =>
      asked.map(({ id }) => ({ id, text: random.next() < 0.5 ? 'a' : 'b' })),
  }
  const curve = await growLearningCurve(guesser, set, {
    shares: [0.25, 0.5, 1],
    folds: 5,
    repeats: 2,
    context,
  })
  const forecast = forecastCurve(task, examples, curve)
  expect(forecast.points).toHaveLength(3)
  expect(forecast.ahead).toEqual([])
  expect(forecast.says).toContain('which may be chance')
})

test('with macro-F1 an always-same answer scores half of the F1 of its class', async () => {
  const same: Student<null> = {
    ...witness,
    train: async () => null,
    predict: async (_, asked) => asked.map(({ id }) => ({ id, text: 'a' })),
  }
  const curve = await growLearningCurve(same, set, { shares: [0.25, 0.5, 1], folds: 5, repeats: 1, context })
  const { points } = forecastCurve({ ...task, metric: 'macro-f1' } as Task, examples, curve)
  // By hand: class a has precision 0.75 and recall 1, F1 0.857; class b 0.
  for (const { score } of points) expect(score).toBeCloseTo(0.857 / 2, 3)
})

test('small and large data are grown differently: few sizes of few, a part of many', () => {
  expect(designCurve(12, 2).shares).toEqual([])
  expect(designCurve(60, 2)).toMatchObject({ folds: 5, repeats: 2, examples: 60 })
  expect(designCurve(60, 2).shares.length).toBe(5)
  expect(designCurve(10_003, 77).examples).toBeLessThan(3_000)
  expect(designCurve(10_003, 2).examples).toBe(10_003)
})

test('a part of the examples has the labels in their shares', () => {
  const part = takeEvenly(examples, 40, context.random.stream('part'))
  expect(part.filter(({ messages }) => messages.at(-1)!.content === 'b')).toHaveLength(10)
  expect(takeEvenly(examples, 500, context.random)).toBe(examples)
})
