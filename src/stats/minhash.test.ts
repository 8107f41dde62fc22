import { expect, test } from 'vitest'
import { createRandom } from '../data/random.ts'
import { createNearDuplicateIndex, jaccard, shingles } from './minhash.ts'

/** Two sets with `shared` common members and `own` more each: Jaccard shared / (shared + 2 own). */
function pair(
  random: ReturnType<typeof createRandom>,
  shared: number,
  own: number,
): [Uint32Array, Uint32Array] {
  const members = new Set<number>()
  while (members.size < shared + 2 * own) members.add(random.integer(0, 0xffffffff))
  const all = [...members]
  const common = all.slice(0, shared)
  const left = [...common, ...all.slice(shared, shared + own)]
  const right = [...common, ...all.slice(shared + own)]
  return [Uint32Array.from(left).toSorted(), Uint32Array.from(right).toSorted()]
}

test('texts with the same words in another dress have the same shingles', () => {
  expect(shingles('My card, has NOT arrived!')).toEqual(shingles('my card has not arrived'))
})

test('a text of four words has two shingles of three', () => {
  expect(shingles('my card is lost')).toHaveLength(2)
})

test('a short text is one shingle and an empty one none', () => {
  expect(shingles('lost card')).toHaveLength(1)
  expect(jaccard(shingles('lost card'), shingles('Lost card?'))).toBe(1)
  expect(shingles(' ?! ')).toHaveLength(0)
})

test('similarity is shared over joint shingles', () => {
  // {a b c, b c d, c d e} and {a b c, b c d, c d f}: 2 of 4.
  expect(jaccard(shingles('a b c d e'), shingles('a b c d f'))).toBe(0.5)
  expect(jaccard(shingles('a b c'), shingles('x y z'))).toBe(0)
  expect(jaccard(shingles(''), shingles('a b c'))).toBe(0)
  expect(jaccard(shingles(''), shingles(''))).toBe(1)
})

test.for([0.3, 0.5, 0.8, 0.9])('finds 99 of 100 pairs exactly at the threshold %d', threshold => {
  const random = createRandom(1, `pairs ${threshold}`)
  const index = createNearDuplicateIndex({ threshold, seed: 3 })
  // shared / (shared + 2 own) = threshold for shared = 20 t, own = 10 (1 - t).
  const pairs = Array.from({ length: 400 }, () =>
    pair(random, Math.round(20 * threshold), Math.round(10 * (1 - threshold))),
  )
  for (const [left] of pairs) index.add(left)
  const found = pairs.filter(([, right], number) => index.findNear(right)?.number === number)
  expect(jaccard(...pairs[0]!)).toBeCloseTo(threshold, 12)
  expect(found.length / pairs.length).toBeGreaterThanOrEqual(0.99)
})

test('never calls a pair below the threshold a duplicate, and tells the exact similarity', () => {
  const random = createRandom(2, 'below')
  const index = createNearDuplicateIndex({ threshold: 0.5, seed: 1 })
  const below = Array.from({ length: 300 }, () => pair(random, 19, 10))
  for (const [left] of below) index.add(left)
  expect(below.map(([, right]) => index.findNear(right))).toEqual(below.map(() => undefined))

  const [left, right] = pair(random, 30, 10)
  index.add(left)
  expect(index.findNear(right)).toEqual({ number: 300, similarity: 0.6 })
})

test('answers with the most similar, of equals the first added', () => {
  const index = createNearDuplicateIndex({ threshold: 0.5, seed: 1 })
  for (const text of ['a b c d f', 'a b c d e', 'A B C D E']) index.add(shingles(text))
  expect(index.findNear(shingles('a b c d e'))).toEqual({ number: 1, similarity: 1 })
})

test('an empty text is near an empty text alone', () => {
  const index = createNearDuplicateIndex({ threshold: 0.8, seed: 1 })
  index.add(shingles('a b c'))
  expect(index.findNear(shingles(''))).toBeUndefined()
  index.add(shingles(''))
  expect(index.findNear(shingles('?'))).toEqual({ number: 1, similarity: 1 })
})

test('refuses a threshold for which it cannot promise its recall', () => {
  expect(() => createNearDuplicateIndex({ threshold: 0.05, seed: 1 })).toThrow(RangeError)
  expect(() => createNearDuplicateIndex({ threshold: 1.01, seed: 1 })).toThrow(RangeError)
  expect(() => createNearDuplicateIndex({ threshold: Number.NaN, seed: 1 })).toThrow(RangeError)
})
