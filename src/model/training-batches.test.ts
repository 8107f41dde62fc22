import { expect, test } from 'vitest'
import { createRandom } from '../data/random.ts'
import type { TokenizedExample } from './conversation.ts'
import { bucketLengths, epochBatches, layOutBatch } from './training-batches.ts'

function ofLength(length: number, id = String(length)): TokenizedExample {
  const ids = Array.from({ length }, (_, place) => 10 + place)
  return { id, ids, learned: Uint8Array.from(ids, (_, place) => Number(place >= length - 2)), weight: 1 }
}

const random = createRandom(1, 'batches')
const plain = { rows: 4, packing: false, buckets: 3 }

test('the buckets follow the lengths of the examples', () => {
  const examples = [3, 4, 5, 20, 21, 22, 90, 91, 100].map(length => ofLength(length))
  expect(bucketLengths(examples, plain)).toEqual([8, 24, 104])
  expect(bucketLengths(examples, { ...plain, packing: true })).toEqual([104])
  expect(bucketLengths([], plain)).toEqual([])
})

test('every example is in exactly one batch, whose rows are long enough', () => {
  const examples = Array.from({ length: 37 }, (_, index) => ofLength(3 + index * 2, `e${index}`))
  for (const packing of [false, true]) {
    const batches = epochBatches(examples, { ...plain, packing }, random.stream('a'))
    const seen = batches.flatMap(({ rows }) => rows.flat().map(({ id }) => id))
    expect(seen.toSorted()).toEqual(examples.map(({ id }) => id).toSorted())
    for (const { rows, time } of batches) {
      expect(rows).toHaveLength(4)
      for (const row of rows)
        expect(row.reduce((sum, { ids }) => sum + ids.length, 0)).toBeLessThanOrEqual(time)
    }
  }
})

test('packing needs fewer rows', () => {
  const examples = Array.from({ length: 40 }, (_, index) => ofLength(10 + (index % 30), `e${index}`))
  const rowsOf = (packing: boolean): number =>
    epochBatches(examples, { ...plain, packing, buckets: 1 }, random.stream('b')).length
  // 880 tokens fill 22 rows of 40 places, so that 6 batches of 4 rows are the fewest.
  expect(rowsOf(false)).toBe(10)
  expect(rowsOf(true)).toBe(6)
})

test('the order follows from the random stream', () => {
  const examples = Array.from({ length: 20 }, (_, index) => ofLength(5, `e${index}`))
  const order = (name: string) => JSON.stringify(epochBatches(examples, plain, random.stream(name)))
  expect(order('a')).toBe(order('a'))
  expect(order('a')).not.toBe(order('b'))
})

test('lays examples out with positions of their own, and asks each state for the next token', () => {
  const batch = { time: 8, rows: [[ofLength(3), ofLength(4)], []] }
  const { tokens, positions, examples, sources, targets } = layOutBatch(batch, 0)
  expect([...tokens]).toEqual([10, 11, 12, 10, 11, 12, 13, 0, 0, 0, 0, 0, 0, 0, 0, 0])
  expect([...positions.subarray(0, 8)]).toEqual([0, 1, 2, 0, 1, 2, 3, 0])
  expect([...examples.subarray(0, 8)]).toEqual([1, 1, 1, 2, 2, 2, 2, 0])
  // Learned are places 1 and 2 of the first, 2 and 3 of the second; told by the states before.
  expect(sources).toEqual([0, 1, 4, 5])
  expect(targets).toEqual([11, 12, 12, 13])
})

test('a first token is never a target, for nothing stands before it', () => {
  const all = { ...ofLength(3), learned: Uint8Array.of(1, 1, 1) }
  expect(layOutBatch({ time: 8, rows: [[all]] }, 0).sources).toEqual([0, 1])
})
