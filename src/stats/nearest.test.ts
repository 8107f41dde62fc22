import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readSource } from '../data/read.ts'
import type { Row } from '../data/row.ts'
import { conformRows, inferSchema, type Column } from '../data/schema.ts'
import { membershipArea, mixedSpace, nearestDistances, shareNearer, toPoints } from './nearest.ts'

const columns: Column[] = [
  { name: 'size', kind: 'integer', missing: 0 },
  { name: 'colour', kind: 'category', missing: 0 },
]
const real: Row[] = [
  { size: 0, colour: 'red' },
  { size: 10, colour: 'blue' },
  { size: null, colour: 'red' },
]

function distanceOf(row: Row, to: readonly Row[] = real): number {
  const space = mixedSpace(real, columns)
  return nearestDistances(toPoints([row], space), toPoints(to, space))[0]!
}

test('distance is the mean of numbers over their range and of unequal categories', () => {
  expect(distanceOf({ size: 4, colour: 'red' }, real.slice(0, 2))).toBeCloseTo(0.4 / 2, 12)
  expect(distanceOf({ size: 4, colour: 'blue' }, real.slice(0, 1))).toBeCloseTo(1.4 / 2, 12)
  expect(distanceOf({ size: 10, colour: 'blue' })).toBe(0)
})

test('missing values are alike, and as far as can be from all others', () => {
  expect(distanceOf({ size: null, colour: 'red' })).toBe(0)
  expect(distanceOf({ size: null, colour: 'blue' }, real.slice(1, 2))).toBeCloseTo(1 / 2, 12)
  expect(distanceOf({ size: 0, colour: null }, real.slice(0, 1))).toBeCloseTo(1 / 2, 12)
})

test('a number beyond the range counts as its end, a category never seen as different from all', () => {
  expect(distanceOf({ size: 1000, colour: 'blue' })).toBe(0)
  expect(distanceOf({ size: 0, colour: 'green' }, real.slice(0, 2))).toBeCloseTo(1 / 2, 12)
})

test('the share nearer to training counts ties half', () => {
  expect(shareNearer(Float64Array.of(0, 1, 2, 2), Float64Array.of(1, 0, 2, 3))).toBe(2.5 / 4)
})

test('the membership area is the chance that a member lies nearer, ties counted half', () => {
  // Pairs: 1 against 1, 2, 3: ½, 1, 1; 3 against them: 0, 0, ½.
  expect(membershipArea(Float64Array.of(1, 3), Float64Array.of(1, 2, 3))).toBeCloseTo(3 / 6, 12)
  expect(membershipArea(Float64Array.of(0, 0), Float64Array.of(1, 2))).toBe(1)
})

const rows = (from: number): Row[] =>
  Array.from({ length: 40 }, (_, i) => ({ size: from + 2 * i, colour: 'red' }))

test('copies of the training rows are found out', () => {
  const [train, holdout] = [rows(0), rows(1)]
  const space = mixedSpace([...train, ...holdout], columns)
  const [copies, members, others] = [train, train, holdout].map(table => toPoints(table, space))
  expect(shareNearer(nearestDistances(copies!, members!), nearestDistances(copies!, others!))).toBe(1)
  expect(membershipArea(nearestDistances(members!, copies!), nearestDistances(others!, copies!))).toBe(1)
})

const folder = join(process.cwd(), '..', 'shared', 'data', 'census')

test.skipIf(!existsSync(folder))(
  'the census sample of mostlyai-qa gets the figures that numpy computes',
  async () => {
    const sources = await Promise.all(
      ['trn', 'hol', 'syn_mostly'].map(name =>
        readSource({
          name,
          path: join(folder, `census2k-${name}.csv.gz`),
          use: 'train',
          share: 'anyone',
          drop: [],
        }),
      ),
    )
    const schema = inferSchema(sources[0]!.rows)
    const tables = sources.map(({ rows }) => conformRows(rows, schema).map(({ row }) => row))
    const space = mixedSpace([...tables[0]!, ...tables[1]!], schema.columns)
    const [train, holdout, synthetic] = tables.map(table => toPoints(table, space))
    const toTrain = nearestDistances(synthetic!, train!)
    const toHoldout = nearestDistances(synthetic!, holdout!)
    // By numpy (all distances) and scikit-learn's roc_auc_score.
    expect(toTrain.reduce((sum, distance) => sum + distance, 0) / 2000).toBeCloseTo(0.0809364, 6)
    expect(toHoldout.reduce((sum, distance) => sum + distance, 0) / 2000).toBeCloseTo(0.0826455, 6)
    expect(shareNearer(toTrain, toHoldout)).toBeCloseTo(0.525, 3)
    const area = membershipArea(nearestDistances(train!, synthetic!), nearestDistances(holdout!, synthetic!))
    expect(area).toBeCloseTo(0.51868, 3)
  },
)
