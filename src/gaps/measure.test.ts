import { expect, test } from 'vitest'
import type { Row } from '../data/row.ts'
import { measureGaps, planCells } from './measure.ts'

const times = (count: number, row: Row): Row[] => Array.from({ length: count }, () => row)
const rows = [
  ...times(36, { damaged: 'no', size: 'small' }),
  ...times(14, { damaged: 'no', size: 'large' }),
  ...times(2, { damaged: 'yes', size: 'small' }),
  ...times(8, { damaged: 'yes', size: 'large' }),
]
const half = { damaged: { yes: 0.5, no: 0.5 } }

test('counts each value against its target and says how many are missing in the mixture', () => {
  const gaps = measureGaps({ rows, attributes: ['damaged', 'size'], target: half, synthetic: 140 })
  expect(gaps.attributes[0]!.values).toEqual([
    { value: 'no', count: 50, share: 50 / 60, target: 0.5, need: 50 },
    { value: 'yes', count: 10, share: 10 / 60, target: 0.5, need: 90 },
  ])
  expect(gaps.ranked.map(({ cell }) => cell)).toContainEqual({ damaged: 'yes' })
  expect(gaps.ranked.every(({ cell }) => cell['damaged'] === 'yes')).toBe(true)
})

test('a pair keeps its association: damage stays with large animals', () => {
  const gaps = measureGaps({ rows, attributes: ['damaged', 'size'], target: half, synthetic: 140 })
  const cell = (damaged: string, size: string): number =>
    gaps.pairs[0]!.cells.find(({ values }) => values[0] === damaged && values[1] === size)!.target
  expect(cell('yes', 'large')).toBeGreaterThan(cell('yes', 'small'))
  expect(cell('yes', 'large') + cell('yes', 'small')).toBeCloseTo(0.5, 6)
})

test('a value that only the target names is an empty cell, first in the ranking', () => {
  const target = { damaged: { yes: 0.2, no: 0.7, destroyed: 0.1 } }
  const gaps = measureGaps({ rows, attributes: ['damaged'], target, synthetic: 0 })
  expect(gaps.ranked[0]).toMatchObject({ cell: { damaged: 'destroyed' }, count: 0, need: 6 })
  expect(gaps.ranked[0]!.why).toContain('no real example')
})

test('the widest gap lacks the most examples: a whole value before a pair of which fewer are missing', () => {
  const strikes = [
    ...times(36, { damaged: 'no', size: 'small' }),
    ...times(16, { damaged: 'no', size: 'large' }),
    ...times(2, { damaged: 'yes', size: 'small' }),
    ...times(6, { damaged: 'yes', size: 'large' }),
  ]
  const target = { damaged: { yes: 0.2, no: 0.8 } }
  const { ranked } = measureGaps({ rows: strikes, attributes: ['size', 'damaged'], target, synthetic: 60 })
  // 8 where 12 are asked for: 4 missing; its parts, 3 and 9 of the 12, lack 1 and 3.
  expect(ranked.map(({ cell }) => cell)).toEqual([
    { damaged: 'yes' },
    { size: 'large', damaged: 'yes' },
    { size: 'small', damaged: 'yes' },
  ])
})

test('where a value lacks no more than one of its parts, the value is named first', () => {
  const none = [
    ...times(30, { damaged: 'no', size: 'small' }),
    ...times(30, { damaged: 'no', size: 'large' }),
  ]
  const target = { damaged: { yes: 0.1, no: 0.9 }, size: { small: 1, large: 0 } }
  const { ranked } = measureGaps({ rows: none, attributes: ['size', 'damaged'], target, synthetic: 0 })
  const cells = ranked.map(({ cell }) => JSON.stringify(cell))
  const [value, part] = [{ damaged: 'yes' }, { size: 'small', damaged: 'yes' }].map(cell =>
    cells.indexOf(JSON.stringify(cell)),
  )
  expect(part).toBeGreaterThan(-1)
  expect(value).toBeLessThan(part!)
})

test('the plan makes exactly as many rows as asked, and only of what is short', () => {
  const cells = planCells({ rows, attributes: ['damaged', 'size'], target: half, synthetic: 40 })
  expect(cells).toEqual([{ cell: { damaged: 'yes' }, count: 40 }])
  const more = planCells({ rows, attributes: ['damaged', 'size'], target: half, synthetic: 140 })
  expect(more).toEqual([
    { cell: { damaged: 'no' }, count: 50 },
    { cell: { damaged: 'yes' }, count: 90 },
  ])
})

test('without a target of its own there is one cell: more of the same', () => {
  expect(planCells({ rows, attributes: ['damaged'], target: {}, synthetic: 7 })).toEqual([
    { cell: {}, count: 7 },
  ])
})

test('a measurement is no attribute, and the message says what to do', () => {
  const speeds = Array.from({ length: 100 }, (_, speed) => ({ speed }))
  expect(() => measureGaps({ rows: speeds, attributes: ['speed'], target: {}, synthetic: 1 })).toThrow(
    /"speed" has 100 different values/,
  )
})

test('targets that span too many cells are refused', () => {
  const wide = Array.from({ length: 50 }, (_, index) => ({ a: `a${index}`, b: `b${index}` }))
  expect(() =>
    planCells({ rows: wide, attributes: ['a', 'b'], target: { a: 'uniform', b: 'uniform' }, synthetic: 10 }),
  ).toThrow(/span 2500 cells/)
})

test('missing values are a value of their own', () => {
  const gaps = measureGaps({
    rows: [{ a: null }, { a: 'x' }],
    attributes: ['a'],
    target: { a: 'uniform' },
    synthetic: 2,
  })
  expect(gaps.attributes[0]!.values.map(({ value, need }) => [value, need])).toEqual([
    [null, 1],
    ['x', 1],
  ])
})
