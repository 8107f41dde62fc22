import { expect, test } from 'vitest'
import type { Example } from '../data/example.ts'
import { createRandom } from '../data/random.ts'
import { findWeakSlices } from './weak-slices.ts'

function example(id: number, attributes: Example['attributes']): Example {
  const origin = { kind: 'real', source: 'test', number: 1, use: 'train', share: 'anyone' } as const
  return { id: String(id), group: String(id), task: 't', messages: [], attributes, weight: 1, origin }
}

// 200 rows; at night half are answered wrong, by day one in twenty. The size plays no part.
const examples = Array.from({ length: 200 }, (_, id) =>
  example(id, { time: id % 5 === 0 ? 'night' : 'day', size: id % 2 === 0 ? 'small' : 'large' }),
)
const errors = examples.map((_, id) => (id % 5 === 0 ? Number(id % 10 === 0) : Number(id % 20 === 1)))

test('the slice that errs beyond chance leads, and says how many more it needs', () => {
  const [first, ...rest] = findWeakSlices(examples, errors, { exponent: 0.5 })
  expect(first).toMatchObject({ cell: { time: 'night', size: 'small' }, count: 20, clear: true, error: 1 })
  expect(rest.find(({ cell }) => Object.keys(cell).length === 1 && cell['time'] === 'night')).toMatchObject({
    count: 40,
    error: 0.5,
    clear: true,
  })
  expect([first!, ...rest].some(({ cell }) => cell['time'] === 'day')).toBe(false)
  expect(first!.expected).toBeLessThan(1)
  // (expected / overall)^(1 / 0.5) times as many, at most ten times: 180 more than 20.
  expect(first!.need).toBe(180)
})

test('without a learning curve it asks for as many again', () => {
  const night = findWeakSlices(examples, errors).find(({ count }) => count === 40)
  expect(night!.need).toBe(40)
  expect(night!.why).toContain('as many again')
})

test('of slices that differ by chance alone, hardly ever one is called clear', () => {
  const random = createRandom(1, 'chance')
  let alarms = 0
  for (let draw = 0; draw < 100; draw++) {
    const chance = examples.map(() => Number(random.next() < 0.2))
    if (findWeakSlices(examples, chance).some(({ clear }) => clear)) alarms++
  }
  expect(alarms).toBeLessThanOrEqual(8)
})

test('a slice of four examples is none', () => {
  const few = Array.from({ length: 30 }, (_, id) => example(id, { kind: id < 4 ? 'rare' : 'common' }))
  expect(
    findWeakSlices(
      few,
      few.map((_, id) => Number(id < 4)),
    ),
  ).toEqual([])
})
