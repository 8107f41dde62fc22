import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { exportFormats } from '../src/export/registry.ts'
import { exportProject } from './export-project.ts'
import { fieldReports, folderWith, runTilth } from './tilth-process.ts'

interface Manifest {
  readonly files: Readonly<Record<string, string>>
  readonly lineage: { readonly real: number; readonly synthetic: number; readonly local: boolean }
  readonly examples: { readonly train: number; readonly evaluation: number }
}

let folder: string
let withLocal: string

// One run of each for all tests.
beforeAll(async () => {
  folder = folderWith(exportProject)
  withLocal = folderWith({
    'tilth.yaml': `name: fields
sources:
  reports: { path: reports.csv, use: train, drop: [plot] }
  archive: { path: local.csv, use: fit, share: local }
tasks:
  yield: { kind: label, answer: yield, prompts: ['Soil {{ soil }}, rain {{ rain }}, crop {{ crop }}: which yield?'] }
attributes: [yield]
target: { yield: uniform }
generators:
  archive: { use: records, fitOn: [archive] }
mixtures:
  mixed: { generators: [archive], perReal: 2 }
evaluate: { regime: scarce, repeats: 1, folds: 2 }
`,
    'reports.csv': fieldReports(60),
    'local.csv': fieldReports(150).replaceAll(/^plot-/gm, 'secretplot-'),
  })
  await Promise.all([runTilth(folder, 'run'), runTilth(withLocal, 'run')])
})

afterAll(() => {
  for (const each of [folder, withLocal]) rmSync(each, { recursive: true, force: true })
})

/** Every file of a folder with its bytes. */
function bytesOf(place: string): Readonly<Record<string, string>> {
  const names = readdirSync(place, { recursive: true, encoding: 'utf8' })
  const files = names.filter(name => statSync(path.join(place, name)).isFile()).toSorted()
  return Object.fromEntries(files.map(name => [name, readFileSync(path.join(place, name), 'utf8')]))
}

function manifestOf(place: string): Manifest {
  return JSON.parse(readFileSync(path.join(place, 'manifest.json'), 'utf8')) as Manifest
}

/** What exports leave in a folder, finished or not. */
function left(place: string): readonly string[] {
  return existsSync(place) ? readdirSync(place) : []
}

const plain = (text: string): string => text.replaceAll(/\s+/g, ' ')

test.each(exportFormats)(
  '$name: files, their hashes, and twice the same bytes',
  async ({ name, command }) => {
    const first = await runTilth(folder, 'export', '--to', name)
    expect(first).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^exports\/reports-\w+-mixed-/) as unknown,
    })
    const place = path.join(folder, first.out.trim())
    const written = bytesOf(place)
    const { files, examples } = manifestOf(place)
    expect(Object.keys(written).filter(file => file !== 'manifest.json')).toEqual(
      Object.keys(files).toSorted(),
    )
    for (const [file, hash] of Object.entries(files))
      expect(createHash('sha256').update(written[file]!).digest('hex')).toBe(hash)
    const lines = (file: string): number => written[file]!.trim().split('\n').length
    expect(examples).toEqual({ train: 144, evaluation: 12 })
    expect(lines('data/train.jsonl')).toBe(144)
    expect(
      ['data/test.jsonl', 'data/eval.jsonl', 'data/valid.jsonl'].filter(file => file in written).map(lines),
    ).toEqual([12])
    expect(written['README.md']).toContain(command)
    expect(written['README.md']).toContain('| learned | generator | 96 |')

    await runTilth(folder, 'export', '--to', name)
    expect(bytesOf(place)).toEqual(written)
  },
)

