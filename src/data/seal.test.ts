import { readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { scratchFolder } from '../../test/scratch-folder.ts'
import { UserError } from '../error.ts'
import type { TracedRow } from './row.ts'
import { openSeal, readSealed, sealRows, writeSealed } from './seal.ts'

const folder = scratchFolder()

const rows: readonly TracedRow[] = ['secret one', 'secret two'].map((text, index) => ({
  id: `s:${index + 1}`,
  group: `s:${index + 1}`,
  row: { text, number: index / 3, flag: true, none: null },
  origin: { kind: 'real', source: 's', number: index + 1, use: 'test', share: 'local' },
}))

test('a sealed set shows its hash and its size, and nothing else by any way of printing', () => {
  const sealed = sealRows(rows)
  expect(Object.keys(sealed)).toEqual(['hash', 'count'])
  expect(Reflect.ownKeys(sealed)).toEqual(['hash', 'count'])
  expect(sealed.count).toBe(2)
  expect(sealed.hash).toMatch(/^[0-9a-f]{64}$/)
  expect(JSON.stringify(sealed) + inspect(sealed, { showHidden: true, depth: null })).not.toContain('secret')
})

test('the hash is the SHA-256 of one line of sorted JSON a row', () => {
  // printf '{"group":"g","id":"i","origin":{"kind":"real","number":1,"share":"anyone","source":"s","use":"test"},"row":{"a":1}}\n' | sha256sum
  const row: TracedRow = {
    id: 'i',
    group: 'g',
    row: { a: 1 },
    origin: { kind: 'real', source: 's', number: 1, use: 'test', share: 'anyone' },
  }
  expect(sealRows([row]).hash).toBe('d226bc521455ea2ea66af19592010e6528af1b23da5caf03b313802da9197cdd')
})

test('the right hash opens it, another does not', () => {
  const sealed = sealRows(rows)
  expect(openSeal(sealed, sealed.hash)).toEqual(rows)
  expect(() => openSeal(sealed, sealRows(rows.slice(1)).hash)).toThrow(UserError)
})

test('rows changed after the sealing change nothing in it', () => {
  const changeable = structuredClone(rows) as unknown as { row: Record<string, unknown> }[]
  const sealed = sealRows(changeable as unknown as readonly TracedRow[])
  changeable[0]!.row['text'] = 'changed'
  expect(openSeal(sealed, sealed.hash)).toEqual(rows)
})

test('rows changed after the opening break the seal', () => {
  const sealed = sealRows(rows)
  const opened = openSeal(sealed, sealed.hash) as unknown as { row: Record<string, unknown> }[]
  opened[0]!.row['text'] = 'changed'
  expect(() => openSeal(sealed, sealed.hash)).toThrow('The sealed test set has the hash')
})

test('a copy cannot be opened', () => {
  const sealed = sealRows(rows)
  expect(() => openSeal({ ...sealed }, sealed.hash)).toThrow(TypeError)
})

test('a set that was written and read is the same, and its file is its owner’s alone', async () => {
  const file = path.join(folder.path, 'sealed')
  const sealed = sealRows(rows)
  await writeSealed(file, sealed)
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  const read = await readSealed(file)
  expect(read).toEqual(sealed)
  expect(openSeal(read, sealed.hash)).toEqual(rows)
})

test('an empty set can be sealed, written and read', async () => {
  const file = path.join(folder.path, 'empty')
  await writeSealed(file, sealRows([]))
  expect((await readSealed(file)).count).toBe(0)
})

test.each([
  ['a changed value', (text: string) => text.replace('secret one', 'secret 1')],
  ['a missing row', (text: string) => JSON.stringify({ ...JSON.parse(text), rows: [] })],
  ['half of the file', (text: string) => text.slice(0, text.length / 2)],
  ['other JSON', () => '{}'],
])('%s breaks the seal of a file', async (_what, change) => {
  const file = path.join(folder.path, 'broken')
  await writeSealed(file, sealRows(rows))
  await writeFile(file, change(await readFile(file, 'utf8')))
  await expect(readSealed(file)).rejects.toThrow('The seal of the test set in broken is broken')
})
