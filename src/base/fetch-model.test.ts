import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { gitHash, ggufRepository, hubToken, startHub, tinyRepository } from '../../test/loopback-hub.ts'
import { scratchFolder } from '../../test/scratch-folder.ts'
import { readCheckpoint } from '../model/checkpoint.ts'
import { addLocalModel } from './add-local.ts'
import { listModels } from './cache.ts'
import { locateBase } from './locate.ts'
import { fetchModel, type FetchRequest } from './fetch-model.ts'
import { hubAccess } from './hub-access.ts'
import { readBaseSource, type HubSource } from './source.ts'

const scratch = scratchFolder()
const hub = await startHub({})
afterAll(() => hub.close())

let cache: string
let told: string[]
let bytes: number[]
beforeEach(() => {
  cache = mkdtempSync(path.join(scratch.path, 'cache-'))
  told = []
  bytes = []
  hub.faults.length = 0
  hub.requests.length = 0
  Object.assign(hub.repositories, { 'bird/tiny': tinyRepository(), 'bird/packed': ggufRepository() })
})

/** Fetches as a person's command does; waits between attempts take no time. */
function fetchHere(written: string, changes: Partial<FetchRequest> = {}, token = '') {
  return fetchModel({
    source: readBaseSource(written, '.') as HubSource,
    cache,
    access: { ...hubAccess({ HF_ENDPOINT: hub.url, HF_TOKEN: token }), pause: async () => {} },
    signal: new AbortController().signal,
    events: { log: message => told.push(message), fetching: done => bytes.push(done) },
    now: () => Date.UTC(2026, 0, 2),
    ...changes,
  })
}

const fixture = 'test/fixtures/decoder/llama'
const shards = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors']
const sizeOf = (name: string): number => readFileSync(path.join(fixture, name)).length
const total = [
  ...shards,
  'config.json',
  'chat_template.jinja',
  'model.safetensors.index.json',
  'tokenizer.json',
  'tokenizer_config.json',
]
  .map(sizeOf)
  .reduce((sum, size) => sum + size, '---\nlicense: apache-2.0\n---\n# A tiny model\n'.length)

test('the loopback hub names small files as git does', () => {
  // `printf 'hello\n' | git hash-object --stdin`
  expect(gitHash(Buffer.from('hello\n'))).toBe('ce013625030ba8dba906f756967f9e9ca394464a')
})

test('a model is fetched with what is needed of it, and nothing else', async () => {
  const before = hub.sent()
  const model = await fetchHere('hf:bird/tiny')
  expect(readdirSync(model.path).toSorted()).toEqual([
    'README.md',
    'chat_template.jinja',
    'config.json',
    ...shards,
    'model.json',
    'model.safetensors.index.json',
    'tokenizer.json',
    'tokenizer_config.json',
  ])
  for (const name of shards)
    expect(readFileSync(path.join(model.path, name))).toEqual(readFileSync(path.join(fixture, name)))
  expect(model).toMatchObject({
    name: 'tiny',
    licence: 'apache-2.0',
    architecture: 'llama',
    added: '2026-01-02T00:00:00.000Z',
    bytes: total,
    source: { kind: 'hub', repository: 'bird/tiny', commit: hub.repositories['bird/tiny']!.commit },
  })
  expect(told).toEqual([
    expect.stringMatching(/^Fetching hf:bird\/tiny at commit 1234567890 from http.*: 8 files, 112 kB/),
  ])
  expect(bytes.at(-1)).toBe(total)
  // One byte of each file is asked for first, to learn its size.
  expect(hub.sent() - before).toBeLessThanOrEqual(total + 8)
  expect((await readCheckpoint(model.path)).config.architecture).toBe('llama')
  expect(readdirSync(path.join(cache, '.unfinished'))).toEqual([])
})

test('the same commit is fetched once', async () => {
  const model = await fetchHere('hf:bird/tiny')
  const before = hub.sent()
  expect(await fetchHere('hf:bird/tiny')).toEqual(model)
  expect(hub.sent()).toBe(before)
})

test('a folder with the same files is the same model', async () => {
  const model = await fetchHere('hf:bird/tiny')
  const copy = path.join(mkdtempSync(path.join(scratch.path, 'copy-')), 'copied')
  cpSync(model.path, copy, { recursive: true })
  const events = { log: () => {}, fetching: () => {} }
  const { signal } = new AbortController()
  expect(await addLocalModel({ base: copy, cache, signal, events, now: () => 0 })).toEqual(model)
})

