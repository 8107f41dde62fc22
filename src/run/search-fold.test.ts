import { expect, test } from 'vitest'
import type { TracedRow } from '../data/row.ts'
import { takeNested } from './search-fold.ts'

function made(id: string, generator: string, damage: string): TracedRow {
  const origin = {
    kind: 'synthetic',
    generator,
    seed: 1,
    cell: { damage },
    fitted: null,
    parents: [],
  } as const
  return { id, group: id, row: { damage }, origin: { ...origin, share: 'anyone' } }
}

const rows = [
  ...['r1', 'r2', 'r3', 'r4'].map(id => made(id, 'records', 'none')),
  ...['s1', 's2'].map(id => made(id, 'seeds', 'none')),
  made('r5', 'records', 'minor'),
]

test('a smaller mixture takes from each cell what it asks for, its generators in turn', () => {
  const cells = [
    { cell: { damage: 'none' }, count: 3 },
    { cell: { damage: 'minor' }, count: 2 },
  ]
  expect(takeNested(rows, cells).map(({ id }) => id)).toEqual(['r1', 's1', 'r2', 'r5'])
})

test('a larger mixture holds the smaller one', () => {
  expect(undamaged(5).slice(0, 2)).toEqual(undamaged(2))
  expect(undamaged(0)).toEqual([])
})

function undamaged(count: number): readonly string[] {
  return takeNested(rows, [{ cell: { damage: 'none' }, count }]).map(({ id }) => id)
}
