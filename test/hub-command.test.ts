import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { afterAll, beforeEach, expect, test, vi } from 'vitest'
import { ggufRepository, startHub, tinyRepository } from './loopback-hub.ts'
import { scratchFolder } from './scratch-folder.ts'
import { fieldReports, runTilth, startTilth } from './tilth-process.ts'

// Many processes, one after another, on a machine that may be busy.
vi.setConfig({ testTimeout: 180_000 })

const scratch = scratchFolder()
const hub = await startHub({})
process.env['HF_ENDPOINT'] = hub.url
afterAll(() => hub.close())

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(scratch.path, 'home-'))
  process.env['TILTH_CACHE'] = path.join(folder, 'cache')
  hub.faults.length = 0
  hub.requests.length = 0
  Object.assign(hub.repositories, { 'bird/tiny': tinyRepository(), 'bird/packed': ggufRepository() })
})

const project = `name: fields
sources:
  reports: { path: reports.csv, use: train, drop: [plot] }
tasks:
  yield: { kind: label, answer: yield, prompts: ['{{ soil }} {{ rain }}?'] }
generators:
  records: { use: records }
mixtures:
  mixed: { generators: [records], perReal: 1 }
student: { use: decoder, base: 'hf:bird/tiny', epochs: 1, lora: { rank: 2, targets: [q_proj] } }
evaluate: { repeats: 1, folds: 2, curve: false }
`

function writeProject(base: string): void {
  writeFileSync(path.join(folder, 'tilth.yaml'), project.replace('hf:bird/tiny', base))
  writeFileSync(path.join(folder, 'reports.csv'), fieldReports(30))
}

/** Bytes of the second shard that are on the disk while it is fetched. */
function partSize(): number {
  const unfinished = path.join(folder, 'cache/models/.unfinished')
  if (!existsSync(unfinished)) return 0
  const [key] = readdirSync(unfinished)
  const part = path.join(unfinished, key ?? '', 'model-00002-of-00002.safetensors.part')
  return statSync(part, { throwIfNoEntry: false })?.size ?? 0
}

test('a model is added, listed, shown and removed', async () => {
  const added = await runTilth(folder, 'model', 'add', 'hf:bird/tiny')
  expect(added).toMatchObject({ code: 0, out: 'model:tiny\n' })
  expect(added.err).toContain('112 kB')
  cpSync('test/fixtures/gguf/qwen3.gguf', path.join(folder, 'third.gguf'))
  expect((await runTilth(folder, 'model', 'add', 'third.gguf', '--name', 'Third')).code).toBe(0)
  const listed = await runTilth(folder, 'model', 'list')
  expect(listed.out).toMatch(/^tiny +llama +24,736 +112 kB +64 +apache-2.0 +hf:bird\/tiny@1234567890/m)
  expect(listed.out).toMatch(/^Third +qwen3 .*third\.gguf/m)
  const shown = await runTilth(folder, 'model', 'show', 'model:tiny', '--json')
  const { tuning, source, licence } = JSON.parse(shown.out) as Record<string, unknown>
  // 24,736 weights of 4 bytes, three times with an adapter and eight times without.
  expect(tuning).toMatchObject({ adapter: { bytes: 296_832, fits: true }, allWeights: { bytes: 791_552 } })
  expect(source).toMatchObject({ commit: hub.repositories['bird/tiny']!.commit })
  expect(licence).toBe('apache-2.0')
  expect((await runTilth(folder, 'model', 'show', 'tiny')).out).toContain(
    'can be tuned here: at least 297 kB of memory',
  )
  const asked = await runTilth(folder, 'model', 'remove', 'tiny')
  expect(asked).toMatchObject({ code: 1, err: expect.stringContaining('nobody here to ask') as string })
  expect((await runTilth(folder, 'model', 'remove', 'tiny', '--yes')).code).toBe(0)
  const left = JSON.parse((await runTilth(folder, 'model', 'list', '--json')).out) as {
    models: { name: string }[]
  }
  expect(left.models.map(({ name }) => name)).toEqual(['Third'])
})