test('another commit is another model, beside the first', async () => {
  await fetchHere('hf:bird/tiny')
  const commit = 'f'.repeat(40)
  hub.repositories['bird/tiny'] = tinyRepository({ revisions: { spring: commit } })
  const model = await fetchHere('hf:bird/tiny@spring')
  expect(model.source).toMatchObject({ commit, revisions: { spring: '2026-01-02T00:00:00.000Z' } })
  expect(listModels(cache).map(({ name }) => name)).toEqual(['bird-tiny', 'tiny'])
})

test('a revision of a commit that is there needs no second fetch, and is found from then on', async () => {
  const { commit } = hub.repositories['bird/tiny']!
  const model = await fetchHere('hf:bird/tiny')
  hub.repositories['bird/tiny'] = tinyRepository({ revisions: { spring: commit } })
  const places = { folder: '.', cache }
  expect(locateBase('hf:bird/tiny@spring', places)).toMatchObject({ kind: 'hub' })
  const before = hub.sent()
  expect((await fetchHere('hf:bird/tiny@spring')).path).toBe(model.path)
  expect(hub.sent()).toBe(before)
  for (const written of [
    'hf:bird/tiny',
    'hf:bird/tiny@main',
    'hf:bird/tiny@spring',
    `hf:bird/tiny@${commit.slice(0, 7)}`,
  ])
    expect(locateBase(written, places)).toMatchObject({ path: model.path })
  expect(locateBase('hf:bird/tiny@summer', places)).toMatchObject({ kind: 'hub' })
})

test('a name without a revision means what it stood for when it was last asked', async () => {
  const old = await fetchHere('hf:bird/tiny', { now: () => Date.UTC(2026, 0, 1) })
  hub.repositories['bird/tiny'] = tinyRepository({ commit: 'f'.repeat(40) })
  const later = await fetchHere('hf:bird/tiny', { now: () => Date.UTC(2026, 0, 2) })
  expect(locateBase('hf:bird/tiny', { folder: '.', cache })).toMatchObject({ path: later.path })
  hub.repositories['bird/tiny'] = tinyRepository()
  await fetchHere('hf:bird/tiny', { now: () => Date.UTC(2026, 0, 3) })
  expect(locateBase('hf:bird/tiny', { folder: '.', cache })).toMatchObject({ path: old.path })
})

test.each(['/revision/', '/tree/'])('an answer to %s that is none of the hub is told as such', async on => {
  hub.faults.push({ on, times: 1, status: 200 })
  await expect(fetchHere('hf:bird/tiny')).rejects.toThrow(
    /does not (?:answer as the hub does|say which commit)/,
  )
})

test('one GGUF file of a repository is fetched alone', async () => {
  const model = await fetchHere('hf:bird/packed/quantised/tiny-q8_0.gguf', { name: 'packed' })
  expect(model).toMatchObject({ name: 'packed', format: 'gguf', architecture: 'qwen2' })
  expect(readdirSync(model.folder).toSorted()).toEqual(['model.json', 'tiny-q8_0.gguf'])
  expect((await readCheckpoint(model.path)).config.architecture).toBe('qwen2')
})

test('a connection that breaks is gone on from where it broke', async () => {
  const whole = hub.sent()
  await fetchHere('hf:bird/tiny')
  const once = hub.sent() - whole
  cache = mkdtempSync(path.join(scratch.path, 'cache-'))
  hub.requests.length = 0
  hub.faults.push({ on: '00001-of', times: 1, cutAfter: 20_000 })
  const before = hub.sent()
  const model = await fetchHere('hf:bird/tiny')
  // Asking again where it goes on costs one byte more.
  expect(hub.sent() - before).toBeLessThanOrEqual(once + 1)
  expect(hub.requests.map(({ range }) => range)).toContain('bytes=20000-')
  expect(readFileSync(path.join(model.path, shards[0]!))).toEqual(
    readFileSync(path.join(fixture, shards[0]!)),
  )
})

