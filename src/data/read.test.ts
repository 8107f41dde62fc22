import { existsSync } from 'node:fs'
import { chmod, mkdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { scratchFolder, sharedData } from '../../test/scratch-folder.ts'
import { UserError } from '../error.ts'
import { readSource, type SourceFile } from './read.ts'

const folder = scratchFolder()

const source = (file: string, more: Partial<SourceFile> = {}): SourceFile => ({
  name: 'strikes',
  path: file,
  use: 'train',
  share: 'anyone',
  drop: [],
  ...more,
})

async function readText(name: string, content: string | Uint8Array, more: Partial<SourceFile> = {}) {
  return readSource(source(await folder.write(name, content), more))
}

async function failure(work: Promise<unknown>): Promise<{ message: string; next: string | undefined }> {
  const error = await work.then(
    () => undefined,
    (caught: unknown) => caught,
  )
  if (!(error instanceof UserError)) throw new TypeError(`no UserError but ${String(error)}`)
  return { message: error.message, next: error.next }
}

const csv = 'id,size,phase\n1,Large,Climb\n2,,Approach\n1,Small,Climb\n'

test('rows carry name, group and lineage', async () => {
  const read = await readText('strikes.csv', csv, { group: 'id', share: 'local', use: 'fit' })
  expect(read).toMatchObject({ source: 'strikes', file: 'strikes.csv', format: 'csv', skipped: [] })
  expect(read.rows[1]).toEqual({
    id: 'strikes:2',
    group: '2',
    row: { id: '2', size: null, phase: 'Approach' },
    origin: { kind: 'real', source: 'strikes', number: 2, use: 'fit', share: 'local' },
  })
  expect(read.rows.map(row => row.group)).toEqual(['1', '2', '1'])
})

test('a row without a value of the group column is a group of its own', async () => {
  const { rows } = await readText('strikes.csv', csv, { group: 'size' })
  expect(rows.map(row => row.group)).toEqual(['Large', 'strikes:2', 'Small'])
})

test('where keeps records by value and leaves their numbers as they are', async () => {
  const { rows } = await readText('strikes.csv', csv, { where: { id: 1, phase: 'Climb' } })
  expect(rows.map(row => row.id)).toEqual(['strikes:1', 'strikes:3'])
  const missing = await readText('strikes.csv', csv, { where: { size: null } })
  expect(missing.rows.map(row => row.id)).toEqual(['strikes:2'])
  const truth = await readText('a.csv', 'ok,x\nTrue,1\nFalse,2\n', { where: { ok: true } })
  expect(truth.rows.map(row => row.row['x'])).toEqual(['1'])
})

test('dropped columns are nowhere in the rows', async () => {
  const read = await readText('strikes.csv', csv, { drop: ['id', 'phase'] })
  expect(JSON.stringify(read)).not.toMatch(/phase|Climb/)
  expect(read.rows[0]!.row).toEqual({ size: 'Large' })
})

test('JSON Lines of differing members become rows of equal columns', async () => {
  const { rows } = await readText('a.jsonl', '{"a":1}\n{"b":"x","a":2}\n{"toString":0}\n')
  expect(rows.map(row => Object.entries(row.row))).toEqual([
    [
      ['a', 1],
      ['b', null],
      ['toString', null],
    ],
    [
      ['a', 2],
      ['b', 'x'],
      ['toString', null],
    ],
    [
      ['a', null],
      ['b', null],
      ['toString', 0],
    ],
  ])
})

test('gzip is seen by the content, whatever the name says', async () => {
  const plain = await readText('strikes.csv', csv)
  for (const name of ['strikes.csv.gz', 'strikes.csv']) {
    expect((await readText(name, gzipSync(csv))).rows).toEqual(plain.rows)
  }
  const lines = await readText('a.jsonl.gz', gzipSync('{"a":1}\n'))
  expect(lines.rows[0]!.row).toEqual({ a: 1 })
  const members = Buffer.concat([gzipSync('a\n1\n'), gzipSync('2\n')])
  expect((await readText('parts.csv.gz', members)).rows).toHaveLength(2)
})

test('a compressed file that ends early is refused, not read in part', async () => {
  const lines = Array.from({ length: 5000 }, (_, index) => `${index},${index * 7919}`)
  const whole = gzipSync(['a,b', ...lines].join('\n'))
  const cut = await failure(readText('a.csv.gz', whole.subarray(0, -2000)))
  expect(cut.message).toBe('a.csv.gz ends in the middle of its compressed data')
  const damaged = Buffer.from(whole)
  damaged.fill(0xff, 2000, 2100)
  expect((await failure(readText('a.csv.gz', damaged))).message).toMatch(/damaged/)
})

test('a bad record stops the reading with file, line and column', async () => {
  expect(await failure(readText('a.jsonl', '{"a":1}\n{"a":}\n'))).toEqual({
    message: 'a.jsonl:2:6: this is no JSON value',
    next: 'Correct that line: each holds one whole JSON object. Or set such records aside with --skip-bad-rows.',
  })
  expect((await failure(readText('a.csv', 'a,b\n1\n'))).message).toBe(
    'a.csv:2: the record has 1 field where the header has 2',
  )
})

test('skipBad reads on and tells what it passed over', async () => {
  const file = await folder.write('a.csv', 'a,b\n1,2\n3\n4,5\n')
  const { rows, skipped } = await readSource(source(file), { skipBad: true })
  expect(rows.map(row => row.id)).toEqual(['strikes:1', 'strikes:3'])
  expect(skipped).toEqual([expect.objectContaining({ number: 2, line: 3 })])
  const none = await folder.write('b.csv', 'a,b\n1\n')
  expect((await failure(readSource(source(none), { skipBad: true }))).message).toMatch(
    /^b.csv has no record that can be read; the first fault is at b.csv:2: /,
  )
})

test('what is not there is named, with what may have been meant', async () => {
  const file = await folder.write('strikes.csv', csv)
  const wrong = await failure(readSource(source(path.join(path.dirname(file), 'strike.csv'))))
  expect(wrong.message).toMatch(/^There is no file .*strike\.csv$/)
  expect(wrong.next).toBe('Did you mean strikes.csv, which is beside it?')
  const nowhere = await failure(readSource(source(path.join(folder.path, 'none', 'a.csv'))))
  expect(nowhere.message).toMatch(/^There is no folder .*none$/)
  const below = await failure(readSource(source(path.join(file, 'a.csv'))))
  expect(below.message).toMatch(/^There is no f/)
})

test('a folder is not a file', async () => {
  const inner = path.join(folder.path, 'data.csv')
  await mkdir(path.join(inner, 'one'), { recursive: true })
  const wrong = await failure(readSource(source(inner)))
  expect(wrong.message).toMatch(/is a folder, not a file$/)
  expect(wrong.next).toBe('Name one of its files: one.')
})

test.skipIf(process.getuid?.() === 0)('a file that may not be read is named', async () => {
  const file = await folder.write('a.csv', csv)
  await chmod(file, 0)
  expect((await failure(readSource(source(file)))).message).toMatch(/may not be read$/)
})

test.each([
  ['empty.csv', '', 'empty.csv is empty'],
  ['header.csv', 'a,b\n', 'header.csv has a header at most, but no records'],
  ['blank.jsonl', '\n\n', 'blank.jsonl has a header at most, but no records'],
  ['empty.csv.gz', gzipSync(''), 'empty.csv.gz is empty once decompressed'],
  ['plain.csv.gz', csv, 'plain.csv.gz is called .gz but is not compressed with gzip'],
  ['utf16.csv', Buffer.from(`\uFEFF${csv}`, 'utf16le'), 'utf16.csv is UTF-16 text'],
  ['utf16.csv.gz', gzipSync(Buffer.from(`\uFEFF${csv}`, 'utf16le')), 'utf16.csv.gz is UTF-16 text'],
  [
    'binary.csv',
    Buffer.from([1, 0, 2, 0]),
    'binary.csv is to be read as csv, but its first bytes are those of a binary file',
  ],
  [
    'book.csv',
    Buffer.from('PK\u0003\u0004…'),
    'book.csv is to be read as csv, but its first bytes are those of xlsx',
  ],
  [
    'rows.parquet',
    csv,
    'rows.parquet is to be read as parquet, but its first bytes are those of another format',
  ],
  ['book.xlsx', csv, 'book.xlsx is to be read as xlsx, but its first bytes are those of another format'],
  ['data.json', '[]', 'data.json is one JSON document, or JSON Lines under another name'],
  ['data.txt', csv, 'The format of data.txt does not follow from its name'],
])('%s is refused in plain words', async (name, content, message) => {
  const wrong = await failure(readText(name, content))
  expect(wrong.message).toBe(message)
  expect(wrong.next).toBeTruthy()
})

test('format says what the name does not', async () => {
  expect((await readText('data.txt', csv, { format: 'csv' })).rows).toHaveLength(3)
  expect((await readText('data.json', '{"a":1}\n', { format: 'jsonl' })).rows).toHaveLength(1)
  expect((await readText('DATA.CSV', csv)).rows).toHaveLength(3)
})

test.each([
  [
    { drop: ['fase'] },
    'Source strikes: strikes.csv has no column "fase", which drop names',
    'Did you mean "phase"?',
  ],
  [
    { group: 'pilot' },
    'Source strikes: strikes.csv has no column "pilot", which group names',
    'Its columns are id, size, phase.',
  ],
  [
    { where: { Phase: 'Climb' } },
    'Source strikes: strikes.csv has no column "Phase", which where names',
    'Did you mean "phase"?',
  ],
  [
    { where: { phase: 'climb' } },
    'Source strikes: no record of strikes.csv has phase = "climb"',
    'Correct where; text is compared exactly, with its capitals and spaces.',
  ],
])('%j is refused', async (more, message, next) => {
  expect(await failure(readText('strikes.csv', csv, more))).toEqual({ message, next })
})

test('a column may select records and then be dropped', async () => {
  const { rows } = await readText('strikes.csv', csv, { where: { phase: 'Climb' }, drop: ['phase'] })
  expect(rows.length).toBeGreaterThan(0)
  for (const { row } of rows) expect(row).not.toHaveProperty('phase')
})

test('the values of local data are in no error', async () => {
  const secret = 'Mrs Smith of Elm Street'
  for (const [name, content] of [
    ['a.csv', `a,b\n${secret}\n`],
    ['b.csv', `a,b\n1,"${secret}"x\n`],
    ['c.jsonl', `{"a": ${secret}}\n`],
    ['d.jsonl', `{"messages": [{"role": "${secret}", "content": "x"}]}\n`],
  ] as const) {
    const wrong = await failure(readText(name, content, { share: 'local' }))
    expect(`${wrong.message} ${wrong.next}`).not.toMatch(/Smith|Elm/)
  }
})

test('reading stops when it is told to', async () => {
  const file = await folder.write('a.csv', csv)
  await expect(readSource(source(file), { signal: AbortSignal.abort() })).rejects.toThrow('aborted')
})

const real = (file: string): string => path.join(sharedData, file)

// Counts are those of `python3 -c "import csv; ..."` over the same files, and of the data's README.
test.skipIf(!existsSync(sharedData)).each([
  ['banking77/train.csv', 10_003, 2],
  ['banking77/test.csv', 3080, 2],
  ['heart/heart.csv', 303, 14],
  ['insurance/insurance.csv', 1338, 7],
  ['census/census.csv.gz', 48_842, 15],
  ['census/census2k-trn.csv.gz', 2000, 15],
  ['wildlife-strikes/strikes.csv', 10_000, 14],
  ['sdmetrics-demo/student_placements_real.csv', 215, 17],
])('the real file %s has %i records of %i columns', async (file, records, columns) => {
  const { rows } = await readSource(source(real(file)))
  expect(rows).toHaveLength(records)
  expect(new Set(rows.map(row => Object.keys(row.row).length))).toEqual(new Set([columns]))
})

// csv-parse is the peer here: the same fields from another reader.
test
  .skipIf(!existsSync(sharedData))
  .each(['banking77/train.csv', 'heart/heart.csv', 'wildlife-strikes/strikes.csv'])(
  'the real file %s has the values that csv-parse reads',
  async file => {
    const peer: Record<string, string>[] = parse(await readFile(real(file)), { columns: true, bom: true })
    const { rows } = await readSource(source(real(file)))
    const differing = rows.filter(({ row }, index) =>
      Object.entries(peer[index]!).some(([column, value]) => row[column] !== (value === '' ? null : value)),
    )
    expect(rows).toHaveLength(peer.length)
    expect(differing).toEqual([])
  },
)

test.skipIf(!existsSync(sharedData))(
  'the byte-order mark of the real heart file is no part of "age"',
  async () => {
    const { rows } = await readSource(source(real('heart/heart.csv')))
    expect(rows[0]!.row).toMatchObject({ age: '63', thal: '1' })
  },
)

test.skipIf(!existsSync(sharedData))(
  'a real file with halves of surrogate pairs is refused at its line',
  async () => {
    // By Python: data[:error.start].count(b'\n') + 1 and error.start - data.rfind(b'\n', 0, error.start) of its UnicodeDecodeError.
    const file = source(real('snips/train_PlayMusic.json'), { format: 'csv' })
    const { skipped } = await readSource(file, { skipBad: true })
    expect(skipped.find(({ problem }) => problem.includes('UTF-8'))).toMatchObject({
      line: 9091,
      column: 40,
      problem: expect.stringMatching(
        /^not valid UTF-8: byte 40 of the line begins half of a surrogate pair \(bytes ed a0 bc\)/,
      ) as unknown,
    })
  },
)
