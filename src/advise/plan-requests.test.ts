import { expect, test } from 'vitest'
import type { Gap } from './gap.ts'
import { expectRows, planRequests } from './plan-requests.ts'

function gap(cell: Gap['cell'], count: number): Gap {
  return { kind: 'cell', what: '', count, why: '', priority: 0, rows: [], cell, column: null, real: 0 }
}

// Of ten rows with damage two are large.
const rows = [
  ...Array.from({ length: 10 }, (_, index) => ({ damage: 'yes', size: index < 2 ? 'large' : 'small' })),
  ...Array.from({ length: 30 }, () => ({ damage: 'no', size: 'small' })),
]
const base = [
  { cell: { damage: 'yes' }, count: 100 },
  { cell: { damage: 'no' }, count: 50 },
]

test('a gap gets what its cell would leave short, taken out of that cell', () => {
  const requests = planRequests(base, [gap({ damage: 'yes', size: 'large' }, 60)], rows)
  // 100 rows bring 20 large ones: c + (100 - c) / 5 = 60 gives c = 50.
  expect(requests).toEqual([
    { cell: { damage: 'yes' }, count: 50 },
    { cell: { damage: 'no' }, count: 50 },
    { cell: { damage: 'yes', size: 'large' }, count: 50 },
  ])
  expect(expectRows({ damage: 'yes', size: 'large' }, requests, rows)).toBe(60)
})

test('a gap that the cells bring anyhow, or are themselves, gets no request', () => {
  expect(
    planRequests(base, [gap({ damage: 'yes', size: 'large' }, 20), gap({ damage: 'yes' }, 500)], rows),
  ).toEqual(base)
})

test('a gap that lies across cells is parted among them, and the mixture keeps its size', () => {
  const requests = planRequests(base, [gap({ size: 'huge' }, 30)], rows)
  expect(requests).toEqual([
    { cell: { damage: 'yes' }, count: 80 },
    { cell: { damage: 'no' }, count: 40 },
    { cell: { damage: 'yes', size: 'huge' }, count: 20 },
    { cell: { damage: 'no', size: 'huge' }, count: 10 },
  ])
})

test('a gap never takes more than its cells have', () => {
  const requests = planRequests(base, [gap({ damage: 'yes', size: 'huge' }, 1000)], rows)
  expect(requests).toEqual([
    { cell: { damage: 'no' }, count: 50 },
    { cell: { damage: 'yes', size: 'huge' }, count: 100 },
  ])
})