test('the evaluation file asks in the held-out wording and shares no row with the training file', async () => {
  await runTilth(folder, 'export', '--to', 'openai', '--out', 'openai')
  const text = (name: string): string => readFileSync(path.join(folder, 'openai/data', name), 'utf8')
  const facts = (name: string): readonly string[] =>
    [...text(name).matchAll(/rain (\d+)/g)].map(([, rain]) => rain!)
  expect(text('train.jsonl')).not.toContain('How was')
  expect(text('eval.jsonl').match(/How was/g)).toHaveLength(12)
  const real = JSON.parse(
    (await runTilth(folder, 'export', '--to', 'openai', '--arm', 'real', '--json', '--out', 'real')).out,
  ) as object
  expect(real).toMatchObject({ train: 48, lineage: { arm: 'real', real: 48, synthetic: 0 } })
  const trained = [
    ...readFileSync(path.join(folder, 'real/data/train.jsonl'), 'utf8').matchAll(/rain (\d+)/g),
  ]
  expect(facts('eval.jsonl').filter(rain => trained.some(([, other]) => other === rain))).toEqual([])
})

test.each([
  { arm: 'real-repeated', lineage: { real: 144, synthetic: 0, distinct: 48 } },
  { arm: 'synthetic', lineage: { real: 0, synthetic: 96, distinct: 96 } },
])('the arm $arm is exported as the run trained it', async ({ arm, lineage }) => {
  await runTilth(folder, 'export', '--to', 'trl', '--arm', arm, '--out', arm)
  expect(manifestOf(path.join(folder, arm)).lineage).toMatchObject(lineage)
})

test.each([
  {
    raw: [],
    code: 2,
    says: 'needs --to <format>: trl, axolotl, llama-factory, mlx, unsloth, openai, together, peft, merged or gguf',
  },
  { raw: ['--to', 'axolotle'], code: 2, says: '--to is "axolotle"; it should be' },
  { raw: ['--to', 'axolotle'], code: 2, says: 'Did you mean "axolotl"?' },
  { raw: ['reprts', '--to', 'trl'], code: 1, says: 'There is no run "reprts".' },
  { raw: ['--to', 'trl', '--arm', 'reel'], code: 1, says: 'no training set "reel". Did you mean "real"?' },
  { raw: ['--to', 'trl', '--mixture', 'mixd'], code: 1, says: 'no mixture "mixd". Did you mean "mixed"?' },
  { raw: ['--to', 'trl', '--arm', 'real-weighted'], code: 1, says: 'weighs rare classes in the loss' },
  { raw: ['--to', 'trl', '--base', './nowhere'], code: 1, says: 'There is no folder ./nowhere' },
  { raw: ['--to', 'trl', '--base', '.'], code: 1, says: 'it has no config.json' },
  { raw: ['--to', 'trl', '--base', 'google/gemma-2-2b-it'], code: 1, says: 'takes no system message' },
  { raw: ['--to', 'trl', '--out', 'runs'], code: 1, says: 'is there already and is no export' },
  { raw: ['--to', 'trl', '--out', 'reports.csv/export'], code: 1, says: 'a part of its path is a file' },
])('$raw is refused and says why', async ({ raw, code, says }) => {
  const ended = await runTilth(folder, 'export', ...raw)
  expect(ended.code).toBe(code)
  expect(plain(ended.err)).toContain(says)
  expect(ended.err).not.toContain('    at ')
})

test('without a run, and without its results, the next step is named', async () => {
  const fresh = folderWith(exportProject)
  const none = await runTilth(fresh, 'export', '--to', 'trl')
  expect(none).toMatchObject({ code: 1, err: expect.stringContaining('`tilth run` makes one') as unknown })
  await runTilth(fresh, 'run')
  rmSync(path.join(fresh, '.tilth/store'), { recursive: true })
  const gone = await runTilth(fresh, 'export', '--to', 'trl')
  expect(gone.code).toBe(1)
  expect(plain(gone.err)).toContain('`tilth run` makes it again; then export that run.')
  expect(left(path.join(fresh, 'exports'))).toEqual([])
  rmSync(fresh, { recursive: true, force: true })
})

