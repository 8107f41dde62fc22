import { expect, test } from 'vitest'
import { csvRecords, delimiterOf } from './csv.ts'
import { createRandom } from './random.ts'
import type { SourceRecord } from './record.ts'
import { textBlocks } from './text-block.ts'

async function read(text: string | Uint8Array, size = 1 << 16, tabs = false): Promise<SourceRecord[]> {
  const bytes = Buffer.from(text)
  async function* chunks(): AsyncGenerator<Buffer> {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
  }
  return Array.fromAsync(csvRecords(textBlocks(chunks()), { file: 'data.csv', tabs }))
}

const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`

const rowsOf = (records: readonly SourceRecord[]): unknown[] =>
  records.map(record => ('row' in record ? record.row : record.problem))

// The fields are what Python 3's csv.reader gives for the same text; an empty field becomes null.
const nasty =
  'a,b,c\r\n1,"x, y",3\r\n"two\r\nlines","he said ""hi""",\r\n5\' 3" tall,"","ends with """\n\n  pad , mid"quote,é😀\n'
const nastyRows = [
  { a: '1', b: 'x, y', c: '3' },
  { a: 'two\r\nlines', b: 'he said "hi"', c: null },
  { a: '5\' 3" tall', b: null, c: 'ends with "' },
  { a: '  pad ', b: ' mid"quote', c: 'é😀' },
]

test('quotes, line breaks in quotes, both line ends, blank lines and emoji are read as Python reads them', async () => {
  expect(rowsOf(await read(nasty))).toEqual(nastyRows)
})

test('the size of the chunks a file comes in changes nothing', async () => {
  const whole = await read(nasty)
  for (const size of [1, 2, 3, 5, 7, 11]) expect(await read(nasty, size)).toEqual(whole)
})

test('each record knows the line it starts on, also after quoted line breaks and blank lines', async () => {
  const records = await read(nasty)
  expect(records.map(({ line }) => line)).toEqual([2, 3, 5, 7])
})

test('any table that is written is read back', async () => {
  const random = createRandom(1, 'csv')
  const letters = ['a', '"', ',', '\n', '\r\n', ' ', 'é', '😀', ';', '\t']
  for (let round = 0; round < 50; round++) {
    const field = (): string =>
      Array.from({ length: random.integer(1, 8) }, () => random.pick(letters)).join('')
    const rows = Array.from({ length: 10 }, () => ({ x: field(), y: field(), z: field() }))
    const text = ['x,y,z', ...rows.map(row => Object.values(row).map(quote).join(','))].join('\n')
    expect(rowsOf(await read(text, 7))).toEqual(rows)
  }
})

test('a byte-order mark is no part of the first column', async () => {
  expect(rowsOf(await read('\uFEFFage,sex\n63,1\n'))).toEqual([{ age: '63', sex: '1' }])
})

test('the last record needs no line end, and a quoted field may be the last thing in the file', async () => {
  expect(rowsOf(await read('a,b\n1,2'))).toEqual([{ a: '1', b: '2' }])
  expect(rowsOf(await read('a,b\n1,"2"'))).toEqual([{ a: '1', b: '2' }])
  expect(rowsOf(await read('a,b\r\n1,2\r'))).toEqual([{ a: '1', b: '2' }])
})

test('the delimiter is found: comma, semicolon, tab, bar', async () => {
  expect(delimiterOf('name;salary, EUR;note\nAnn;1,5;a\nBob;2,5;b\n')).toBe(';')
  expect(delimiterOf('a\tb\n1,2\t3\n')).toBe('\t')
  expect(delimiterOf('a|b|c\n1|2|3\n')).toBe('|')
  expect(delimiterOf('text,label\n"one; two",x\n"three; four",y\n')).toBe(',')
  expect(delimiterOf('text\nhello; you\nhello\n')).toBe(',')
  expect(rowsOf(await read('a;b\n"x;1";2,5\n'))).toEqual([{ a: 'x;1', b: '2,5' }])
})

test('TSV is cut at tabs alone', async () => {
  expect(rowsOf(await read('a,b\tc\n1,2\t3\n', 1 << 16, true))).toEqual([{ 'a,b': '1,2', c: '3' }])
})

test('a ragged record is bad with its line and both numbers of fields, and the next is read', async () => {
  const records = await read('a,b\n1,2\n3\n4,5,6\n7,8\n')
  expect(records[1]).toMatchObject({
    number: 2,
    line: 3,
    problem: 'the record has 1 field where the header has 2',
  })
  expect(records[2]).toMatchObject({
    number: 3,
    line: 4,
    problem: 'the record has 3 fields where the header has 2',
  })
  expect(records[3]).toMatchObject({ number: 4, line: 5, row: { a: '7', b: '8' } })
})

test('an open quote is placed by line and column and costs one record, not the file', async () => {
  const records = await read('a,b\n1,2\n3,"open\n4,5\n6,7\n')
  expect(records[1]).toMatchObject({
    number: 2,
    line: 3,
    column: 3,
    problem: 'the quote opened here is never closed',
  })
  expect(rowsOf(records.slice(2))).toEqual([
    { a: '4', b: '5' },
    { a: '6', b: '7' },
  ])
})

test('an open quote that a later one seems to close does not swallow the records between', async () => {
  const records = await read('a,b\n1,"open\n2,x\n3,"closed"\n4,y\n')
  expect(records[0]).toMatchObject({
    line: 2,
    column: 3,
    problem: 'the quote opened here closes at line 4, column 3, in the middle of a field',
  })
  expect(rowsOf(records.slice(1))).toEqual([
    { a: '2', b: 'x' },
    { a: '3', b: 'closed' },
    { a: '4', b: 'y' },
  ])
})

async function* endless(): AsyncGenerator<Buffer> {
  yield Buffer.from('a,b\n1,"')
  for (;;) yield Buffer.from('open text\n'.repeat(6500))
}

test('a quoted field longer than ten million characters is taken for an open quote', async () => {
  const records = csvRecords(textBlocks(endless()), { file: 'data.csv', tabs: false })
  const { value } = await records.next()
  expect(value).toMatchObject({ line: 2, column: 3, problem: 'the quote opened here is never closed' })
  await records.return(undefined)
})

test('two columns of one name are refused with both places', async () => {
  await expect(read('id,x, id\n1,2,3\n')).rejects.toThrow(
    'data.csv:1: the header names "id" more than once (fields 1, 3)',
  )
})

test('a column without a name is called by its place', async () => {
  expect(rowsOf(await read(',a\n0,x\n'))).toEqual([{ 'column 1': '0', a: 'x' }])
})

test('columns may be called as members of every object are', async () => {
  const [record] = await read('__proto__,constructor\nx,y\n')
  expect(record).toHaveProperty('row')
  expect(Object.entries((record as { row: object }).row)).toEqual([
    ['__proto__', 'x'],
    ['constructor', 'y'],
  ])
})

test('text that is not UTF-8 is refused with line and byte, and nothing is guessed', async () => {
  const latin = Buffer.from('name,city\nAnn,Rome\nJosé,Málaga\n', 'latin1')
  const records = await read(latin)
  expect(records).toEqual([
    { number: 1, line: 2, row: { name: 'Ann', city: 'Rome' } },
    {
      number: 2,
      line: 3,
      column: 4,
      problem: 'not valid UTF-8: byte 4 of the line (bytes e9 2c 4d)',
      next: expect.stringContaining('iconv -f WINDOWS-1252') as unknown,
      raw: 'José,Málaga',
    },
  ])
  expect(await read(latin, 3)).toEqual(records)
})

test('a record with a NUL is bad, those around it are good, also where it spans lines', async () => {
  const text = 'name,city\nAnn,Rome\n"Jo\n\0sé",Málaga\nEve,Oslo\n'
  for (const size of [1, 5, 1000]) {
    expect(await read(text, size)).toMatchObject([
      { row: { name: 'Ann' } },
      { number: 2, line: 4, column: 1, problem: 'byte 1 of the line is a NUL, which no text holds' },
      { number: 3, line: 5, row: { name: 'Eve' } },
    ])
  }
})

test('a fault in the header is one of the whole file', async () => {
  await expect(read(Buffer.from('name,pa\xefs\nAnn,Rome\n', 'latin1'))).rejects.toThrow(
    'data.csv:1:8: in the header, not valid UTF-8',
  )
})

test('a bad record comes with its text', async () => {
  const text = 'a,b\r\n1,2\r\n3,4,5\r\n"x,6\r\n7,8'
  expect(await read(text)).toMatchObject([
    { row: { a: '1' } },
    { line: 3, raw: '3,4,5' },
    { line: 4, raw: '"x,6' },
    { row: { a: '7' } },
  ])
})

test('lines that end with carriage returns alone are named', async () => {
  await expect(read('a,b\r1,2\r3,4')).rejects.toThrow('carriage returns alone')
})