test('a project with a base of the hub: check fetches nothing, a run fetches it once, and goes on without the network', async () => {
  writeProject('hf:bird/tiny')
  const checked = await runTilth(folder, 'check')
  expect(checked.code).toBe(0)
  expect(checked.out.replaceAll(/\s+/g, ' ')).toContain(
    'The base model hf:bird/tiny is not on this machine: a run fetches it first.',
  )
  const planned = await runTilth(folder, 'run', '--dry-run')
  expect(planned.err).toContain('hf:bird/tiny is fetched')
  expect(hub.requests).toEqual([])
  const tuned = await runTilth(folder, 'tune')
  expect(tuned).toMatchObject({ code: 0 })
  expect(tuned.err).toContain(`from ${hub.url}`)
  process.env['HF_HUB_OFFLINE'] = '1'
  try {
    hub.requests.length = 0
    const again = await runTilth(folder, 'run')
    expect(again).toMatchObject({ code: 0 })
    expect(hub.requests).toEqual([])
  } finally {
    delete process.env['HF_HUB_OFFLINE']
  }
  const [run] = readdirSync(path.join(folder, 'runs'))
  const settings = JSON.parse(
    readFileSync(path.join(folder, 'runs', run!, 'settings.json'), 'utf8'),
  ) as Record<string, unknown>
  expect(settings['base']).toMatchObject({ commit: hub.repositories['bird/tiny']!.commit })
  expect(settings['project']).toMatchObject({ student: { base: 'hf:bird/tiny' } })
})

test('trainings follow the content of an added base, and a base that was changed is refused', async () => {
  await runTilth(folder, 'model', 'add', 'hf:bird/tiny', '--name', 'own')
  writeProject('model:own')
  const keysOf = async (): Promise<readonly string[]> => {
    const { out } = await runTilth(folder, 'run', '--dry-run', '--json')
    const { steps } = JSON.parse(out) as { steps: { name: string; key: string }[] }
    return steps.filter(({ name }) => name.startsWith('tune:')).map(({ key }) => key)
  }
  const before = await keysOf()
  expect(before.length).toBeGreaterThan(0)
  expect(await keysOf()).toEqual(before)
  await runTilth(folder, 'model', 'remove', 'own', '--yes')
  await runTilth(folder, 'model', 'add', 'hf:bird/packed/tiny-f16.gguf', '--name', 'own')
  const after = await keysOf()
  expect(after.some(key => before.includes(key))).toBe(false)
  const file = path.join(folder, 'cache/models/own/tiny-f16.gguf')
  const bytes = readFileSync(file)
  bytes[bytes.length - 1]! ^= 1
  writeFileSync(file, bytes)
  const changed = await runTilth(folder, 'tune')
  expect(changed.code).toBe(1)
  expect(changed.err.replaceAll(/\s+/g, ' ')).toContain('is not what it was when the model own was added')
})

test('Ctrl-C in the middle keeps what was fetched, and the same command goes on from there', async () => {
  hub.faults.push({ on: '00002-of', times: 1, stallAfter: 30_000 })
  const before = hub.sent()
  const { child, ended } = await startTilth(folder, 'model', 'add', 'hf:bird/tiny')
  while (partSize() < 30_000) await new Promise(done => setTimeout(done, 50))
  const early = await runTilth(folder, 'model', 'remove', '--unfinished', '--yes')
  expect(early).toMatchObject({
    code: 1,
    err: expect.stringMatching(/Process \d+ is fetching or copying a model now/) as string,
  })
  child.kill('SIGINT')
  const stopped = await ended
  expect(stopped.code).toBe(130)
  expect(stopped.err.replaceAll(/\s+/g, ' ')).toContain('the same command goes on from there')
  const listed = await runTilth(folder, 'model', 'list')
  expect(listed.err.replaceAll(/\s+/g, ' ')).toMatch(/\d+ kB of interrupted fetches are kept/)
  expect((await runTilth(folder, 'model', 'add', 'hf:bird/tiny')).code).toBe(0)
  expect(hub.requests.map(({ range }) => range)).toContain('bytes=30000-')
  expect(hub.sent() - before).toBeLessThanOrEqual(111_717 + 9)
})

