import { existsSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { sharedData } from '../../test/scratch-folder.ts'
import { UserError } from '../error.ts'
import type { Share } from './origin.ts'
import { readSource } from './read.ts'
import type { Row, TracedRow, Value } from './row.ts'
import { type Column, conformRows, inferSchema } from './schema.ts'

const trace = (rows: readonly Row[], share: Share = 'anyone'): TracedRow[] =>
  rows.map((row, index) => ({
    id: `s:${index + 1}`,
    group: `s:${index + 1}`,
    row,
    origin: { kind: 'real', source: 's', number: index + 1, use: 'train', share },
  }))

const column = (values: readonly Value[], name = 'x', kind?: Column['kind']): Column =>
  inferSchema(trace(values.map(value => ({ [name]: value }))), kind === undefined ? {} : { [name]: { kind } })
    .columns[0]!

const repeat = <T>(values: readonly T[], times: number): T[] =>
  Array.from({ length: times }, () => values).flat()

test('numbers have their bounds, and reals their digits', () => {
  expect(column(['3', '-1', '10', null])).toEqual({
    name: 'x',
    kind: 'integer',
    missing: 1,
    minimum: -1,
    maximum: 10,
    notation: 'plain',
  })
  expect(column(['1.5', '2.25', 'NA'])).toMatchObject({
    kind: 'real',
    decimals: 2,
    minimum: 1.5,
    maximum: 2.25,
    missing: 1,
  })
  expect(column(['27000.0', '', '3.0'])).toMatchObject({ kind: 'integer', maximum: 27000 })
  expect(column(['1,234', '12,000,000'])).toMatchObject({
    kind: 'integer',
    maximum: 12_000_000,
    notation: 'thousands-comma',
  })
  expect(column(['1,5', '1.000,25'])).toMatchObject({
    kind: 'real',
    maximum: 1000.25,
    decimals: 2,
    notation: 'decimal-comma',
  })
  expect(column([1, 2.5])).toMatchObject({ kind: 'real' })
  expect(column([1e-7, 0.5])).toMatchObject({ decimals: 7 })
})

test('true and false are booleans; yes and no, 0 and 1 are not', () => {
  expect(column(['True', 'False', 'true', null])).toEqual({
    name: 'x',
    kind: 'boolean',
    missing: 1,
    values: ['true', 'false'],
  })
  expect(column([true, false])).toMatchObject({ kind: 'boolean' })
  expect(column(['yes', 'no', 'yes']).kind).toBe('category')
  expect(column(['0', '1', '1']).kind).toBe('integer')
})

test('dates are ISO text, whichever way they are written', () => {
  expect(column(['31.12.2019', '01.02.2020'])).toMatchObject({
    kind: 'date',
    minimum: '2019-12-31',
    maximum: '2020-02-01',
  })
  expect(column(['01/02/2020', '03/04/2020']).kind).not.toBe('date')
})

test('codes are not numbers', () => {
  expect(column(repeat(['01234', '98765'], 3)).kind).toBe('category')
  expect(column(['12345678901234567', '12345678901234568'], 'order id').kind).toBe('id')
})

test('ids are called so, or count up, or are distinct codes', () => {
  expect(column(['17', '4', '99'], 'student_id').kind).toBe('id')
  expect(column(['17', '4', '99'], 'patientId').kind).toBe('id')
  expect(column(['17', '4', '99'], 'paid').kind).toBe('integer')
  expect(column(Array.from({ length: 20 }, (_, index) => String(index + 5))).kind).toBe('id')
  expect(column(Array.from({ length: 19 }, (_, index) => String(index + 5))).kind).toBe('integer')
  expect(column(Array.from({ length: 20 }, (_, index) => `AB-${index * 7}`)).kind).toBe('id')
  expect(column(Array.from({ length: 20 }, (_, index) => String(index * 3.7 + 0.1))).kind).toBe('real')
})

test('few distinct short values are a category, most frequent first; long or distinct ones are text', () => {
  expect(column(['b', 'a', 'b', 'c', 'a', 'b'])).toMatchObject({ kind: 'category', values: ['b', 'a', 'c'] })
  expect(column(['card_arrival', 'lost_card', 'card_arrival']).kind).toBe('category')
  expect(
    column(repeat(['a sentence of more than six words is a text', 'as is this one, which is said twice'], 2))
      .kind,
  ).toBe('text')
  expect(column(['Where is it?', 'I lost it', 'What now?']).kind).toBe('text')
})

test('None is a value, and a question mark is one only in text', () => {
  expect(column(['None', 'Minor', 'None', 'Minor', '?'])).toMatchObject({
    values: ['Minor', 'None'],
    missing: 1,
  })
  const said = trace([{ x: 'Where is my card?' }, { x: '?' }, { x: 'I have lost it again' }, { x: '' }])
  const schema = inferSchema(said)
  expect(schema.columns[0]).toEqual({ name: 'x', kind: 'text', missing: 1 })
  expect(conformRows(said, schema).map(({ row }) => row['x'])).toEqual([
    'Where is my card?',
    '?',
    'I have lost it again',
    null,
  ])
})

test('a column without values is text', () => {
  expect(column([null, '', 'NA'])).toEqual({ name: 'x', kind: 'text', missing: 2 })
})

test('conforming gives values their types and the rows the columns of the schema', () => {
  const raw = trace([
    { n: '1,234', r: '2.50', d: '31/12/2019', b: 'TRUE', c: 'x', t: '  as it is ', extra: 1 },
    { c: '?', d: '01/02/2020', b: 'false', n: '7', r: '' },
  ])
  const schema = inferSchema(raw, { t: { kind: 'text' }, c: { kind: 'category' } })
  const without = { ...schema, columns: schema.columns.filter(({ name }) => name !== 'extra') }
  expect(conformRows(raw, without).map(({ row }) => row)).toEqual([
    { n: 1234, r: 2.5, d: '2019-12-31', b: true, c: 'x', t: '  as it is ' },
    { n: 7, r: null, d: '2020-02-01', b: false, c: null, t: null },
  ])
})

test('conforming twice changes nothing, and types are inferred alike from conformed rows', () => {
  const raw = trace([
    { n: '1.234,5', d: '31.12.2019', id: '7', c: 'a' },
    { n: '3,25', d: '01.02.2020', id: '8', c: 'a' },
  ])
  const schema = inferSchema(raw)
  const once = conformRows(raw, schema)
  expect(conformRows(once, schema)).toEqual(once)
  expect(inferSchema(once).columns.map(({ kind }) => kind)).toEqual(schema.columns.map(({ kind }) => kind))
})

test('a declared kind takes the place of the inferred one', () => {
  expect(column(['1', '2', '1'], 'x', 'category')).toMatchObject({ kind: 'category', values: ['1', '2'] })
  expect(column(['yes', 'No'], 'x', 'boolean')).toMatchObject({ values: ['false', 'true'] })
  const rows = trace([{ x: 1 }, { x: true }])
  const schema = inferSchema(rows, { x: { kind: 'text' } })
  expect(conformRows(rows, schema).map(({ row }) => row['x'])).toEqual(['1', 'true'])
})

test('a value that is not of its kind is named with source, record and column', () => {
  const rows = trace([{ speed: '1,200' }, { speed: '80' }, { speed: 'fast' }])
  const schema = inferSchema(rows, { speed: { kind: 'integer' } })
  const conform = (): unknown => conformRows(rows, schema)
  expect(conform).toThrow('Source s, record 3: in column "speed", "fast" is not an integer')
  expect(conform).toThrow(UserError)
  const half = trace([{ x: '1.5' }])
  expect(() => conformRows(half, inferSchema(half, { x: { kind: 'integer' } }))).toThrow(
    '"1.5" is not an integer',
  )
  const flag = trace([{ x: 'maybe' }])
  expect(() => conformRows(flag, inferSchema(flag, { x: { kind: 'boolean' } }))).toThrow(
    '"maybe" is not true or false',
  )
  const day = trace([{ x: '2020-02-30' }])
  expect(() => conformRows(day, inferSchema(day, { x: { kind: 'date' } }))).toThrow(
    'is not a date of the calendar',
  )
})

test('a local value is not quoted', () => {
  const rows = trace([{ x: 'Mrs Smith' }], 'local')
  expect(() => conformRows(rows, inferSchema(rows, { x: { kind: 'real' } }))).toThrow(
    'Source s, record 1: in column "x", its value is not a number',
  )
})

test('a declared date that can be read two ways is refused', () => {
  expect(() => column(['01/02/2020', '03/04/2020'], 'when', 'date')).toThrow(
    'Column "when" is declared a date, but day and month of every value could be exchanged',
  )
})

test('a column may be called as a member of every object is', () => {
  const rows = trace([
    Object.fromEntries([
      ['__proto__', '1'],
      ['constructor', 'a'],
    ]),
    { other: 'b' },
  ])
  const schema = inferSchema(rows)
  expect(schema.columns.map(({ name, missing }) => [name, missing])).toEqual([
    ['__proto__', 1],
    ['constructor', 1],
    ['other', 1],
  ])
  expect(Object.keys(conformRows(rows, schema)[1]!.row)).toEqual(['__proto__', 'constructor', 'other'])
})

async function readShared(file: string): Promise<readonly TracedRow[]> {
  const whole = path.join(sharedData, file)
  return (await readSource({ name: 's', path: whole, use: 'train', share: 'anyone', drop: [] })).rows
}

async function kinds(file: string): Promise<Record<string, string>> {
  const rows = await readShared(file)
  const schema = inferSchema(rows)
  expect(conformRows(rows, schema)).toHaveLength(rows.length)
  return Object.fromEntries(schema.columns.map(({ name, kind }) => [name, kind]))
}

test.skipIf(!existsSync(sharedData))('the columns of real files are what a person would say', async () => {
  expect(await kinds('banking77/train.csv')).toEqual({ text: 'text', category: 'category' })
  expect(await kinds('insurance/insurance.csv')).toEqual({
    age: 'integer',
    sex: 'category',
    bmi: 'real',
    children: 'integer',
    smoker: 'category',
    region: 'category',
    charges: 'real',
  })
  expect(await kinds('sdmetrics-demo/student_placements_real.csv')).toMatchObject({
    student_id: 'id',
    second_perc: 'real',
    work_experience: 'boolean',
    start_date: 'date',
    salary: 'integer',
  })
  expect(await kinds('wildlife-strikes/strikes.csv')).toMatchObject({
    'Flight Date': 'date',
    'Wildlife Species': 'category',
    'Speed IAS in knots': 'integer',
  })
})

test.skipIf(!existsSync(sharedData))(
  'None stays a level of damage, and ? is missing in the census',
  async () => {
    const damage = inferSchema(await readShared('wildlife-strikes/strikes.csv')).columns[2]!
    expect(damage).toMatchObject({ missing: 0, kind: 'category' })
    expect(damage.values![0]).toBe('None')
    // Missing values of UCI's Adult, train and test together: workclass 2,799, occupation 2,809, native-country 857.
    const missing = inferSchema(await readShared('census/census.csv.gz')).columns.filter(
      column => column.missing > 0,
    )
    expect(missing.map(column => [column.name, column.missing])).toEqual([
      ['workclass', 2799],
      ['occupation', 2809],
      ['native_country', 857],
    ])
  },
)
