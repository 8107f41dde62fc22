import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { scratchFolder } from '../../test/scratch-folder.ts'
import { sqlText, withDatabase } from './duckdb.ts'
import type { Example } from './example.ts'
import { PRIVATE } from './file.ts'
import {
  readExamples,
  readParquet,
  readTracedRows,
  writeExamples,
  writeParquet,
  writeTracedRows,
} from './parquet.ts'
import { createRandom } from './random.ts'
import { readSource } from './read.ts'
import type { Row, TracedRow, Value } from './row.ts'

const folder = scratchFolder()
const at = (name: string): string => path.join(folder.path, name)

async function roundTrip(rows: readonly Row[]): Promise<Row[]> {
  await writeParquet(at('round.parquet'), rows)
  return readParquet(at('round.parquet'))
}

test('rows come back equal, types included', async () => {
  const rows: readonly Row[] = [
    {
      text: 'é😀 "quoted"\n\0 end',
      whole: 7,
      real: 1.5,
      flag: true,
      none: null,
      code: '007',
      mixed: 'x',
      date: '2020-01-31',
    },
    {
      text: '',
      whole: -9007199254740991,
      real: 0.1 + 0.2,
      flag: false,
      none: null,
      code: '1e5',
      mixed: 3,
      date: null,
    },
    {
      text: null,
      whole: null,
      real: 5e-324,
      flag: null,
      none: null,
      code: 'true',
      mixed: false,
      date: '2020-02-01T00:00:00',
    },
    { text: 'NULL', whole: 2 ** 40, real: -1e308, flag: true, none: null, code: '', mixed: null, date: 'x' },
  ]
  expect(await roundTrip(rows)).toEqual(rows)
  const back = await roundTrip([{ a: -0 }, { a: 2 }])
  expect(Object.is(back[0]!['a'], -0)).toBe(true)
})

test('columns that differ in their capitals alone, and odd names, come back', async () => {
  const names = [
    'Age',
    'age',
    'AGE_2',
    '',
    'a "b"',
    "it's",
    '__proto__',
    'constructor',
    'select',
    'a.b',
    'é😀',
  ]
  const rows = [Object.fromEntries(names.map((name, index): [string, Value] => [name, index]))]
  const back = await roundTrip(rows)
  expect(Object.entries(back[0]!)).toEqual(Object.entries(rows[0]!))
})

test('a column that some rows lack is null in them', async () => {
  expect(await roundTrip([{ a: 1 }, { b: 'x' }])).toEqual([
    { a: 1, b: null },
    { a: null, b: 'x' },
  ])
})

test('no rows come back as no rows', async () => {
  expect(await roundTrip([])).toEqual([])
  await writeExamples(at('none.parquet'), [])
  expect(await readExamples(at('none.parquet'))).toEqual([])
  await writeTracedRows(at('none.parquet'), [])
  expect(await readTracedRows(at('none.parquet'))).toEqual([])
})

const made = (count: number): TracedRow[] => {
  const random = createRandom(1, 'rows')
  return Array.from({ length: count }, (_, index) => ({
    id: `s:${index}`,
    group: `g${index % 7}`,
    row: {
      _id: index,
      text: `text ${random.integer(0, 1e6)}`,
      size: random.pick(['a', 'b', null]),
      x: random.next(),
    },
    origin:
      index % 2 === 0
        ? { kind: 'real', source: 's', number: index + 1, use: 'train', share: 'anyone' }
        : {
            kind: 'synthetic',
            generator: 'r',
            seed: index,
            cell: { size: 'a', n: 1 },
            fitted: null,
            parents: ['s:0'],
            share: 'local',
          },
  }))
}

test('more rows than a chunk and than a row group come back with their lineage, in order', async () => {
  for (const count of [2048, 2049, 130_000]) {
    const rows = made(count)
    await writeTracedRows(at('traced.parquet'), rows)
    const back = await readTracedRows(at('traced.parquet'))
    // Compared as text: toEqual takes seconds for so many.
    expect(JSON.stringify(back) === JSON.stringify(rows), `${count} rows`).toBe(true)
  }
})

const example: Example = {
  id: 's:1/damage/0',
  group: 's:1',
  task: 'damage',
  messages: [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Ein Vogel – "groß"\n😀' },
    { role: 'assistant', content: '{"damage": null}' },
  ],
  attributes: { size: 'Large', speed: 300.5, night: false, none: null, '1': 'one' },
  weight: 0.1,
  origin: { kind: 'real', source: 's', number: 1, use: 'train', share: 'local' },
}