test('a fetch that was stopped goes on from its part-file, and no byte is fetched twice', async () => {
  const stop = new AbortController()
  hub.faults.push({ on: '00002-of', times: 1, stallAfter: 30_000 })
  const before = hub.sent()
  const first = fetchHere('hf:bird/tiny', {
    signal: stop.signal,
    events: { log: () => {}, fetching: done => done >= total - sizeOf(shards[1]!) + 30_000 && stop.abort() },
  })
  await expect(first).rejects.toThrow('aborted')
  expect(listModels(cache)).toEqual([])
  hub.requests.length = 0
  const model = await fetchHere('hf:bird/tiny')
  expect(hub.requests.map(({ range }) => range)).toContain('bytes=30000-')
  expect(hub.sent() - before).toBeLessThanOrEqual(total + 9)
  expect(told.at(-1)).toContain('of them here from before')
  expect(readFileSync(path.join(model.path, shards[1]!))).toEqual(
    readFileSync(path.join(fixture, shards[1]!)),
  )
})

/** Stops a fetch when 30,000 bytes of the second shard are here. */
async function stopInSecondShard(): Promise<void> {
  const stop = new AbortController()
  hub.faults.push({ on: '00002-of', times: 1, stallAfter: 30_000 })
  const events = {
    log: () => {},
    fetching: (done: number) => done >= total - sizeOf(shards[1]!) + 30_000 && stop.abort(),
  }
  await expect(fetchHere('hf:bird/tiny', { signal: stop.signal, events })).rejects.toThrow('aborted')
}

test('a part-file with wrong bytes is fetched anew', async () => {
  await stopInSecondShard()
  const [key] = readdirSync(path.join(cache, '.unfinished'))
  const part = path.join(cache, '.unfinished', key!, `${shards[1]}.part`)
  expect(existsSync(part)).toBe(true)
  writeFileSync(part, Buffer.alloc(20_000, 7))
  const model = await fetchHere('hf:bird/tiny')
  expect(readFileSync(path.join(model.path, shards[1]!))).toEqual(
    readFileSync(path.join(fixture, shards[1]!)),
  )
})

test('a hub that knows no ranges sends the whole again', async () => {
  await stopInSecondShard()
  hub.faults.push({ on: '/stored/', times: 1, ignoreRange: true })
  const model = await fetchHere('hf:bird/tiny')
  expect(readFileSync(path.join(model.path, shards[1]!))).toEqual(
    readFileSync(path.join(fixture, shards[1]!)),
  )
})

test.each([['00002-of'], ['tokenizer.json']])(
  'bytes of %s that are not those promised are refused',
  async on => {
    hub.faults.push({ on, times: 1, corrupt: true })
    await expect(fetchHere('hf:bird/tiny')).rejects.toThrow('other bytes than')
    expect(listModels(cache)).toEqual([])
    // What was right stays, and the rest is fetched by the next attempt.
    expect((await fetchHere('hf:bird/tiny')).bytes).toBe(total)
  },
)

test.each([[429], [503]])('a hub that says %d is asked again', async status => {
  hub.faults.push({ on: '/revision/', times: 1, status, retryAfter: '2' })
  hub.faults.push({ on: '/tree/', times: 2, status })
  hub.faults.push({ on: 'config.json', times: 1, status })
  const waited: number[] = []
  const access = {
    ...hubAccess({ HF_ENDPOINT: hub.url }),
    pause: async (milliseconds: number) => waited.push(milliseconds),
  }
  expect((await fetchHere('hf:bird/tiny', { access })).bytes).toBe(total)
  expect(waited).toEqual([2000, 1000, 2000, 1000])
})

test.each([
  [429, 'asks to slow down'],
  [500, 'does not give hf:bird/tiny (status 500)'],
])('a hub that goes on saying %d is given up', async (status, message) => {
  hub.faults.push({ on: '/tree/', times: Infinity, status })
  await expect(fetchHere('hf:bird/tiny')).rejects.toMatchObject({
    message: expect.stringContaining(message) as string,
    next: expect.stringContaining('what was fetched is kept') as string,
  })
})

