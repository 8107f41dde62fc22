import { once } from 'node:events'
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { findingsOf } from '../src/cli/findings.ts'
import { sha256 } from '../src/data/hash.ts'
import type { Plan } from '../src/run/plan.ts'
import { type Report, reportSchema } from '../src/report/report-schema.ts'
import { fieldReports, folderWith, runTilth, startTilth } from './tilth-process.ts'

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

interface Shape {
  readonly rows: number
  readonly regime?: 'sealed' | 'scarce'
  readonly more?: string
}

/** A project folder on a small table of field reports; part of them may not leave the machine. */
function project({ rows, regime = 'scarce', more = '' }: Shape): string {
  const local = fieldReports(150)
    .split('\n')
    .map(line => line.replace(/^plot-/, 'secretplot-'))
    .join('\n')
  const folder = folderWith({
    'reports.csv': fieldReports(rows),
    'local.csv': local,
    'tilth.yaml': `name: fields
sources:
  reports: { path: reports.csv, use: train, drop: [plot] }
  archive: { path: local.csv, use: fit, share: local }
tasks:
  yield:
    kind: label
    answer: yield
    prompts:
      - "Soil {{ soil }}, rain {{ rain }}, crop {{ crop }}. Was the yield good or poor?"
      - "How was the yield of {{ crop }} on {{ soil }} with {{ rain }} mm?"
      - "Yield of {{ crop }}? {{ soil }}, {{ rain }} mm of rain."
attributes: [yield, soil]
target: { yield: uniform }
generators:
  archive: { use: records, fitOn: [archive] }
  own: { use: records, rare: 1 }
mixtures:
  mixed: { generators: [archive, own], perReal: 3 }
  shareable: { generators: [own], perReal: 3 }
evaluate: { regime: ${regime}, repeats: 2, folds: 4 }
${more}`,
  })
  folders.push(folder)
  return folder
}

function reportOf(folder: string): Report {
  const [run] = readdirSync(path.join(folder, 'runs'))
  return reportSchema.parse(
    JSON.parse(readFileSync(path.join(folder, 'runs', run!, 'report.json'), 'utf8')),
  ) as Report
}

/** Hash of every result in both stores, by key and file, and of the report. */
function artifacts(folder: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const base of ['.tilth/store', '.tilth/private/store', '.tilth/private/mixtures', 'runs']) {
    for (const file of readdirSync(path.join(folder, base), {
      recursive: true,
      encoding: 'utf8',
    }).toSorted()) {
      const place = path.join(folder, base, file)
      if (!statSync(place).isFile() || /timing|journal|\.html$/.test(file)) continue
      found[`${base}/${file}`] = sha256(readFileSync(place))
    }
  }
  return found
}

test('with few rows the whole loop is cross-validated and says so', async () => {
  const folder = project({ rows: 80 })
  const { code, out, err } = await runTilth(folder, 'run')
  expect(err).toContain('should show')
  expect(code).toBe(0)
  const report = reportOf(folder)
  expect(report.regime).toBe('scarce')
  expect(report.data.seal).toBeNull()
  expect(report.uplift[0]).toMatchObject({
    task: 'yield',
    arm: 'mixed',
    replicates: 8,
    items: 80,
    confirmatory: true,
  })
  expect(report.uplift[0]!.method).toContain('Nadeau and Bengio')
  for (const sentence of Object.values(report.answer)) expect(out.replaceAll(/\s+/g, ' ')).toContain(sentence)
})

test('beside the verdict stand worth in real rows, slices and calibration; the curve can be left out', async () => {
  const folder = project({ rows: 80 })
  const { out } = await runTilth(folder, 'run')
  const report = reportOf(folder)
  const [worth] = report.equivalents
  expect(worth).toMatchObject({ task: 'yield', arm: 'mixed', real: 60, synthetic: 180 })
  // Parts of 60 examples from an eighth on, but for those under ten: 11, 15, 21, 30, 42 and all.
  expect(worth!.points.map(({ examples }) => examples)).toEqual([11, 15, 21, 30, 42, 60])
  expect(worth!.points.at(-1)!.score).toBe(report.uplift[0]!.rivalScore)
  expect(worth!.armScore).toBe(report.uplift[0]!.armScore)
  const [slices] = report.slices
  expect(slices!.tested.length + slices!.small).toBeGreaterThan(2)
  for (const { items } of slices!.tested) expect(items).toBeGreaterThanOrEqual(30)
  const [calibration] = report.calibration
  expect(calibration!.arms.map(({ arm }) => arm).slice(0, 2)).toEqual(['mixed', report.uplift[0]!.rival])
  for (const { says } of [worth!, slices!, calibration!]) expect(says).toMatch(/\.$/)
  for (const finding of findingsOf(report)) expect(out.replaceAll(/\s+/g, ' ')).toContain(finding)

  const yaml = readFileSync(path.join(folder, 'tilth.yaml'), 'utf8')
  writeFileSync(path.join(folder, 'tilth.yaml'), yaml.replace('folds: 4 }', 'folds: 4, curve: false }'))
  rmSync(path.join(folder, 'runs'), { recursive: true })
  await runTilth(folder, 'run')
  expect(reportOf(folder)).toMatchObject({ equivalents: [], uplift: report.uplift })
})

