import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { scratchFolder } from '../../test/scratch-folder.ts'
import { withDatabase } from './duckdb.ts'
import { writeExampleFiles } from './example-files.ts'
import type { Example } from './example.ts'
import { hashFile, PRIVATE } from './file.ts'
import { sha256 } from './hash.ts'
import { readExamples, ROW_GROUP } from './parquet.ts'

const folder = scratchFolder()
const files = (name: string) => ({
  parquet: path.join(folder.path, `${name}.parquet`),
  jsonl: path.join(folder.path, `${name}.jsonl`),
})

const example = (number: number): Example => ({
  id: `rules:${number}`,
  group: `rules:${number}`,
  task: 'damage',
  messages: [
    { role: 'user', content: `Report ${number}: “é😀”\nDamage?` },
    { role: 'assistant', content: 'None' },
  ],
  attributes: { size: number % 2 === 0 ? null : 'Small', speed: number },
  // Whole numbers in the first row group alone.
  weight: number < ROW_GROUP ? 1 : 0.5,
  origin: { kind: 'real', source: 'reports', number, use: 'train', share: 'anyone' },
})

async function* made(count: number): AsyncGenerator<Example> {
  for (let number = 0; number < count; number++) yield example(number)
}

const manyExamples = ROW_GROUP + 2_345

test('what is streamed comes back equal from both files, in row groups', async () => {
  const to = files('many')
  expect(await writeExampleFiles(to, made(manyExamples))).toBe(manyExamples)
  const expected = Array.from({ length: manyExamples }, (_, number) => example(number))
  expect(await readExamples(to.parquet)).toEqual(expected)
  const lines = (await readFile(to.jsonl, 'utf8')).split('\n')
  expect(lines.pop()).toBe('')
  expect(lines.map(line => JSON.parse(line) as unknown)).toEqual(expected)
  const groups = await withDatabase(async connection => {
    const read = await connection.runAndReadAll(
      `select distinct row_group_id, row_group_num_rows from parquet_metadata('${to.parquet}') order by all`,
    )
    return read.getRowsJson().map(([, rows]) => Number(rows))
  })
  expect(groups).toEqual([ROW_GROUP, 2_345])
})

test('the same examples give the same bytes, and the hash of a file is that of its bytes', async () => {
  const [first, second] = [files('first'), files('second')]
  await writeExampleFiles(first, made(500))
  await writeExampleFiles(second, made(500))
  expect(await hashFile(first.parquet)).toBe(await hashFile(second.parquet))
  expect(await hashFile(first.jsonl)).toBe(sha256(await readFile(second.jsonl)))
})

test('no examples make files of none', async () => {
  const to = files('none')
  expect(await writeExampleFiles(to, [])).toBe(0)
  expect(await readExamples(to.parquet)).toEqual([])
  expect(await readFile(to.jsonl, 'utf8')).toBe('')
})

test('private files are their owner’s alone', async () => {
  const to = { ...files('private'), mode: PRIVATE }
  await writeExampleFiles(to, made(3))
  for (const file of [to.parquet, to.jsonl]) expect((await stat(file)).mode & 0o777).toBe(PRIVATE)
})

async function* failing(): AsyncGenerator<Example> {
  yield* made(ROW_GROUP + 10)
  throw new RangeError('no more')
}

test('where the examples end in an error, nothing is left behind', async () => {
  const before = await readdir(folder.path)
  await expect(writeExampleFiles(files('failing'), failing())).rejects.toThrow('no more')
  expect(await readdir(folder.path)).toEqual(before)
})
