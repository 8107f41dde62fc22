import path from 'node:path'
import { expect, test } from 'vitest'
import { scratchFolder } from '../../test/scratch-folder.ts'
import { addLocalModel } from '../base/add-local.ts'
import { cacheFolder } from '../base/cache.ts'
import { openBase } from './base-folder.ts'

const scratch = scratchFolder()
process.env['TILTH_CACHE'] = scratch.path

test('a model of the hub is called as trainers call it, and one that was added is looked into', async () => {
  expect(openBase('hf:google/gemma-2-2b-it')).toEqual(openBase('google/gemma-2-2b-it'))
  await addLocalModel({
    base: path.resolve('test/fixtures/decoder/llama'),
    cache: cacheFolder(),
    name: 'own',
    signal: new AbortController().signal,
    events: { log: () => {}, fetching: () => {} },
    now: () => 0,
  })
  expect(openBase('model:own')).toEqual(openBase(path.join(scratch.path, 'models', 'own')))
  expect(() => openBase('model:onw')).toThrow('Did you mean "own"?')
  expect(() => openBase('hf:bird/tiny/q8.gguf')).toThrow('is one GGUF file')
})
