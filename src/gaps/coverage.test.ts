import { expect, test } from 'vitest'
import { measureCoverage } from './coverage.ts'

test('counts pairs and triples, and the rows that would show the missing ones', () => {
  // Of the 2 x 2 x 2 combinations of three attributes, four rows of the orthogonal array show all pairs.
  const rows = [
    { a: 0, b: 0, c: 0 },
    { a: 0, b: 1, c: 1 },
    { a: 1, b: 0, c: 1 },
    { a: 1, b: 1, c: 0 },
  ]
  const [pairs, triples] = measureCoverage(rows, ['a', 'b', 'c'])
  expect(pairs).toMatchObject({ order: 2, possible: 12, seen: 12, need: 0, missing: [] })
  expect(triples).toMatchObject({ order: 3, possible: 8, seen: 4, need: 4 })
})

test('the missing pair that should be met most often comes first, with the rows that chance would give it', () => {
  const rows = [
    ...Array.from({ length: 6 }, () => ({ phase: 'climb', time: 'day' })),
    ...Array.from({ length: 3 }, () => ({ phase: 'landing', time: 'day' })),
    { phase: 'climb', time: 'dusk' },
  ]
  const [pairs] = measureCoverage(rows, ['phase', 'time'])
  expect(pairs).toMatchObject({ possible: 4, seen: 3, need: 1 })
  // Landing in 3 of 10 rows, dusk in 1 of 10: 0.3 rows of 10.
  expect(pairs!.missing).toEqual([
    {
      cell: { phase: 'landing', time: 'dusk' },
      expected: expect.closeTo(0.3, 10),
      why: expect.stringContaining('0.30'),
    },
  ])
})

test('one row shows several missing pairs that fit together', () => {
  const rows = [
    { a: 'x', b: 'x', c: 'x' },
    { a: 'y', b: 'x', c: 'x' },
    { a: 'x', b: 'y', c: 'x' },
    { a: 'x', b: 'x', c: 'y' },
  ]
  // Missing: y with y in each of three pairs; one row y, y, y shows them all.
  expect(measureCoverage(rows, ['a', 'b', 'c'])[0]).toMatchObject({ possible: 12, seen: 9, need: 1 })
})

test('one attribute has no combinations', () => {
  expect(measureCoverage([{ a: 1 }], ['a'])).toEqual([])
})
