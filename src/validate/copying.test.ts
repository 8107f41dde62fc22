import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { realRow, syntheticRow } from '../../test/made-candidate.ts'
import { createRandom, type Random } from '../data/random.ts'
import type { Row, TracedRow } from '../data/row.ts'
import type { Column } from '../data/schema.ts'
import { measureCopying, newcombeInterval } from './copying.ts'

const real = (rows: readonly Row[]): TracedRow[] => rows.map((row, index) => realRow(row, `real:${index}`))
const made = (rows: readonly Row[]): TracedRow[] =>
  rows.map((row, index) => syntheticRow(row, `records:${index}`))
const times = (count: number, make: () => Row): Row[] => Array.from({ length: count }, make)
const columnsOf = (row: Row): Column[] =>
  Object.entries(row).map(([name, value]) => ({
    name,
    kind: typeof value === 'number' ? 'real' : 'category',
    missing: 0,
  }))

// Newcombe 1998 (Statistics in Medicine 17:873), table II, method 10, 95 %.
test.each([
  [56, 70, 48, 80, 0.0524, 0.3339],
  [9, 10, 3, 10, 0.1705, 0.809],
  [5, 56, 0, 29, -0.0381, 0.1926],
  [10, 10, 0, 10, 0.6075, 1],
])('the interval of %i/%i - %i/%i is that published', (a, m, b, n, low, high) => {
  const interval = newcombeInterval({ matched: a, of: m }, { matched: b, of: n }, 0.95)
  expect(interval[0]).toBeCloseTo(low, 4)
  expect(interval[1]).toBeCloseTo(high, 4)
})

/** A strike of a small world: unequal categories that hang together, and a speed to the next ten knots. */
function strike(random: Random): Row {
  const phase = ['Climb', 'Approach', 'Take-off run', 'Landing roll'][random.weighted([2, 4, 2, 1])]!
  const bird = ['gull', 'pigeon', 'duck', 'hawk', 'owl'][
    random.weighted(phase === 'Climb' ? [1, 1, 4, 2, 1] : [5, 3, 1, 1, 1])
  ]!
  const time = ['Day', 'Dusk', 'Night'][random.weighted(bird === 'owl' ? [1, 1, 4] : [6, 1, 2])]!
  const damage = ['None', 'Minor', 'Substantial'][random.weighted(bird === 'duck' ? [5, 3, 2] : [17, 2, 1])]!
  return {
    phase,
    bird,
    time,
    damage,
    speed: Math.round(random.normal(phase === 'Climb' ? 160 : 130, 20) / 10) * 10,
  }
}

test('independent draws from the same small distribution are told from copies', () => {
  let honest = 0
  let caught = 0
  let covered = 0
  for (let seed = 0; seed < 100; seed++) {
    const random = createRandom(seed, 'copying')
    const fitted = real(times(300, () => strike(random)))
    const heldOut = real(times(75, () => strike(random)))
    const columns = columnsOf(fitted[0]!.row)
    const independent = made(times(200, () => strike(random)))
    const figure = measureCopying({ synthetic: independent, fitted, heldOut, columns })
    if (figure.pass) honest++
    if (figure.interval![0] <= 0 && figure.interval![1] >= 0) covered++
    expect(figure.note).toMatch(/\(95 % interval\)\.$/)
    const copies = made(
      random
        .shuffle(fitted)
        .slice(0, 200)
        .map(({ row }) => row),
    )
    if (measureCopying({ synthetic: copies, fitted, heldOut, columns }).pass === false) caught++
  }
  expect(honest).toBeGreaterThanOrEqual(95)
  expect(caught).toBeGreaterThanOrEqual(95)
  // Without copying the difference is 0 by either way of counting; the reported interval is to hold it 95 times in 100.
  expect(covered).toBeGreaterThanOrEqual(95)
})

/** Columns of many values: chance repeats are rare. */
function wide(random: Random): Row {
  return {
    airport: `airport ${random.integer(1, 60)}`,
    operator: `operator ${random.integer(1, 30)}`,
    bird: `bird ${random.integer(1, 40)}`,
    speed: random.normal(140, 30),
    cost: random.normal(5000, 1500),
  }
}

test('rows copied with one value changed and the numbers jittered are caught', () => {
  const random = createRandom(1, 'jitter')
  const fitted = real(times(400, () => wide(random)))
  const heldOut = real(times(100, () => wide(random)))
  const columns = columnsOf(fitted[0]!.row)
  const jittered = fitted.slice(0, 200).map(({ row: { airport, operator, speed, cost } }) => {
    const near = Number(speed) * (1 + 0.005 * random.next())
    return { airport: airport!, operator: operator!, bird: wide(random)['bird']!, speed: near, cost: cost! }
  })
  const metric = measureCopying({ synthetic: made(jittered), fitted, heldOut, columns })
  expect(metric).toMatchObject({ name: 'copying', pass: false, threshold: 0 })
  expect(metric.value).toBeCloseTo(0.5, 1)
  expect(metric.note).toContain('nearly equal')
})

test('a tenth of copies among honest rows is caught, and counted', () => {
  const random = createRandom(2, 'tenth')
  const fitted = real(times(400, () => wide(random)))
  const heldOut = real(times(100, () => wide(random)))
  const rows = [...times(450, () => wide(random)), ...fitted.slice(0, 50).map(({ row }) => row)]
  const metric = measureCopying({ synthetic: made(rows), fitted, heldOut, columns: columnsOf(rows[0]!) })
  expect(metric.pass).toBe(false)
  expect(metric.value).toBeCloseTo(50 / 400, 10)
  expect(metric.note).toContain('50 of 500 synthetic rows equal a fitted one')
})

test('record numbers are left out, so that they hide no copy', () => {
  const random = createRandom(3, 'numbers')
  let number = 0
  const draw = (): Row => ({ ...wide(random), number: ++number })
  const fitted = real(times(100, draw))
  const heldOut = real(times(100, draw))
  const renumber = (row: Row): Row => ({ ...row, number: ++number })
  const copies = made(fitted.map(({ row }) => renumber(row)))
  const columns = [...columnsOf(wide(random)), { name: 'number', kind: 'id', missing: 0 } as const]
  expect(measureCopying({ synthetic: copies, fitted, heldOut, columns })).toMatchObject({
    value: 1,
    pass: false,
  })
})

test('without held-out rows nothing is claimed', () => {
  const rows = [{ bird: 'gull' }]
  const metric = measureCopying({
    synthetic: made(rows),
    fitted: real(rows),
    heldOut: [],
    columns: columnsOf(rows[0]!),
  })
  expect(metric.pass).toBeUndefined()
  expect(metric.note).toContain('no held-out real rows')
})

const census = `${process.cwd()}/../shared/data/census/census2k-trn.csv.gz`
const readCensus = (part: string): Row[] =>
  parse(gunzipSync(readFileSync(census.replace('trn', part))), { columns: true, cast: true })

test.skipIf(!existsSync(census))('census rows that a real sample happens to share are no copying', () => {
  const [fitted, heldOut] = [real(readCensus('trn')), readCensus('hol')]
  const columns = columnsOf(heldOut[0]!)
  const [first, second] = [heldOut.slice(0, 1000), real(heldOut.slice(1000))]
  const honest = measureCopying({ synthetic: made(first), fitted, heldOut: second, columns })
  expect(honest.pass).toBe(true)
  const copies = measureCopying({
    synthetic: made(fitted.slice(0, 100).map(({ row }) => row)),
    fitted,
    heldOut: second,
    columns,
  })
  expect(copies.pass).toBe(false)
})
