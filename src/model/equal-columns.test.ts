import { expect, test } from 'vitest'
import { mergeEqualColumns } from './equal-columns.ts'
import type { SparseRows } from './sparse-rows.ts'

// Columns 0, 2 and 3 are equal; 1 has the same rows with another value; 4 the same values in another row; 5 is empty.
const rows = {
  rows: 3,
  columns: 6,
  starts: Uint32Array.of(0, 4, 5, 9),
  indices: Uint32Array.of(3, 0, 1, 2, 4, 0, 1, 3, 2),
  values: Float64Array.of(0.5, 0.5, 0.5, 0.5, 0.5, 2, 3, 2, 2),
}

test('puts equal columns into one, scaled by the root of their number', () => {
  const { rows: merged, places, sizes } = mergeEqualColumns(rows)
  expect(places).toEqual(Uint32Array.of(0, 1, 0, 0, 2, 3))
  expect(sizes).toEqual(Uint32Array.of(3, 1, 1, 1))
  const root = Math.sqrt(3)
  expect(merged).toEqual({
    rows: 3,
    columns: 4,
    starts: Uint32Array.of(0, 2, 3, 5),
    indices: Uint32Array.of(0, 1, 2, 0, 1),
    values: Float64Array.of(0.5 * root, 0.5, 0.5, 2 * root, 3),
  })
})

function product(of: SparseRows, one: number, other: number): number {
  const row = (number: number): Map<number, number> =>
    new Map(
      Array.from({ length: of.starts[number + 1]! - of.starts[number]! }, (_, entry) => [
        of.indices[of.starts[number]! + entry]!,
        of.values[of.starts[number]! + entry]!,
      ]),
    )
  return [...row(one)].reduce((sum, [column, value]) => sum + value * (row(other).get(column) ?? 0), 0)
}

test('keeps the inner products of the rows', () => {
  const merged = mergeEqualColumns(rows).rows
  for (const [one, other] of [
    [0, 0],
    [0, 2],
    [1, 1],
    [0, 1],
  ] as const) {
    expect(product(merged, one, other)).toBeCloseTo(product(rows, one, other), 12)
  }
})