test('every cell has exactly as many rows as the target needs, and none repeats a real one', async () => {
  const folder = project({ rows: 80 })
  await runTilth(folder, 'run')
  const { cells } = reportOf(folder).generation
  expect(cells.filter(({ accepted, wanted }) => accepted !== wanted)).toEqual([])
  // Two times four folds of 60 training rows, three synthetic ones each, in two mixtures.
  expect(cells.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(2 * 8 * 180)
})

test('what may not leave the machine stays in the private folder, closed to others', async () => {
  const folder = project({ rows: 80 })
  await runTilth(folder, 'run')
  const told: string[] = []
  for (const base of ['.tilth/store', 'runs']) {
    for (const file of readdirSync(path.join(folder, base), { recursive: true, encoding: 'utf8' })) {
      const place = path.join(folder, base, file)
      if (statSync(place).isFile() && readFileSync(place, 'latin1').includes('secretplot')) told.push(file)
    }
  }
  expect(told).toEqual([])
  expect(statSync(path.join(folder, '.tilth/private')).mode & 0o777).toBe(0o700)
  const store = path.join(folder, '.tilth/private/store')
  const open = readdirSync(store, { recursive: true, encoding: 'utf8' }).filter(
    file => (statSync(path.join(store, file)).mode & 0o077) !== 0,
  )
  expect(open).toEqual([])
  const [run] = readdirSync(path.join(folder, 'runs'))
  expect(readdirSync(path.join(folder, 'runs', run!, 'mixtures'))).toEqual(['shareable'])
  expect(readdirSync(path.join(folder, '.tilth/private/mixtures', run!))).toEqual(['mixed'])
})

test('with few rows the training set laid out holds all real rows, from a passage that is never scored', async () => {
  const folder = project({ rows: 80 })
  await runTilth(folder, 'run')
  const [run] = readdirSync(path.join(folder, 'runs'))
  const place = path.join(folder, 'runs', run!, 'mixtures/shareable')
  const real = readFileSync(path.join(place, 'train.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .filter(line => line.includes('"kind":"real"'))
  expect(real).toHaveLength(reportOf(folder).data.split.train)
  expect(reportOf(folder).data.split.train).toBe(80)
  expect(readFileSync(path.join(place, 'README.md'), 'utf8')).toContain(
    'made from all 80 real training rows, and so was never scored',
  )
  const plan = JSON.parse(readFileSync(path.join(folder, 'runs', run!, 'plan.json'), 'utf8')) as Plan
  const published = plan.steps.filter(({ replicate }) => replicate === 'all')
  expect(published.map(({ name }) => name)).toEqual([
    'fit:archive@all',
    'fit:own@all',
    'fill:mixed@all',
    'fill:shareable@all',
    'mix:mixed@all',
    'mix:shareable@all',
  ])
  const scored = plan.steps.filter(({ kind }) => ['tune', 'answer', 'evaluate', 'copying'].includes(kind))
  expect(scored.flatMap(({ needs }) => needs).filter(name => name.endsWith('@all'))).toEqual([])
  expect(plan.seconds).toBeCloseTo(
    plan.steps.reduce((sum, { seconds }) => sum + seconds, 0),
    6,
  )
  expect(published.every(({ seconds }) => seconds > 0)).toBe(true)
})

test('run again with nothing changed makes nothing; with another setting only what follows from it', async () => {
  const folder = project({ rows: 80 })
  await runTilth(folder, 'run')
  const again = await runTilth(folder, 'run')
  expect(again.err).toContain('Nothing had to be made again')
  const yaml = readFileSync(path.join(folder, 'tilth.yaml'), 'utf8')
  writeFileSync(path.join(folder, 'tilth.yaml'), yaml.replace('folds: 4 }', 'folds: 4, worth: 3 }'))
  const { err } = await runTilth(folder, 'run')
  expect(err).toMatch(/\b2 steps in/)
})

test('the same project and seed give the same bytes in another folder, another seed gives others', async () => {
  const [first, second] = [project({ rows: 60 }), project({ rows: 60 })]
  await Promise.all([runTilth(first, 'run'), runTilth(second, 'run')])
  expect(artifacts(second)).toEqual(artifacts(first))
  await runTilth(second, 'run', '--seed', '9')
  expect(Object.keys(artifacts(second)).length).toBeGreaterThan(Object.keys(artifacts(first)).length)
})

test('a run that is killed goes on where it was, to the same bytes', { timeout: 120_000 }, async () => {
  const [undisturbed, killed] = [project({ rows: 60 }), project({ rows: 60 })]
  await runTilth(undisturbed, 'run')
  for (const after of [250, 500, 800, 1200]) {
    const { child, ended } = await startTilth(killed, 'run')
    const timer = setTimeout(() => child.kill('SIGKILL'), after)
    await ended
    clearTimeout(timer)
  }
  expect((await runTilth(killed, 'run')).code).toBe(0)
  expect(artifacts(killed)).toEqual(artifacts(undisturbed))
})

test('of two runs on one folder at once the second says so and stops', async () => {
  const folder = project({ rows: 80 })
  const first = await startTilth(folder, 'run')
  await once(first.child.stderr!, 'data')
  const second = await runTilth(folder, 'run')
  expect(second.code).toBe(1)
  expect(second.err.replaceAll(/\s+/g, ' ')).toContain(
    `another run (process ${first.child.pid}) is working in`,
  )
  expect((await first.ended).code).toBe(0)
})

test('Ctrl-C ends a run with 130, and the next one goes on', async () => {
  const folder = project({ rows: 80 })
  const { child, ended } = await startTilth(folder, 'run')
  await once(child.stderr!, 'data')
  child.kill('SIGINT')
  expect((await ended).code).toBe(130)
  expect((await runTilth(folder, 'run')).code).toBe(0)
})

test('a sealed run counts its looks: the same evaluation is the same look, another is the next', async () => {
  const folder = project({ rows: 300, regime: 'sealed', more: 'split: { test: 0.7 }' })
  await runTilth(folder, 'run')
  const look = async (...more: string[]): Promise<number> => {
    const { out } = await runTilth(folder, 'run', '--json', ...more)
    return (JSON.parse(out) as { report: Report }).report.data.seal!.look
  }
  expect(await look()).toBe(1)
  expect(await look('--seed', '2')).toBe(2)
  expect(await look()).toBe(1)
})

test('too few rows for a sealed test are refused with what to do', async () => {
  const folder = project({ rows: 80, regime: 'sealed' })
  const { code, err } = await runTilth(folder, 'run')
  expect(code).toBe(1)
  expect(err.replaceAll(/\s+/g, ' ')).toContain(
    'the sealed regime needs at least 200 test rows, but there are 24',
  )
})

test('a generator that copies its real rows fills nothing, and the report says why', async () => {
  const [header, ...rows] = fieldReports(80)
    .trim()
    .split('\n')
    .map(line => line.split(','))
  const grammar = ['soil', 'rain', 'height', 'crop', 'yield']
    .map(name => {
      const values = rows.map(row => row[header!.indexOf(name)]!)
      const items = values.map(value => (Number.isNaN(Number(value)) ? `'${value}'` : value))
      return `      ${name}: { compute: "[${items.join(', ')}][_which]" }`
    })
    .join('\n')
  const folder = project({ rows: 80 })
  const yaml = readFileSync(path.join(folder, 'tilth.yaml'), 'utf8')
  writeFileSync(
    path.join(folder, 'tilth.yaml'),
    yaml
      .replace(
        '{ use: records, rare: 1 }',
        `\n    use: rules\n    columns:\n      _which: { number: { minimum: 0, maximum: 79, step: 1 } }\n${grammar}`,
      )
      .replace('generators: [archive, own]', 'generators: [own]'),
  )
  const { code, err } = await runTilth(folder, 'run')
  expect(err).toContain('rows are missing')
  expect(code).not.toBe(130)
  const { generation, uplift } = reportOf(folder)
  const own = generation.cells.filter(({ mixture }) => mixture === 'mixed')
  const kept = own.reduce(
    (sum, { reasons }) => sum + (reasons['duplicate'] ?? 0) + (reasons['contamination'] ?? 0),
    0,
  )
  expect(kept).toBeGreaterThan(0)
  expect(own.some(({ why }) => why !== null)).toBe(true)
  for (const each of uplift) expect(each.verdict).not.toBe('helps')
})
