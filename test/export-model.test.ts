import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findRun } from '../src/cli/run-folder.ts'
import { chatFormat, readCheckpoint, readWhole } from '../src/model/checkpoint.ts'
import { narrowToHalf, widenHalf } from '../src/model/half-floats.ts'
import { readAdapter } from '../src/model/adapter-folder.ts'
import { mergeAdapter } from '../src/model/lora.ts'
import { findTuned, openTuned, type TunedRequest } from '../src/run/tuned-model.ts'
import { decoderProject } from './decoder-project.ts'
import { exportProject } from './export-project.ts'
import { folderWith, runTilth, startTilth } from './tilth-process.ts'

let folder: string
let withLocal: string
let scratch: string
let linear: string

// One run of each for all tests.
beforeAll(async () => {
  folder = decoderProject('folder')
  writeFileSync(path.join(folder, 'model/README.md'), '---\nlicense: apache-2.0\n---\n')
  writeFileSync(path.join(folder, 'model/LICENSE'), 'Do as you like.\n')
  const quick = '{ use: decoder, base: model, epochs: 1, lora: { rank: 2, targets: [q_proj] } }'
  withLocal = decoderProject('folder', { local: true, student: quick })
  scratch = decoderProject('scratch', { student: '{ use: decoder, epochs: 1 }' })
  linear = folderWith(exportProject)
  for (const each of [folder, withLocal, scratch, linear]) {
    const { code, err } = await runTilth(each, 'run')
    if (code !== 0) throw new Error(`tilth run ended with ${code}: ${err}`)
  }
}, 240_000)

afterAll(() => {
  for (const each of [folder, withLocal, scratch, linear]) rmSync(each, { recursive: true, force: true })
})

async function lastRun(project: string): Promise<TunedRequest> {
  const { id, folder: place, report } = await findRun(project, undefined)
  return { project, run: { id, folder: place, seed: report!.project.seed } }
}

/** Every file of a folder with its bytes. */
function bytesOf(place: string): ReadonlyMap<string, Buffer> {
  const names = readdirSync(place, { recursive: true, encoding: 'utf8' }).toSorted()
  const files = names.filter(name => statSync(path.join(place, name)).isFile())
  return new Map(files.map(name => [name, readFileSync(path.join(place, name))]))
}

async function exported(project: string, ...raw: readonly string[]): Promise<string> {
  const { code, out, err } = await runTilth(project, 'export', '--to', ...raw)
  expect(code, err).toBe(0)
  return path.join(project, out.trim())
}

const plain = (text: string): string => text.replaceAll(/\s+/g, ' ')

test.each(['peft', 'merged', 'gguf'])(
  '%s: files, their hashes, a card, and twice the same bytes',
  async format => {
    const place = await exported(folder, format)
    expect(path.relative(folder, place)).toMatch(new RegExp(`^exports/fields-\\w+-mixed-${format}$`, 'u'))
    const files = bytesOf(place)
    const manifest = JSON.parse(files.get('manifest.json')!.toString()) as {
      files: Record<string, string>
      local: boolean
    }
    expect(manifest).toMatchObject({
      format,
      arm: 'mixed',
      task: 'yield',
      local: false,
      licence: 'apache-2.0',
    })
    expect(Object.keys(manifest.files).toSorted()).toEqual(
      [...files.keys()].filter(name => name !== 'manifest.json'),
    )
    for (const [name, hash] of Object.entries(manifest.files))
      expect(createHash('sha256').update(files.get(name)!).digest('hex')).toBe(hash)
    expect(files.get('LICENSE')!.toString()).toBe('Do as you like.\n')
    const card = files.get('README.md')!.toString()
    const { report } = await findRun(folder, undefined)
    const [uplift] = report!.uplift
    expect(card).toMatch(/^---\nbase_model: model\nlicense: apache-2.0\nlibrary_name: \w+\n/u)
    expect(card).toContain(`| verdict | ${uplift!.verdict} |`)
    expect(card).toContain(`| uplift, above 0 is better | ${Number(uplift!.value.toFixed(4))} |`)
    expect(card).toContain('15 real examples and 15 synthetic ones')
    expect(card).toContain('{{ soil }} {{ rain }}?')
    await exported(folder, format)
    expect(bytesOf(place)).toEqual(files)
  },
)

test('a merged model has the weights that were measured, and a GGUF file those in 16 bits', async () => {
  const tuned = await readWhole(await openTuned(await findTuned(await lastRun(folder))))
  const merged = await readCheckpoint(await exported(folder, 'merged'))
  expect(merged.weights).toEqual(tuned.weights)
  const place = await exported(folder, 'gguf')
  const file = await readCheckpoint(path.join(place, 'fields-mixed-F16.gguf'))
  for (const [name, values] of Object.entries(tuned.weights)) {
    const rounded = name.includes('norm') ? values : widenHalf(narrowToHalf(values))
    expect([...file.weights[name]!], name).toEqual([...rounded])
  }
  for (const { chat } of [merged, file]) {
    const [own, other] = [chatFormat(tuned.chat, 'own'), chatFormat(chat, 'other')]
    expect(other.endIds.toSorted()).toEqual(own.endIds.toSorted())
    const text = own.template.render([{ role: 'user', content: 'clay 40?' }], { forAnswer: true })
    expect(other.template.render([{ role: 'user', content: 'clay 40?' }], { forAnswer: true })).toBe(text)
    expect(other.tokenizer.encode(text)).toEqual(own.tokenizer.encode(text))
  }
})