test('what an interrupted fetch left can be removed', async () => {
  hub.faults.push({ on: '00002-of', times: 1, corrupt: true })
  expect((await runTilth(folder, 'model', 'add', 'hf:bird/tiny')).code).toBe(1)
  const removed = await runTilth(folder, 'model', 'remove', '--unfinished', '--yes')
  expect(removed).toMatchObject({ code: 0, err: expect.stringMatching(/Removed: \d+ kB/) as string })
  expect(readdirSync(path.join(folder, 'cache/models/.unfinished'))).toEqual([])
})

test('two commands at once fetch a model once', async () => {
  const before = hub.sent()
  const both = await Promise.all([1, 2].map(() => runTilth(folder, 'model', 'add', 'hf:bird/tiny')))
  expect(both.map(({ code, out }) => [code, out])).toEqual([
    [0, 'model:tiny\n'],
    [0, 'model:tiny\n'],
  ])
  expect(hub.sent() - before).toBeLessThanOrEqual(111_717 + 8)
})

test('chat and serve take models of the hub and those that were added', async () => {
  const talked = await runTilth(folder, 'chat', '--model', 'hf:bird/tiny', '--tokens', '2', 'geese?')
  expect(talked.code).toBe(0)
  const again = await runTilth(folder, 'chat', '--model', 'model:tiny', '--tokens', '2', 'geese?')
  expect(again).toEqual({ code: 0, out: talked.out, err: '' })
  const { child, ended } = await startTilth(folder, 'serve', '--model', 'model:tiny', '--port', '0')
  const [url] = (await once(child.stdout!, 'data')) as [string]
  const list = (await (await fetch(`${url.trim()}/models`)).json()) as { data: { id: string }[] }
  expect(list.data.map(({ id }) => id)).toEqual(['tiny'])
  child.kill('SIGINT')
  expect((await ended).code).toBe(0)
})

test.each([
  [['model'], 2, 'needs add, list, show or remove'],
  [['model', 'ad', 'hf:bird/tiny'], 2, 'Did you mean "add"?'],
  [['model', 'add'], 2, 'needs `hf:owner/name`'],
  [['model', 'add', 'bird/tiny'], 1, 'Did you mean `hf:bird/tiny`, of the hub?'],
  [['model', 'add', 'empty'], 1, 'has no config.json'],
  [['model', 'add', 'hf:bird/tinny'], 1, 'has no model bird/tinny'],
  [['model', 'show', 'tiny'], 1, 'No model called "tiny" was added'],
  [['model', 'list', 'tiny'], 2, 'cannot use "tiny"'],
  [['model', 'list', '--name', 'tiny'], 2, '--name belongs to `tilth model add`'],
  [['model', 'list', '--yes'], 2, '--yes belongs to `tilth model remove`'],
  [['model', 'add', 'hf:bird/tiny', '--unfinished'], 2, '--unfinished belongs to'],
  [['model', 'remove', 'tiny', '--unfinished'], 2, 'leave "tiny" out'],
  [['chat', '--model', 'model:tiny', 'x'], 1, '`tilth model add`'],
  [['chat', '--model', 'nowhere', 'x'], 1, 'There is no folder or file'],
])('tilth %j is refused with what to do', async (words, code, message) => {
  mkdirSync(path.join(folder, 'empty'))
  const ended = await runTilth(folder, ...words)
  expect(ended.code).toBe(code)
  expect(ended.err.replaceAll(/\s+/g, ' ')).toContain(message)
})

test('a run whose base cannot be fetched says what to do instead, and makes nothing', async () => {
  writeProject('hf:bird/tiny')
  const gone = await startHub({})
  await gone.close()
  process.env['HF_ENDPOINT'] = gone.url
  try {
    const ended = await runTilth(folder, 'run')
    expect(ended.code).toBe(1)
    expect(ended.err.replaceAll(/\s+/g, ' ')).toContain(`${gone.url} cannot be reached to fetch hf:bird/tiny`)
    expect(ended.err.replaceAll(/\s+/g, ' ')).toContain('tilth model add <folder or file>')
  } finally {
    process.env['HF_ENDPOINT'] = hub.url
  }
})