test('a run without mixtures has its real examples to export', async () => {
  const alone = folderWith({
    ...exportProject,
    'tilth.yaml': exportProject['tilth.yaml']!.replace(/mixtures:\n.*\n/, 'mixtures: {}\n'),
  })
  await runTilth(alone, 'run')
  const ended = await runTilth(alone, 'export', '--to', 'trl', '--json')
  expect(JSON.parse(ended.out)).toMatchObject({
    train: 48,
    evaluation: 12,
    lineage: { arm: 'real', mixture: null },
  })
  rmSync(alone, { recursive: true, force: true })
})

test('MLX-LM, which does not train without one, is refused where there is no evaluation file', async () => {
  const ended = await runTilth(withLocal, 'export', '--to', 'mlx', '--arm', 'real')
  expect(ended.code).toBe(1)
  expect(plain(ended.err)).toContain('set `split.dev` and run again')
})

test('local data stay in the private folder unless one says otherwise', async () => {
  const inside = await runTilth(withLocal, 'export', '--to', 'trl')
  expect(inside.code).toBe(0)
  expect(inside.out).toMatch(/^\.tilth\/private\/exports\//)
  const place = path.join(withLocal, inside.out.trim())
  expect(statSync(place).mode & 0o777).toBe(0o700)
  expect(statSync(path.join(place, 'data/train.jsonl')).mode & 0o777).toBe(0o600)
  expect(manifestOf(place).lineage.local).toBe(true)
  expect(readFileSync(path.join(place, 'README.md'), 'utf8')).toContain('may not be shared')

  for (const raw of [
    ['--to', 'trl', '--out', 'shared'],
    ['--to', 'openai'],
  ]) {
    const refused = await runTilth(withLocal, 'export', ...raw)
    expect(refused.code).toBe(1)
    expect(plain(refused.err)).toContain('descend from rows with `share: local`')
    expect(plain(refused.err)).toContain('--let-local-data-out')
  }
  expect(left(withLocal)).not.toContain('shared')
  expect(left(path.join(withLocal, 'exports'))).toEqual([])

  const allowed = await runTilth(
    withLocal,
    'export',
    '--to',
    'openai',
    '--out',
    'shared',
    '--let-local-data-out',
  )
  expect(allowed.code).toBe(0)
  expect((await runTilth(withLocal, 'export', '--to', 'openai', '--arm', 'real')).out).toMatch(/^exports\//)
})

test('a disk that fills while exporting leaves no half-written export, and an earlier one as it was', async () => {
  const earlier = await runTilth(folder, 'export', '--to', 'axolotl', '--out', 'full/axolotl')
  expect(earlier.code).toBe(0)
  const before = bytesOf(path.join(folder, 'full/axolotl'))
  for (const name of ['axolotl', 'new']) {
    const ended = await runLimited(folder, [
      'export',
      '--to',
      'axolotl',
      '--arm',
      'real-repeated',
      '--out',
      `full/${name}`,
    ])
    expect(ended.code).not.toBe(0)
    expect(plain(ended.err)).toContain('Nothing of this export was kept.')
  }
  expect(left(path.join(folder, 'full'))).toEqual(['axolotl'])
  expect(bytesOf(path.join(folder, 'full/axolotl'))).toEqual(before)
})

test('what a killed process left is removed by the next export under the name', async () => {
  // No process has this number: it is above what systems give out.
  mkdirSync(path.join(folder, 'killed/trl.making-99999999'), { recursive: true })
  writeFileSync(path.join(folder, 'killed/trl.making-99999999/train.jsonl'), '{')
  await runTilth(folder, 'export', '--to', 'trl', '--out', 'killed/trl')
  expect(left(path.join(folder, 'killed'))).toEqual(['trl'])
})

/** Runs the command line in a shell that lets no file grow beyond 8 blocks (4 or 8 KB), as a full disk would. */
function runLimited(cwd: string, raw: readonly string[]): Promise<{ code: number | null; err: string }> {
  const main = path.resolve('src/cli/main.ts')
  const command = `ulimit -f 8 && exec "$0" "$@"`
  return new Promise(done => {
    execFile('sh', ['-c', command, process.execPath, main, ...raw], { cwd }, (error, _out, err) => {
      done({ code: error === null ? 0 : Number(error.code ?? 1), err })
    })
  })
}