test('an adapter gives the merged weights beside its base, and is called as --base says', async () => {
  const place = await exported(folder, 'peft', '--base', 'me/tiny', '--out', 'adapter')
  const base = await readCheckpoint(path.join(folder, 'model'))
  const { options, adapter } = await readAdapter(place, base.config)
  const tuned = await readWhole(await openTuned(await findTuned(await lastRun(folder))))
  expect(mergeAdapter(base.config, options, { weights: base.weights, adapter })).toEqual(tuned.weights)
  expect(readFileSync(path.join(place, 'adapter_config.json'), 'utf8')).toContain('"me/tiny"')
  expect(readFileSync(path.join(place, 'README.md'), 'utf8')).toContain('from_pretrained("me/tiny"')
})

test('arm, replicate and numbers can be chosen, and are in the name', async () => {
  const place = await exported(folder, 'gguf', '--arm', 'real', '--replicate', '1', '--quantisation', 'q8_0')
  expect(path.basename(place)).toMatch(/-real-replicate-1-gguf-q8_0$/u)
  expect(readdirSync(place)).toContain('fields-real-Q8_0.gguf')
  const card = readFileSync(path.join(place, 'README.md'), 'utf8')
  expect(card).toContain('15 real examples and 0 synthetic ones')
  expect(card).toContain('1001: replicate 1 of those from 0 to 1')
  expect(card).not.toContain('| records |')
})

test('a model from scratch is exported whole, and has no adapter', async () => {
  const tuned = await readWhole(await openTuned(await findTuned(await lastRun(scratch))))
  const merged = await readCheckpoint(await exported(scratch, 'merged'))
  expect(merged.weights).toEqual(tuned.weights)
  const gguf = await readCheckpoint(path.join(await exported(scratch, 'gguf'), 'fields-mixed-F16.gguf'))
  expect(gguf.config).toMatchObject({ architecture: 'llama', width: 64 })
  const { code, err } = await runTilth(scratch, 'export', '--to', 'peft')
  expect(code).toBe(1)
  expect(plain(err)).toContain('began from scratch: there is no adapter')
})

