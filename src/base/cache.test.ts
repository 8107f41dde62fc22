import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { scratchFolder } from '../../test/scratch-folder.ts'
import { addLocalModel } from './add-local.ts'
import { cacheFolder, checkModelName, listModels, removeModel } from './cache.ts'
import { findModel, locateBase } from './locate.ts'

const scratch = scratchFolder()
const llama = path.resolve('test/fixtures/decoder/llama')
const gguf = path.resolve('test/fixtures/gguf/qwen3.gguf')

let cache: string
beforeEach(() => {
  cache = mkdtempSync(path.join(scratch.path, 'cache-'))
})

function add(base: string, name?: string) {
  return addLocalModel({
    base,
    cache,
    name,
    signal: new AbortController().signal,
    events: { log: () => {}, fetching: () => {} },
    now: () => Date.UTC(2026, 0, 2),
  })
}

test.each([
  [{ TILTH_CACHE: '/big' }, 'linux', '/big/models'],
  [{ XDG_CACHE_HOME: '/caches' }, 'linux', '/caches/tilth/models'],
  [{ XDG_CACHE_HOME: 'caches' }, 'linux', '/home/bird/.cache/tilth/models'],
  [{ LOCALAPPDATA: '/local' }, 'win32', '/local/tilth/models'],
  [{}, 'darwin', '/home/bird/.cache/tilth/models'],
])('with %j on %s, models are kept in %3$s', (environment, platform, folder) => {
  expect(cacheFolder({ environment, platform, home: '/home/bird' })).toBe(folder)
})

test('a folder is copied with what is needed of it', async () => {
  const model = await add(llama)
  expect(model).toMatchObject({
    name: 'llama',
    architecture: 'llama',
    licence: null,
    source: { kind: 'path' },
  })
  expect(readdirSync(model.folder)).not.toContain('expected.safetensors')
  expect(listModels(cache)).toEqual([model])
  expect(locateBase('model:llama', { folder: '/', cache })).toEqual({ path: model.folder, model })
})

test('a GGUF file is copied, and the same bytes once', async () => {
  const model = await add(gguf, 'third')
  expect(readFileSync(model.path)).toEqual(readFileSync(gguf))
  expect(await add(gguf, 'fourth')).toEqual(model)
  expect(listModels(cache).map(({ name }) => name)).toEqual(['third'])
})

test('a name that is taken by other bytes is refused, and nothing is left', async () => {
  await add(llama, 'bird')
  await expect(add(gguf, 'bird')).rejects.toThrow('A model called bird is there already.')
  expect(readdirSync(path.join(cache, '.unfinished'))).toEqual([])
})

test('an empty folder is no model, and nothing is added', async () => {
  const empty = mkdtempSync(path.join(scratch.path, 'empty-'))
  await expect(add(empty, 'empty')).rejects.toThrow('has no config.json')
  expect(listModels(cache)).toEqual([])
})

test.each(['', '.hidden', 'a/b', '..', 'con', 'a b', 'é'])('"%s" is no name', name => {
  expect(() => checkModelName(name)).toThrow('cannot be the name')
})

test('what is removed is gone', async () => {
  const model = await add(gguf, 'third')
  await removeModel(model)
  expect(existsSync(model.folder)).toBe(false)
  expect(readdirSync(cache).toSorted()).toEqual(['.locks', '.unfinished'])
})

test('what is not there is answered with what may have been meant', async () => {
  await add(gguf, 'third')
  const places = { folder: scratch.path, cache }
  expect(() => findModel(cache, 'thrid')).toThrow('Did you mean "third"?')
  expect(() => locateBase('third', places)).toThrow('Did you mean `model:third`, which was added?')
  expect(() => locateBase('bird/tiny', places)).toThrow('Did you mean `hf:bird/tiny`, of the hub?')
  expect(() => locateBase('nowhere', places)).toThrow(/There is no folder or file .*nowhere/)
  expect(locateBase('hf:bird/tiny', places)).toMatchObject({ kind: 'hub', repository: 'bird/tiny' })
})

test('a record that cannot be read names its file', () => {
  mkdirSync(path.join(cache, 'odd'))
  writeFileSync(path.join(cache, 'odd', 'model.json'), '{}')
  expect(() => listModels(cache)).toThrow(path.join(cache, 'odd', 'model.json'))
})
