import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { jsonCodec, openStore } from './store.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'tilth-store-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

const place = { key: 'abc', local: false }

test('what is put under a key is there afterwards, and read back equal', async () => {
  const store = openStore(folder)
  expect(store.has(place)).toBe(false)
  await store.put(place, jsonCodec(), { b: [1, 2], a: null })
  expect(store.has(place)).toBe(true)
  expect(await jsonCodec().read(store.folderOf(place))).toEqual({ b: [1, 2], a: null })
})

test('a result whose writing fails leaves no key behind', async () => {
  const store = openStore(folder)
  const codec = {
    async write(target: string): Promise<void> {
      writeFileSync(path.join(target, 'half'), 'x')
      throw new Error('disk full')
    },
    read: async () => null,
  }
  await expect(store.put(place, codec, 1)).rejects.toThrow('disk full')
  expect(store.has(place)).toBe(false)
})

test('what descends from local rows can be read by its owner alone', async () => {
  const store = openStore(folder)
  await store.put({ key: 'abc', local: true }, jsonCodec(), { secret: 1 })
  const where = store.folderOf({ key: 'abc', local: true })
  expect(where).toContain(path.join('private', 'store'))
  expect(statSync(where).mode & 0o777).toBe(0o700)
  for (const name of readdirSync(where)) expect(statSync(path.join(where, name)).mode & 0o777).toBe(0o600)
  expect(existsSync(path.join(folder, 'store', 'abc'))).toBe(false)
})

test('left-overs of a killed process are removed when the store is opened', () => {
  mkdirSync(path.join(folder, 'store', 'making-xyz'), { recursive: true })
  openStore(folder)
  expect(readdirSync(path.join(folder, 'store'))).toEqual([])
})
