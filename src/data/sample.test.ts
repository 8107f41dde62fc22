import { expect, test } from 'vitest'
import { realRow } from '../../test/made-candidate.ts'
import { createRowSample } from './sample.ts'

const rows = (count: number, text = 'x') =>
  Array.from({ length: count }, (_, number) => realRow({ number, text }, `rows:${number}`))

test('holds all rows in order while they keep within the limits', () => {
  const sample = createRowSample({ rows: 100, characters: 10_000 })
  const offered = rows(100)
  for (const row of offered) sample.offer(() => row)
  expect(sample.rows()).toEqual(offered)
})

test('of more rows an even sample is held, and never more than the limit', () => {
  const sample = createRowSample({ rows: 1_000, characters: Infinity })
  for (const row of rows(40_000)) {
    sample.offer(() => row)
    expect(sample.rows().length).toBeLessThanOrEqual(1_000)
  }
  const numbers = sample.rows().map(({ row }) => Number(row['number']))
  expect(numbers.length).toBeGreaterThan(400)
  expect(numbers).toEqual(numbers.toSorted((a, b) => a - b))
  // Uniform on [0, 40,000): the mean of n has the standard deviation 40,000 / sqrt(12 n); six of these.
  const mean = numbers.reduce((sum, number) => sum + number, 0) / numbers.length
  expect(Math.abs(mean - 20_000)).toBeLessThan((6 * 40_000) / Math.sqrt(12 * numbers.length))
})

test('long texts count by their characters, and rows that are not held are not made', () => {
  const sample = createRowSample({ rows: Infinity, characters: 50_000 })
  let made = 0
  for (const row of rows(1_000, 'x'.repeat(1_000))) {
    sample.offer(() => {
      made++
      return row
    })
  }
  expect(sample.rows().length).toBeGreaterThan(5)
  expect(sample.rows().length).toBeLessThanOrEqual(50)
  expect(made).toBeLessThan(400)
})

test('one row larger than the limit is held', () => {
  const sample = createRowSample({ rows: 10, characters: 5 })
  sample.offer(() => rows(1, 'long enough')[0]!)
  expect(sample.rows()).toHaveLength(1)
})