test.each([
  ['hf:bird/tinny', '', 'has no model bird/tinny, or does not show it', 'Correct the name'],
  ['hf:bird/tinny', hubToken, 'has no model bird/tinny, or does not show it', 'HF_TOKEN is valid'],
  ['hf:bird/tiny@summer', '', 'has no revision "summer"', '`hf:bird/tiny`'],
  [
    'hf:bird/packed/tiny-f32.gguf',
    '',
    'has no file tiny-f32.gguf. Did you mean "tiny-f16.gguf"?',
    'quantised/tiny-q8_0.gguf',
  ],
  ['hf:bird/packed', '', 'but GGUF files', '`hf:bird/packed/tiny-f16.gguf`'],
] as const)('%s with the token "%s" is refused with what to do', async (written, token, message, next) => {
  await expect(fetchHere(written, {}, token)).rejects.toMatchObject({
    message: expect.stringContaining(message) as string,
    next: expect.stringContaining(next) as string,
  })
})

test('a private model is there for those with a token, which no other host is sent', async () => {
  hub.repositories['bird/tiny'] = tinyRepository({ private: true })
  await expect(fetchHere('hf:bird/tiny')).rejects.toThrow('does not show it')
  hub.requests.length = 0
  await fetchHere('hf:bird/tiny', {}, hubToken)
  const stored = hub.requests.filter(({ line }) => line.includes('/stored/'))
  expect(stored.length).toBe(2)
  expect(stored.some(({ authorized }) => authorized)).toBe(false)
  expect(
    hub.requests.filter(({ line }) => !line.includes('/stored/')).every(({ authorized }) => authorized),
  ).toBe(true)
})

test('a gated model says where its terms are, and nothing of it stays', async () => {
  hub.repositories['bird/tiny'] = tinyRepository({ gated: true })
  await expect(fetchHere('hf:bird/tiny')).rejects.toMatchObject({
    message: expect.stringContaining('only given to those whom its owner lets (status 401)') as string,
    next: expect.stringContaining(`${hub.url}/bird/tiny, and set HF_TOKEN`) as string,
  })
  hub.faults.push({ on: 'config.json', times: Infinity, status: 403 })
  await expect(fetchHere('hf:bird/tiny', {}, hubToken)).rejects.toMatchObject({
    message: expect.stringContaining('(status 403)') as string,
    next: expect.stringContaining('with the account of HF_TOKEN') as string,
  })
  expect(listModels(cache)).toEqual([])
})

test.each([
  ['../../evil.safetensors', 'leads out of its folder'],
  ['a/../../config.json', 'leads out of its folder'],
  ['/etc/passwd', 'leads out of its folder'],
  ['..\\evil.json', 'leads out of its folder'],
  ['C:evil.json', 'leads out of its folder'],
])('a listing with %s is refused whole', async (name, message) => {
  const repository = tinyRepository()
  repository.files[name] = 'evil'
  hub.repositories['bird/tiny'] = repository
  await expect(fetchHere('hf:bird/tiny')).rejects.toThrow(message)
  expect(hub.requests.some(({ line }) => line.includes('/resolve/'))).toBe(false)
})

test('a repository with pickle files alone is refused, and they are never fetched', async () => {
  const { files, commit } = tinyRepository()
  const kept = Object.entries(files).filter(([name]) => !name.includes('safetensors'))
  hub.repositories['bird/tiny'] = { commit, files: Object.fromEntries(kept) }
  await expect(fetchHere('hf:bird/tiny')).rejects.toMatchObject({
    message: expect.stringContaining('pickle files only') as string,
    next: expect.stringContaining('save_pretrained') as string,
  })
  expect(hub.requests.some(({ line }) => line.includes('/resolve/'))).toBe(false)
})

test.each([
  [
    'an architecture',
    'config.json',
    /LlamaForCausalLM/,
    'GPT2LMHeadModel',
    'GPT2LMHeadModel is not supported',
  ],
  ['a chat template', 'chat_template.jinja', /[^]*/, '{% for', 'chat template'],
] as const)(
  '%s that cannot be used is refused before the weights are fetched',
  async (_what, file, from, to, message) => {
    const repository = tinyRepository()
    repository.files[file] = Buffer.from(repository.files[file]!).toString().replace(from, to)
    hub.repositories['bird/tiny'] = repository
    await expect(fetchHere('hf:bird/tiny')).rejects.toThrow(message)
    expect(hub.requests.some(({ line }) => line.includes('/stored/'))).toBe(false)
    expect(readdirSync(path.join(cache, '.unfinished'))).toEqual([])
  },
)

