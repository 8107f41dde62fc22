import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { scratchFolder } from '../../test/scratch-folder.ts'
import { jsonlRecords, writeJsonl } from './jsonl.ts'
import type { BadRecord, SourceRecord } from './record.ts'
import { textBlocks } from './text-block.ts'

const folder = scratchFolder()

async function read(text: string | Uint8Array): Promise<SourceRecord[]> {
  async function* chunks(): AsyncGenerator<Buffer> {
    yield Buffer.from(text)
  }
  return Array.fromAsync(jsonlRecords(textBlocks(chunks())))
}

async function readRow(record: unknown): Promise<unknown> {
  const [read1] = await read(JSON.stringify(record))
  return 'row' in read1! ? read1.row : read1!.problem
}

test('scalars keep their types, inner objects get dotted names, arrays become JSON text', async () => {
  const record = {
    text: 'x',
    n: 1.5,
    yes: true,
    none: null,
    at: { city: 'Rome', geo: { lat: 1 } },
    tags: ['a', 2],
  }
  expect(await readRow(record)).toEqual({
    text: 'x',
    n: 1.5,
    yes: true,
    none: null,
    'at.city': 'Rome',
    'at.geo.lat': 1,
    tags: '["a",2]',
  })
})

test('blank lines, Windows line ends and a byte-order mark are passed over', async () => {
  const records = await read('\uFEFF{"a":1}\r\n\r\n  \n{"a":2}\r\n')
  expect(records).toEqual([
    { number: 1, line: 1, row: { a: 1 } },
    { number: 2, line: 4, row: { a: 2 } },
  ])
})

test('whole numbers that a double cannot hold stay the text they are', async () => {
  const [record] = await read(
    '{"id": 12345678901234567890, "n": 12, "x": 0.1234567890123456, "list": [9007199254740993]}',
  )
  expect(record).toMatchObject({
    row: { id: '12345678901234567890', n: 12, x: 0.1234567890123456, list: '["9007199254740993"]' },
  })
})

test.each([
  ['{"a": 1, "b": tru}', 15, 'this is no JSON value'],
  ['{"a": 1,}', 9, 'there is a comma before the closing bracket'],
  ["{'a': 1}", 2, 'a name in double quotes is missing here'],
  ['{"a": \'x\'}', 7, 'JSON strings stand in double quotes, not single ones'],
  ['{"a": NaN}', 7, 'NaN is not JSON: write null'],
  ['{"a": None}', 7, 'None is Python, not JSON'],
  ['{"a": 1} {"b": 2}', 10, 'there is text after the end of the value'],
  ['{"a": 1 "b": 2}', 9, '"," or "}" is missing here'],
  ['{"a" 1}', 6, '":" is missing here'],
  ['{"a": "x\ty"}', 9, 'a tab or another control character in a string must be written as an escape'],
  ['{"a": "\\x"}', 8, 'this backslash begins no escape that JSON knows'],
  ['{"a": [1, 2}', 12, '"," or "]" is missing here'],
  ['{"a": 01}', 7, 'this is no JSON value'],
  ['{"a": "cut o', 7, 'the string that begins here is not closed; the file may be cut off'],
  ['{"a": ', 7, 'the line ends in the middle of a value; the file may be cut off'],
  ['{"a": 1', 8, 'the line ends before "}"; the file may be cut off'],
  ['{"a": 1, ', 10, 'the line ends in the middle of an object; the file may be cut off'],
  ['hello', 1, 'this is no JSON value'],
])('%s is bad at column %i: %s', async (line, column, problem) => {
  const records = await read(`{"ok":1}\n${line}\n{"ok":2}\n`)
  expect(records[1]).toMatchObject({ number: 2, line: 2, column, problem })
  expect(records[2]).toMatchObject({ number: 3, line: 3, row: { ok: 2 } })
})

test.each([
  ['[1]', 'the line is an array, not a JSON object'],
  ['3', 'the line is a number, not a JSON object'],
  ['"x"', 'the line is a string, not a JSON object'],
  ['null', 'the line is null, not a JSON object'],
])('%s is bad: %s', async (line, problem) => {
  expect((await read(line))[0]).toMatchObject({ line: 1, column: 1, problem })
})

test('a file that is one JSON document is told how to become JSON Lines', async () => {
  const [array] = (await read('[\n  {"a": 1}\n]\n')) as BadRecord[]
  expect(array!.next).toContain('jq -c ".[]"')
  const [object] = (await read('{\n  "a": 1\n}\n')) as BadRecord[]
  expect(object!.next).toContain('jq -c .')
})

test('a line that is not UTF-8 is one bad record', async () => {
  const records = await read(
    Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xe9]), Buffer.from('"}\n{"a":"b"}\n')]),
  )
  expect(records[0]).toMatchObject({ number: 1, line: 1, column: 7 })
  expect(records[1]).toMatchObject({ number: 2, line: 2, row: { a: 'b' } })
})

test('half of a surrogate pair is bad, a whole pair is not', async () => {
  const [half, pair] = await read('{"a":"\\ud83c"}\n{"a":"\\ud83c\\udf55"}\n')
  expect(half).toMatchObject({ problem: 'a string holds half of a surrogate pair' })
  expect(pair).toMatchObject({ row: { a: '🍕' } })
})

test('two members that would make one column are bad', async () => {
  expect(await readRow({ 'a.b': 1, a: { b: 2 } })).toBe('two of its members make the column "a.b"')
})

test('a member called __proto__ is a column like any other', async () => {
  const [record] = await read('{"__proto__": "x", "toString": 1}')
  expect(Object.entries((record as { row: object }).row)).toEqual([
    ['__proto__', 'x'],
    ['toString', 1],
  ])
})

test('deeply nested input is a bad record, not a crash', async () => {
  const open = '{"a":'.repeat(100_000)
  const close = '}'.repeat(100_000)
  const records = await read(`${open}1${close}\n${open}\n{"a":1}\n`)
  expect(records.map(record => ('row' in record ? record.row : record.problem))).toEqual([
    'its values are nested too deeply',
    'its values are nested too deeply',
    { a: 1 },
  ])
})

test('objects nested more than eight deep stay JSON text', async () => {
  const row = await readRow({ a: { b: { c: { d: { e: { f: { g: { h: { i: { j: 1 } } } } } } } } } })
  expect(row).toEqual({ 'a.b.c.d.e.f.g.h.i': '{"j":1}' })
})

test('written records are one JSON text a line, in order', async () => {
  const file = path.join(folder.path, 'out.jsonl')
  const records = Array.from({ length: 2500 }, (_, index) => ({ index, text: `é ${index}\n` }))
  await writeJsonl(file, records)
  const lines = (await readFile(file, 'utf8')).split('\n')
  expect(lines.pop()).toBe('')
  expect(lines.map(line => JSON.parse(line))).toEqual(records)
})

test('long whole numbers stay text wherever they stand in the line', async () => {
  const names = Array.from({ length: 40 }, (_, pad) => 'p'.repeat(pad + 1))
  const records = await read(names.map(name => `{"${name}":9007199254740993}\n`).join(''))
  expect(records).toEqual(
    names.map((name, index) => ({ number: index + 1, line: index + 1, row: { [name]: '9007199254740993' } })),
  )
})
