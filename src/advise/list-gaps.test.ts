import { expect, test } from 'vitest'
import type { FoundGaps } from './gap.ts'
import { listGaps } from './list-gaps.ts'

const nothing: FoundGaps = {
  rows: 100,
  synthetic: 200,
  cells: [],
  slices: [],
  combinations: [],
  unseen: [],
  curves: [{ task: 'damage', error: 0.2, gain: 0.03, says: 'twice as many should bring three points' }],
  noise: [],
  conflicts: [],
  absent: [],
  repeatedInTest: 0,
}
const cell = { cell: { damage: 'yes' }, count: 5, target: 0.25, need: 70, why: 'few' }
const slice = {
  task: 'damage',
  cell: { size: 'large' },
  count: 20,
  of: 100,
  expected: 0.5,
  overall: 0.2,
  clear: true,
  need: 15,
  why: 'weak',
}

test('gaps of all kinds are ranked by the share of new cases that go wrong for them', () => {
  const gaps = listGaps({
    ...nothing,
    cells: [cell],
    slices: [slice],
    combinations: [{ cell: { damage: 'yes', size: 'small' }, expected: 3, why: 'never seen' }],
    unseen: [{ column: 'airport', of: 'values', mass: 0.6, why: 'many once' }],
    noise: [{ task: 'damage', share: 0.05, disputed: 5, rows: ['reports:7'] }],
    conflicts: [{ task: 'damage', conflicting: 4, rows: ['reports:1', 'reports:2'] }],
    repeatedInTest: 1,
  })
  // By hand: 0.6 x 0.2; 0.2 x (0.5 - 0.2); 0.05; (0.25 - 0.05) x 0.2; the gain; 0.04 / 2; 1 / 100; 0.03 x 0.2 / 2.
  expect(gaps.map(({ kind, priority }) => [kind, Number(priority.toFixed(6))])).toEqual([
    ['values', 0.12],
    ['slice', 0.06],
    ['noise', 0.05],
    ['cell', 0.04],
    ['more', 0.03],
    ['conflict', 0.02],
    ['repeated', 0.01],
    ['combination', 0.003],
  ])
})

test('a cell that is a gap for two reasons is listed once, and weighs what the worse of them does', () => {
  const gaps = listGaps({ ...nothing, cells: [cell], slices: [{ ...slice, cell: cell.cell, count: 5 }] })
  // The student's error of 0.5 there: (0.25 - 0.05) x 0.5 for the cell, 0.05 x 0.3 for the slice.
  const own = gaps.filter(({ what }) => what === 'damage = yes')
  expect(own).toHaveLength(1)
  expect(own[0]).toMatchObject({ kind: 'cell', count: 70, why: 'few; also: damage: weak' })
  expect(own[0]!.priority).toBeCloseTo(0.1, 10)
})

test('a slice that may be weak by chance counts for half', () => {
  const [clear, doubtful] = [true, false].map(each =>
    listGaps({ ...nothing, slices: [{ ...slice, clear: each }] }).find(({ kind }) => kind === 'slice')!,
  )
  expect(doubtful!.priority).toBeCloseTo(clear!.priority / 2, 10)
})

test('a label that no training row has is a gap of its own', () => {
  const gaps = listGaps({ ...nothing, absent: [{ task: 'damage', column: 'damage', value: 'total' }] })
  expect(gaps.find(({ kind }) => kind === 'label')).toMatchObject({
    what: 'damage = total',
    real: 0,
    count: 5,
  })
})