test('examples come back equal', async () => {
  const examples = [example, { ...example, id: 'other', weight: 2, messages: [], attributes: {} }]
  await writeExamples(at('examples.parquet'), examples)
  expect(await readExamples(at('examples.parquet'))).toEqual(examples)
})

test('the same rows give the same bytes, also when written at the same time', async () => {
  const rows = made(5000)
  const files = ['one', 'two', 'three', 'four'].map(name => at(`${name}.parquet`))
  await writeTracedRows(files[0]!, rows)
  await Promise.all(files.slice(1).map(file => writeTracedRows(file, rows)))
  const [first, ...others] = await Promise.all(files.map(file => readFile(file)))
  for (const other of others) expect(other.equals(first!)).toBe(true)
})

test('nothing is left beside a written file, and a private one is its owner’s alone', async () => {
  const file = at("own er's [1]*/rows?.parquet")
  await writeParquet(file, [{ a: 1 }], PRIVATE)
  expect(await readdir(path.dirname(file))).toEqual([path.basename(file)])
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect(await readParquet(file)).toEqual([{ a: 1 }])
})

test('a writing that fails leaves the file as it was', async () => {
  const file = at('kept.parquet')
  await writeParquet(file, [{ a: 1 }])
  const nested = [{ a: { b: 1 } as unknown as Value }]
  await expect(writeParquet(file, nested)).rejects.toThrow(
    'a column holds a value of type object; rows are flat',
  )
  expect(await readParquet(file)).toEqual([{ a: 1 }])
})

async function makeParquet(name: string, select: string): Promise<string> {
  const file = at(name)
  await withDatabase(connection => connection.run(`copy (${select}) to ${sqlText(file)} (format parquet)`))
  return file
}

const source = (file: string) => ({ name: 's', path: file, use: 'train', share: 'anyone', drop: [] }) as const

test('a Parquet source of any types becomes rows of plain values', async () => {
  const file = await makeParquet(
    'types.parquet',
    `select 7::bigint as whole, 9007199254740993::bigint as long, 1.50::decimal(10,2) as price, 0.1::double as real,
      'nan'::double as nothing, true as flag, date '2020-01-31' as day, timestamp '2020-01-31 07:30:00' as moment,
      null::varchar as none, 'x' as text, [1, 2] as list, {'city': 'Rome', 'at': {'lat': 1.5}} as place`,
  )
  const { rows, format } = await readSource(source(file))
  expect(format).toBe('parquet')
  expect(rows).toEqual([
    expect.objectContaining({
      id: 's:1',
      row: {
        whole: 7,
        long: '9007199254740993',
        price: 1.5,
        real: 0.1,
        nothing: null,
        flag: true,
        day: '2020-01-31',
        moment: '2020-01-31T07:30:00',
        none: null,
        text: 'x',
        list: '[1,2]',
        'place.city': 'Rome',
        'place.at.lat': 1.5,
      },
    }),
  ])
})

test('conversations in Parquet become chat rows', async () => {
  const file = await makeParquet(
    'chat.parquet',
    `select [{'role': 'user', 'content': 'Hi'}, {'role': 'assistant', 'content': 'Hello'}] as messages, 3 as n`,
  )
  const { rows } = await readSource(source(file))
  expect(rows[0]!.row).toEqual({
    messages: '[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello"}]',
    prompt: 'Hi',
    response: 'Hello',
    n: 3,
  })
})

test('a long Parquet source is read whole and in order, compressed too', async () => {
  const file = await makeParquet('long.parquet', 'select range as n from range(10000)')
  const { rows } = await readSource(source(file))
  expect(rows.map(({ row }) => row['n'])).toEqual(Array.from({ length: 10_000 }, (_, index) => index))
  await writeFile(at('long.parquet.gz'), gzipSync(await readFile(file)))
  expect((await readSource(source(at('long.parquet.gz')))).rows).toEqual(rows)
})

test('a Parquet source that is cut off is refused by name', async () => {
  const file = await makeParquet('whole.parquet', 'select range as n from range(1000)')
  await writeFile(at('cut.parquet'), (await readFile(file)).subarray(0, 500))
  await expect(readSource(source(at('cut.parquet')))).rejects.toThrow(
    /^cut\.parquet cannot be read as Parquet: /,
  )
})
