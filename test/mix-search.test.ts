import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { sha256 } from '../src/data/hash.ts'
import { type Report, reportSchema } from '../src/report/report-schema.ts'
import { fieldReports, folderWith, runTilth, startTilth } from './tilth-process.ts'

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

const records = 'own: { use: records, rare: 1 }'
/** Rows like the real ones under labels drawn at random. */
const guesses = `own:
    use: rules
    columns:
      soil: [clay, sand, loam]
      rain: { number: { minimum: 0, maximum: 99, step: 1 } }
      height: { number: { minimum: 0, maximum: 99, step: 0.1 } }
      crop: [rye, oat]
      yield: [good, poor]`

interface Shape {
  readonly rows: number
  readonly regime: 'sealed' | 'scarce'
  readonly search: string
  readonly perReal: number
  readonly generator?: string
}

function project({ rows, regime, search, perReal, generator = records }: Shape): string {
  const folder = folderWith({
    'reports.csv': fieldReports(rows),
    'tilth.yaml': `name: fields
sources:
  reports: { path: reports.csv, use: train, drop: [plot] }
tasks:
  yield:
    kind: label
    answer: yield
    prompts: ["Soil {{ soil }}, rain {{ rain }}, crop {{ crop }}.", "{{ crop }} on {{ soil }} with {{ rain }} mm?", "{{ soil }}, {{ crop }}, {{ rain }}"]
  note:
    kind: text
    prompts: ["What grows on {{ soil }} at {{ height }} m with {{ rain }} mm?"]
    response: "{{ crop }}"
attributes: [yield]
target: { yield: uniform }
generators:
  ${generator}
mixtures:
  mixed: { generators: [own], perReal: ${perReal}, search: ${search} }
split: { test: ${regime === 'sealed' ? 0.7 : 0} }
evaluate: { regime: ${regime}, repeats: 1, folds: 3 }
`,
  })
  folders.push(folder)
  return folder
}

const sealed: Shape = { rows: 300, regime: 'sealed', perReal: 2, search: '{ perReal: [0, 2], C: [2, 20] }' }
const scarce: Shape = {
  rows: 42,
  regime: 'scarce',
  perReal: 2,
  search: '{ perReal: [1, 2], keep: [half], C: [20] }',
}

function reportOf(folder: string): Report {
  const [run] = readdirSync(path.join(folder, 'runs'))
  const text = readFileSync(path.join(folder, 'runs', run!, 'report.json'), 'utf8')
  return reportSchema.parse(JSON.parse(text)) as Report
}

/** Hash of every result, and of the report. */
function artifacts(folder: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const base of ['.tilth/store', 'runs']) {
    for (const file of readdirSync(path.join(folder, base), {
      recursive: true,
      encoding: 'utf8',
    }).toSorted()) {
      const place = path.join(folder, base, file)
      if (statSync(place).isFile() && !/timing|journal|\.html$/.test(file))
        found[`${base}/${file}`] = sha256(readFileSync(place))
    }
  }
  return found
}

test('sealed, one search serves all seeds, its choice is what the mixture takes, and one line tells of it', async () => {
  const folder = project(sealed)
  const { code, err } = await runTilth(folder, 'run')
  expect(code).toBe(0)
  const { search, arms, generation } = reportOf(folder)
  const [found] = search!
  expect(found).toMatchObject({ mixture: 'mixed', tasks: ['yield'], following: ['note'] })
  expect(found!.passes).toHaveLength(1)
  const [{ choice, rungs, rows }] = found!.passes as [NonNullable<Report['search']>[number]['passes'][number]]
  expect(rungs[0]!.arms.map(({ perReal, keep }) => [perReal, keep])).toEqual([
    [0, 'all'],
    [2, 'half'],
    [2, 'all'],
  ])
  const taken = Math.round(choice.perReal * rows) * (choice.keep === 'half' ? 0.5 : 1)
  expect(arms.find(({ name }) => name === 'mixed')!.synthetic).toBe(taken)
  expect(generation.cells.filter(({ accepted, wanted }) => accepted !== wanted)).toEqual([])
  expect(err.replaceAll(/\s+/g, ' ')).toContain(`mixed: ${found!.says}`)
})

test('scarce, every fold searches its own training rows, and takes the better half where it is told to', async () => {
  const folder = project(scarce)
  expect((await runTilth(folder, 'run')).code).toBe(0)
  const { search, generation } = reportOf(folder)
  const { passes, declared } = search![0]!
  expect(declared).toEqual({ perReal: 2, keep: 'half' })
  expect(passes.map(({ replicate, rows }) => [replicate, rows])).toEqual([
    [0, 28],
    [1, 28],
    [2, 28],
  ])
  const wanted = passes.map(({ choice }) => (choice.perReal * 28) / 2)
  const accepted = generation.cells.reduce((sum, cell) => sum + cell.accepted, 0)
  expect(accepted).toBe(wanted.reduce((sum, count) => sum + count, 0))
  const dropped = generation.cells.reduce(
    (sum, { reasons }) => sum + (reasons['not-in-the-better-half'] ?? 0),
    0,
  )
  expect(dropped).toBe(accepted)
})

test('where synthetic rows do harm, none is taken, and the plan foretells the time', async () => {
  const folder = project({
    ...sealed,
    perReal: 10,
    search: '{ perReal: [0, 10], keep: [all], C: [20] }',
    generator: guesses,
  })
  const plan = await runTilth(folder, 'run', '--dry-run')
  expect(plan.out).toMatch(/search/)
  const { code, err } = await runTilth(folder, 'run')
  expect(code).toBe(0)
  expect(err).toContain('Take no synthetic rows')
  const { search, arms } = reportOf(folder)
  expect(search![0]!.passes[0]!.choice).toMatchObject({ perReal: 0, outcome: 'real-only' })
  const scores = (arm: string) => arms.find(({ name }) => name === arm)!.tasks
  expect(scores('mixed')).toEqual(scores('real'))
})

test.each([
  ['sealed', sealed],
  ['scarce', scarce],
])('%s: the same bytes again, also where the run was killed', { timeout: 120_000 }, async (_, shape) => {
  const [undisturbed, killed] = [project(shape), project(shape)]
  await runTilth(undisturbed, 'run')
  for (const after of [700, 1300]) {
    const { child, ended } = await startTilth(killed, 'run')
    const timer = setTimeout(() => child.kill('SIGKILL'), after)
    await ended
    clearTimeout(timer)
  }
  expect((await runTilth(killed, 'run')).code).toBe(0)
  expect(artifacts(killed)).toEqual(artifacts(undisturbed))
})

test('more mixtures than few rows can tell apart are refused, and named', async () => {
  const folder = project({ ...scarce, search: '{ perReal: [0, 1, 2, 3, 5] }' })
  const { code, err } = await runTilth(folder, 'check')
  expect(code).toBe(1)
  const text = err.replaceAll(/\s+/g, ' ')
  expect(text).toContain('mixtures.mixed.search compares 8 mixtures')
  expect(text).toContain('the better half of 5 for each real row')
  expect(text).toContain('learns from 28 real rows: below 300, at most 6')
})