test('what descends from local rows stays in .tilth/private, unless their owner agrees', async () => {
  const place = await exported(withLocal, 'merged', '--task', 'yield')
  expect(path.relative(withLocal, place)).toMatch(
    /^\.tilth\/private\/exports\/fields-\w+-mixed-yield-merged$/u,
  )
  expect(statSync(place).mode & 0o777).toBe(0o700)
  expect(statSync(path.join(place, 'model.safetensors')).mode & 0o777).toBe(0o600)
  const out = ['export', '--to', 'merged', '--task', 'yield', '--out', 'elsewhere']
  const refused = await runTilth(withLocal, ...out)
  expect(refused.code).toBe(1)
  expect(plain(refused.err)).toContain('descends from rows with `share: local`')
  expect(existsSync(path.join(withLocal, 'elsewhere'))).toBe(false)
  expect((await runTilth(withLocal, ...out, '--let-local-data-out')).code).toBe(0)
  const card = readFileSync(path.join(withLocal, 'elsewhere/README.md'), 'utf8')
  expect(card).toContain('fitted on rows that may not be shared')
  const real = await exported(withLocal, 'merged', '--task', 'place', '--arm', 'real')
  expect(path.relative(withLocal, real)).toMatch(/^exports\//u)
})

test('chat answers with the last run’s tuned model, and with arms side by side', async () => {
  const alone = await runTilth(folder, 'chat', '--tokens', '4', 'clay 40?')
  expect(alone.code, alone.err).toBe(0)
  expect(plain(alone.err)).toMatch(/mixed, of run fields-\w+: task yield, 15 real examples and 15 synthetic/u)
  const both = await runTilth(folder, ...'chat --arm real --arm mixed --tokens 4 clay'.split(' '))
  expect(both.out).toMatch(/^real\n[^]*\nmixed\n/u)
  const base = await runTilth(folder, ...'chat --model model --arm mixed --tokens 4 clay'.split(' '))
  expect(base.out).toMatch(/^model\n[^]*\nmixed\n/u)
})

test('chat reads messages to the end of its input', async () => {
  const child = spawn(process.execPath, [path.resolve('src/cli/main.ts'), 'chat', '--tokens', '2'], {
    cwd: folder,
  })
  child.stdin.end('clay 40?\n/new\nloam 3?\n')
  const [code] = (await once(child, 'close')) as [number]
  expect(code).toBe(0)
})

test('serve gives the tuned model to clients; one of local rows to this machine alone', async () => {
  const { child, ended } = await startTilth(withLocal, ...'serve --task yield --port 0'.split(' '))
  const [url] = (await once(child.stdout!, 'data')) as [string]
  const list = (await (await fetch(`${url.trim()}/models`)).json()) as { data: { id: string }[] }
  expect(list.data.map(({ id }) => id)).toEqual(['mixed'])
  child.kill('SIGINT')
  expect((await ended).code).toBe(0)
  const refused = await runTilth(withLocal, ...'serve --task yield --host 0.0.0.0'.split(' '))
  expect(refused.code).toBe(1)
  expect(plain(refused.err)).toContain('"mixed" descends from rows with `share: local`')
})

test.each([
  [['chat', '--arm', 'mixd', 'x'], 1, 'Did you mean "mixed"?'],
  [['chat', '--run', 'nothing', 'x'], 1, 'There is no run "nothing"'],
  [['chat', '--task', 'yeld', 'x'], 1, 'learned no task "yeld". Did you mean "yield"?'],
  [['chat', '--replicate', '2', 'x'], 1, 'counted from 0 to 1'],
  [['chat', '--replicate', 'two', 'x'], 2, '--replicate is "two"'],
  [['chat', '--model', 'model', '--task', 'yield', 'x'], 2, '--task says which tuned model is meant'],
  [['export', '--to', 'merged', '--quantisation', 'q8_0'], 2, '--quantisation says nothing of --to merged'],
  [['export', '--to', 'trl', '--dtype', 'f16'], 2, '--dtype says nothing of --to trl'],
  [['export', '--to', 'gguf', '--mixture', 'mixed'], 2, '--mixture says nothing of --to gguf'],
  [['export', '--to', 'ggfu'], 2, 'Did you mean "gguf"?'],
] as const)('tilth %j is refused', async (words, code, message) => {
  const ended = await runTilth(folder, ...words)
  expect(plain(ended.err)).toContain(message)
  expect(ended.code).toBe(code)
})

test('a task must be named where there are several, and a student that writes must be there', async () => {
  const unclear = await runTilth(withLocal, 'chat', 'x')
  expect(plain(unclear.err)).toContain('learned several tasks, each with a model of its own')
  expect(plain(unclear.err)).toContain('Name one with --task: place or yield.')
  const choosing = await runTilth(linear, 'chat', 'x')
  expect(choosing.code).toBe(1)
  expect(plain(choosing.err)).toContain('is linear: it chooses among labels, and writes nothing')
})

test('a base that is gone or changed, and a store that was cleaned, are told', async () => {
  const [model, aside] = [path.join(withLocal, 'model'), path.join(withLocal, 'aside')]
  renameSync(model, aside)
  expect(plain((await runTilth(withLocal, 'chat', '--task', 'yield', 'x')).err)).toContain(
    'is not there any more',
  )
  renameSync(aside, model)
  const config = path.join(model, 'config.json')
  const before = readFileSync(config, 'utf8')
  writeFileSync(config, `${before}\n`)
  expect(plain((await runTilth(withLocal, 'chat', '--task', 'yield', 'x')).err)).toContain(
    'its files have changed',
  )
  writeFileSync(config, before)
  const store = path.join(withLocal, '.tilth/private/store')
  renameSync(store, `${store}-aside`)
  const cleaned = await runTilth(withLocal, 'chat', '--task', 'yield', 'x')
  expect(plain(cleaned.err)).toMatch(/result of step tune:mixed@0 of run \S+ is not there any more/u)
  expect(cleaned.code).toBe(1)
  renameSync(`${store}-aside`, store)
})

const mount = path.join('/tmp', `tilth-full-export-${process.pid}`)

test('a full disk (a small tmpfs, mounted for it): said, and an earlier export stays whole', async ({
  skip,
  onTestFinished,
}) => {
  mkdirSync(mount, { recursive: true })
  const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1400k', 'tmpfs', mount]).status === 0
  if (!isMounted) skip('this user may not mount')
  onTestFinished(() => {
    spawnSync('umount', [mount])
    rmSync(mount, { recursive: true, force: true })
  })
  const out = path.join(mount, 'model')
  const whole = ['export', '--to', 'merged', '--out', out]
  expect((await runTilth(scratch, ...whole)).code).toBe(0)
  const before = bytesOf(out)
  const filler = path.join(mount, 'filler')
  writeFileSync(filler, Buffer.alloc(700_000, 1))
  for (const name of [out, path.join(mount, 'another')]) {
    const ended = await runTilth(scratch, 'export', '--to', 'merged', '--out', name)
    expect(ended.code).toBe(1)
    expect(plain(ended.err)).toContain('the disk is full. Nothing of this export was kept.')
    expect(readdirSync(mount).toSorted()).toEqual(['filler', 'model'])
    expect(bytesOf(out)).toEqual(before)
  }
  rmSync(filler)
  expect((await runTilth(scratch, ...whole)).code).toBe(0)
})
