import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readSource } from '../data/read.ts'
import type { Row } from '../data/row.ts'
import { conformRows, inferSchema, type Column } from '../data/schema.ts'
import { marginalAgreement } from './marginals.ts'

const category = (name: string): Column => ({ name, kind: 'category', missing: 0 })
const integer = (name: string): Column => ({ name, kind: 'integer', missing: 0 })
const repeat = (count: number, row: Row): Row[] => Array.from({ length: count }, () => row)

test('agreement of one column is one minus total variation distance, by hand', () => {
  // Shares 0.6 and 0.4 against 0.5, 0.3 and 0.2 for a new value: ½(0.1 + 0.1 + 0.2) = 0.2.
  const real = [...repeat(6, { a: 'x' }), ...repeat(4, { a: 'y' })]
  const synthetic = [...repeat(5, { a: 'x' }), ...repeat(3, { a: 'y' }), ...repeat(2, { a: 'z' })]
  const { columns, univariate } = marginalAgreement(real, synthetic, [category('a')])
  expect(columns[0]!.accuracy).toBeCloseTo(0.8, 12)
  // ½ · 2 · √(2 · 0.6 · 0.4 · (1/10 + 1/10) / π)
  expect(univariate.ceiling).toBeCloseTo(1 - Math.sqrt(0.096 / Math.PI), 12)
})

test('equal columns that no longer go together show in the pair alone', () => {
  const real = [...repeat(50, { a: 'x', b: 1 }), ...repeat(50, { a: 'y', b: 2 })]
  const synthetic = [0, 1].flatMap(i => [1, 2].flatMap(b => repeat(25, { a: i === 0 ? 'x' : 'y', b })))
  const found = marginalAgreement(real, synthetic, [category('a'), integer('b')])
  expect(found.univariate.accuracy).toBeCloseTo(1, 12)
  expect(found.bivariate.accuracy).toBeCloseTo(0.5, 12)
  expect(found.accuracy).toBeCloseTo(0.75, 12)
})

test('a missing value is a bin of its own, and numbers beyond the real ones fall into the outermost bins', () => {
  const real = [{ a: 1 }, { a: 2 }, { a: null }, { a: null }]
  const synthetic = [{ a: -5 }, { a: 9 }, { a: null }, { a: 1 }]
  expect(marginalAgreement(real, synthetic, [integer('a')]).accuracy).toBeCloseTo(0.75, 12)
})

test('ids and free text are not compared', () => {
  const columns: Column[] = [
    { name: 'id', kind: 'id', missing: 0 },
    { name: 'note', kind: 'text', missing: 0 },
    category('a'),
  ]
  const found = marginalAgreement([{ id: '1', note: 'p', a: 'x' }], [{ id: '2', note: 'q', a: 'x' }], columns)
  expect(found.accuracy).toBe(1)
  expect(found.columns.map(({ name }) => name)).toEqual(['a'])
})

test('a side without rows is refused', () => {
  expect(() => marginalAgreement([], [{ a: 1 }], [integer('a')])).toThrow(RangeError)
})

const folder = join(process.cwd(), '..', 'shared', 'data', 'census')

test.skipIf(!existsSync(folder))(
  'the census sample of mostlyai-qa gets the figures that numpy computes',
  async () => {
    const [train, synthetic] = await Promise.all(
      ['trn', 'syn_mostly'].map(name =>
        readSource({
          name,
          path: join(folder, `census2k-${name}.csv.gz`),
          use: 'train',
          share: 'anyone',
          drop: [],
        }),
      ),
    )
    const schema = inferSchema(train!.rows)
    const [real, made] = [train!, synthetic!].map(({ rows }) =>
      conformRows(rows, schema).map(({ row }) => row),
    )
    const { univariate, bivariate, accuracy, ceiling } = marginalAgreement(real!, made!, schema.columns)
    // By numpy, binned as mostlyai-qa 1.9 does.
    expect(univariate.accuracy).toBeCloseTo(0.9623, 3)
    expect(bivariate.accuracy).toBeCloseTo(0.91476, 3)
    expect(accuracy).toBeCloseTo(0.93853, 3)
    expect(ceiling).toBeCloseTo(0.95828, 3)
  },
)
