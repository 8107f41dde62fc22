import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Advice, adviceSchema } from '../src/advise/advice.ts'
import { type Report, reportSchema } from '../src/report/report-schema.ts'
import { fieldReports, folderWith, runTilth } from './tilth-process.ts'

const yaml = `name: fields
sources:
  reports: { path: reports.csv, use: train, drop: [plot] }
tasks:
  yield: { kind: label, answer: yield, prompts: ['Soil {{ soil }}, rain {{ rain }}, crop {{ crop }}: which yield?'] }
attributes: [yield, soil]
target: { yield: uniform, soil: { clay: 1, loam: 1, sand: 1, peat: 1 } }
generators:
  own: { use: records, rare: 1 }
  written:
    use: rules
    columns:
      soil: [clay, sand, loam]
      rain: { number: { minimum: 0, maximum: 99 } }
      height: { number: { minimum: 0, maximum: 99.9, step: 0.1 } }
      crop: [rye, oat, wheat]
      yield: [good, poor]
  spare: { use: records, rare: 1 }
mixtures:
  mixed: { generators: [own, written], perReal: 3 }
  plain: { generators: [own], perReal: 1 }
evaluate: { regime: scarce, repeats: 1, folds: 4 }
`
let folder: string
let advice: Advice

beforeAll(async () => {
  folder = folderWith({ 'tilth.yaml': yaml, 'reports.csv': fieldReports(60) })
  const { out } = await runTilth(folder, 'advise', '--json')
  advice = adviceSchema.parse(JSON.parse(out)) as Advice
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Changed = Record<string, unknown> & { make: Record<string, unknown>[] }

/** Writes the advice with a change to it, and runs it. */
async function runChanged(
  change: (advice: Changed) => void,
  ...flags: string[]
): ReturnType<typeof runTilth> {
  const copy = structuredClone(advice) as unknown as Changed
  change(copy)
  writeFileSync(path.join(folder, 'advice.json'), JSON.stringify(copy))
  return runTilth(folder, 'run', '--advice', 'advice.json', ...flags)
}

function figures({ gaps }: Advice): unknown {
  return gaps.flatMap(({ candidates }) => candidates.map(({ measured }) => measured))
}

function plain(text: string): string {
  return text.replaceAll(/\s+/g, ' ')
}

test('the advice ranks the gaps, and says of each generator what it can and why', () => {
  const priorities = advice.gaps.map(({ priority }) => priority)
  expect(priorities).toEqual(priorities.toSorted((a, b) => b - a))
  const crops = advice.gaps.find(({ kind, cell }) => kind === 'cell' && cell?.['soil'] === 'peat')!
  expect(crops.action).toBe('collect')
  expect(crops.candidates.map(({ generator, able, why }) => [generator, able, why.includes('peat')])).toEqual(
    [
      ['own', false, true],
      ['written', false, true],
      ['spare', true, false],
    ],
  )
  const good = advice.make.filter(({ cell }) => cell['yield'] === 'good' && cell['soil'] === 'clay')
  expect(good.map(({ generator }) => generator)).toContain('written')
})

test('what no generator can make is told, and left out of the requests', async () => {
  expect(advice.make.some(({ cell }) => cell['soil'] === 'peat')).toBe(false)
  expect(advice.unmade.every(({ cell }) => cell['soil'] === 'peat')).toBe(true)
  const { out } = await runTilth(folder, 'advise')
  expect(plain(out)).toContain('are left out, since none of its generators can make them')
  expect(out).toMatch(/soil = peat/)
})

test('the same project gives the same advice, and another seed tries other candidates', async () => {
  const { out } = await runTilth(folder, 'advise', '--json')
  expect(JSON.parse(out)).toEqual(advice)
  const other = JSON.parse((await runTilth(folder, 'advise', '--json', '--seed', '7')).out) as Advice
  expect(figures(other)).not.toEqual(figures(advice))
})

test('without trying, yields are a guess and called one', async () => {
  const { out } = await runTilth(folder, 'advise', '--fast', '--json')
  const fast = adviceSchema.parse(JSON.parse(out))
  expect(fast.gaps.every(({ candidates }) => candidates.every(({ measured }) => measured === null))).toBe(
    true,
  )
  expect(fast.make.every(each => each.yield === 0.5)).toBe(true)
})

test('a run fills what the changed advice asks for, in proportion in each fold', async () => {
  const request = { use: true, generator: 'written', cell: { yield: 'good', crop: 'rye' }, count: 80 }
  const { code } = await runChanged(changed => {
    changed.make = [
      request,
      { ...request, use: false, count: 999 },
      { ...request, generator: 'own', cell: {}, count: 20 },
    ]
  })
  expect(code).toBe(0)
  const [run] = readdirSync(path.join(folder, 'runs'))
  const read = (file: string): string => readFileSync(path.join(folder, 'runs', run!, file), 'utf8')
  const report = reportSchema.parse(JSON.parse(read('report.json'))) as Report
  const mixed = report.generation.cells.filter(({ mixture }) => mixture === 'mixed')
  // Four folds, each with 45 of the 60 rows: 4 x 60 and 4 x 15.
  expect(mixed.map(({ generator, cell, accepted }) => [generator, cell, accepted])).toEqual([
    ['own', {}, 60],
    ['written', { yield: 'good', crop: 'rye' }, 240],
  ])
  expect(report.generation.advice).toEqual({ mixture: 'mixed', requests: 2, rows: 100 })
  expect(JSON.parse(read('plan.json'))).toMatchObject({
    advice: {
      rows: 60,
      requests: [
        { generator: 'written', count: 80 },
        { generator: 'own', count: 20 },
      ],
    },
  })
  expect(plain(read('report.html'))).toContain(
    'was filled by an advice that was passed in: 2 requests for 100 rows',
  )
  // The other mixtures are as they were, and the same advice makes nothing again.
  const own = report.generation.cells.filter(({ mixture }) => mixture === 'plain')
  expect(own.reduce((sum, { wanted }) => sum + wanted, 0)).toBe(180)
  expect((await runTilth(folder, 'run', '--advice', 'advice.json')).err).toContain(
    'Nothing had to be made again',
  )
})

test('a request that its generator cannot make stays short, and nobody steps in', async () => {
  const { out, err } = await runChanged(changed => {
    changed.make = [
      { use: true, generator: 'own', cell: { soil: 'peat' }, count: 20 },
      { use: true, generator: 'written', cell: { yield: 'poor' }, count: 20 },
    ]
  }, '--json')
  expect(plain(err)).toMatch(/rows are missing in \d of/)
  const { report } = JSON.parse(out) as { report: Report }
  const mixed = report.generation.cells.filter(({ mixture }) => mixture === 'mixed')
  expect(mixed.map(({ generator, cell, wanted, accepted }) => [generator, cell, wanted, accepted])).toEqual([
    ['own', { soil: 'peat' }, 60, 0],
    ['written', { yield: 'poor' }, 60, 60],
  ])
  expect(mixed[0]!.why).toContain("'soil' is never 'peat'")
})

test.each([
  {
    what: 'a generator',
    request: { generator: 'writen' },
    says: 'make[0].generator is "writen", which mixture "mixed" does not have. Did you mean "written"?',
  },
  {
    what: 'a generator of another mixture',
    request: { generator: 'spare' },
    says: 'make[0].generator is "spare", whose rows mixture "mixed" does not take. Add it to `mixtures.mixed.generators`.',
  },
  {
    what: 'an attribute',
    request: { cell: { yeild: 'good' } },
    says: 'make[0].cell.yeild is no column of the training rows. Did you mean "yield"?',
  },
  {
    what: 'a value',
    request: { cell: { yield: 'goood' } },
    says: 'make[0].cell.yield is "goood", which no training row has. Did you mean "good"?',
  },
  { what: 'a count', request: { count: -1 }, says: 'make[0].count is -1; it should be at least 0.' },
  {
    what: 'a setting',
    request: { cuont: 3 },
    says: 'make[0].cuont is not a part of an advice. Did you mean "count"?',
  },
])('a slip in $what is told before anything is made', async ({ request, says }) => {
  const { code, err } = await runChanged(changed => Object.assign(changed.make[0]!, request), '--dry-run')
  expect(code).toBe(1)
  expect(plain(err)).toContain(says)
})

test('an advice for other data, or that is no JSON, is refused', async () => {
  const stale = await runChanged(changed => (changed['data'] = '0123456789abcdef'), '--dry-run')
  expect(stale.code).toBe(1)
  expect(plain(stale.err)).toContain('it was made for other data')
  writeFileSync(path.join(folder, 'broken.json'), '{\n  "version": 1,\n  "make" []\n}')
  const broken = await runTilth(folder, 'run', '--advice', 'broken.json')
  expect(broken.code).toBe(1)
  expect(broken.err).toContain('broken.json:3:10 is not JSON')
})