test('a GGUF file that cannot be used is refused by its beginning', async () => {
  const repository = ggufRepository()
  const file = Buffer.concat([Buffer.from(repository.files['tiny-f16.gguf']!), Buffer.alloc(20e6)])
  const place = file.indexOf('llama', file.indexOf('general.architecture'))
  file.write('gemma', place)
  repository.files['tiny-f16.gguf'] = file
  hub.repositories['bird/packed'] = repository
  const before = hub.sent()
  await expect(fetchHere('hf:bird/packed/tiny-f16.gguf')).rejects.toThrow(
    'the architecture gemma is not supported',
  )
  expect(hub.sent() - before).toBe(2 ** 24)
})

test('a GGUF file is gone on with behind its beginning', async () => {
  const repository = ggufRepository()
  const file = Buffer.concat([Buffer.from(repository.files['tiny-f16.gguf']!), Buffer.alloc(20e6)])
  repository.files['tiny-f16.gguf'] = file
  hub.repositories['bird/packed'] = repository
  const before = hub.sent()
  const model = await fetchHere('hf:bird/packed/tiny-f16.gguf')
  expect(readFileSync(model.path).equals(file)).toBe(true)
  expect(hub.sent() - before).toBe(file.length)
})

test('a disk that is too small is told before anything is fetched', async () => {
  hub.repositories['bird/tiny'] = tinyRepository({ declared: { [shards[0]!]: 1e15 } })
  await expect(fetchHere('hf:bird/tiny')).rejects.toMatchObject({
    message: expect.stringMatching(/no room for the model: it takes 1000 TB more/) as string,
    next: expect.stringContaining('TILTH_CACHE') as string,
  })
  expect(hub.requests.some(({ line }) => line.includes('/resolve/'))).toBe(false)
})

test('a file that is longer than promised is refused', async () => {
  hub.repositories['bird/tiny'] = tinyRepository({ declared: { [shards[0]!]: 50_000 } })
  await expect(fetchHere('hf:bird/tiny')).rejects.toThrow('is longer than the 50000 bytes')
})

test('two at once fetch it once', async () => {
  const before = hub.sent()
  const both = await Promise.all([fetchHere('hf:bird/tiny'), fetchHere('hf:bird/tiny')])
  expect(both[0]).toEqual(both[1])
  expect(hub.sent() - before).toBeLessThanOrEqual(total + 8)
  expect(told).toContainEqual(expect.stringMatching(/^Process \d+ is fetching hf:bird\/tiny already/))
})

test('a name that is taken by another model is refused', async () => {
  await fetchHere('hf:bird/tiny')
  await expect(fetchHere('hf:bird/packed/tiny-f16.gguf', { name: 'tiny' })).rejects.toThrow(
    'A model called tiny is there already.',
  )
  expect(hub.requests.some(({ line }) => line.includes('packed/resolve'))).toBe(false)
})

test('without a network it says what to do instead, and at once', async () => {
  const closed = await startHub({})
  await closed.close()
  const nowhere = {
    ...hubAccess({ HF_ENDPOINT: closed.url }),
    pause: () => Promise.reject(new Error('waited')),
  }
  const refused = {
    message: expect.stringContaining('cannot be reached') as string,
    next: expect.stringContaining('tilth model add <folder or file>') as string,
  }
  await expect(fetchHere('hf:bird/tiny', { access: nowhere })).rejects.toMatchObject(refused)
  const unknown = { ...nowhere, address: 'http://hub.invalid' }
  await expect(fetchHere('hf:bird/tiny', { access: unknown })).rejects.toMatchObject(refused)
})

test('HF_HUB_OFFLINE forbids to ask', async () => {
  const access = hubAccess({ HF_ENDPOINT: hub.url, HF_HUB_OFFLINE: '1' })
  await expect(fetchHere('hf:bird/tiny', { access })).rejects.toMatchObject({
    message: expect.stringContaining('HF_HUB_OFFLINE forbids') as string,
    next: expect.stringContaining('tilth model add <folder or file>') as string,
  })
  expect(hub.requests).toEqual([])
})

test('a token that is none is refused', () => {
  expect(() => hubAccess({ HF_TOKEN: 'secret' })).toThrow('HF_TOKEN holds no token')
})
