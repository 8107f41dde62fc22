import { rmSync } from 'node:fs'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { LoadedProject } from '../src/project/project.ts'
import { loadProject } from '../src/project/project.ts'
import type { Report } from '../src/report/report-schema.ts'
import { planProject, runProject } from '../src/run/run.ts'
import { fieldReports, folderWith, runTilth } from './tilth-process.ts'

const project = `name: fields
sources:
  reports: { path: reports.csv, use: train, where: { desk: now }, drop: [plot, desk] }
  later: { path: reports.csv, use: test, where: { desk: later }, drop: [plot, desk] }
tasks:
  yield:
    kind: label
    answer: yield
    prompts: ['Soil {{ soil }}, rain {{ rain }}?']
  facts:
    kind: fields
    fields: [soil, rain]
    prompts: ['{{ soil }}, {{ rain }}: as JSON.']
  crop:
    kind: text
    prompts: [{ prompt: '{{ soil }}: {{ rain }}', response: '{{ crop }}' }]
generators:
  records: { use: records }
mixtures:
  mixed: { generators: [records], perReal: 1 }
evaluate: { curve: false }
preview:
  student: { use: decoder, size: { width: 32, layers: 1 }, epochs: 2 }
  tasks: [yield, facts]
  seeds: 2
  testRows: 20
`
const [head, ...rows] = fieldReports(230).trimEnd().split('\n')
const reports = [`${head},desk`, ...rows.map((row, index) => `${row},${index < 30 ? 'now' : 'later'}`)].join(
  '\n',
)
const folder = folderWith({ 'tilth.yaml': project, 'reports.csv': reports })
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function run(loaded: LoadedProject): Promise<Report> {
  const { report } = await runProject({
    loaded,
    signal: new AbortController().signal,
    events: { log: () => {}, step: () => {}, progress: () => {} },
  })
  return report!
}

/** All but what tells of the preview itself, and the hash of the project that asks for it. */
function beside({ preview: _preview, project: _project, ...rest }: Report): unknown {
  return rest
}

test('a preview stands beside the figures of the run and changes none', { timeout: 120_000 }, async () => {
  const loaded = await loadProject(folder)
  const { preview: _preview, ...without } = loaded.project
  const plain = await run({ ...loaded, project: without })
  const previewed = await run(loaded)
  expect(beside(previewed)).toEqual(beside(plain))
  expect(plain.preview).toBeUndefined()
  // The same look at the seal: what is previewed is not counted.
  expect(previewed.data.seal).toMatchObject({ rows: 200, look: 1 })

  const { tasks, training, ...preview } = previewed.preview!
  expect(preview).toMatchObject({ base: null, full: false, seeds: 2, rows: 20, ofRows: 200 })
  expect(preview.says).toMatch(
    /^A language model of [\d,]+ weights, from scratch, for 2 tasks at once, in 2 seeds on 20 of 200 sealed rows\./,
  )
  expect(
    tasks.map(({ task, items, metric, arms }) => [task, items, metric, arms.map(({ arm }) => arm)]),
  ).toEqual([
    ['yield', 20, 'macro-f1', ['real', 'mixed']],
    ['facts', 20, 'field-f1', ['real', 'mixed']],
  ])
  for (const { arms, floor, says } of tasks) {
    expect(arms.map(({ difference }) => difference === null)).toEqual([true, false])
    expect(floor).toBeGreaterThan(0)
    expect(says).toContain('the commonest answer, given to everyone')
  }
  // One model an arm for both tasks: 60 and 120 examples, 2 epochs of 8 and of 15 batches.
  expect(training.map(({ arm, updates }) => [arm, updates])).toEqual([
    ['real', 16],
    ['mixed', 30],
  ])
})

test('--full plans every arm, all seeds and all test rows, and keeps what the run has made', async () => {
  const { code, out, err } = await runTilth(folder, 'run', '--full', '--dry-run')
  expect(code, err).toBe(0)
  expect(out.match(/^preview-tune:\S+@\d/gm)).toHaveLength(5 * 5)
  const loaded = await loadProject(folder)
  const few = await planProject({ loaded })
  const full = await planProject({
    loaded: {
      ...loaded,
      project: { ...loaded.project, preview: { ...loaded.project.preview!, full: true } },
    },
  })
  const keys = new Set(full.steps.map(({ key }) => key))
  const missing = few.steps.filter(({ key }) => !keys.has(key)).map(({ kind }) => kind)
  expect([...new Set(missing)].toSorted()).toEqual(['preview', 'preview-answer', 'report'])
})

test('--skip-preview leaves it out, and --full asks for one', async () => {
  const skipped = await runTilth(folder, 'run', '--skip-preview', '--dry-run')
  expect(skipped.out).not.toContain('preview')
  const both = await runTilth(folder, 'run', '--skip-preview', '--full')
  expect([both.code, both.err]).toEqual([2, expect.stringContaining('exclude each other')])
  const bare = folderWith({
    'tilth.yaml': project.slice(0, project.indexOf('preview:')),
    'reports.csv': reports,
  })
  const lacking = await runTilth(bare, 'run', '--full')
  rmSync(bare, { recursive: true })
  expect([lacking.code, lacking.err]).toEqual([1, expect.stringContaining('has no preview')])
})

test('a preview without sealed rows is left out, and the report says so', { timeout: 60_000 }, async () => {
  const scarce = folderWith({
    'tilth.yaml': project.replace('curve: false', 'curve: false, repeats: 1, folds: 2'),
    'reports.csv': [
      `${head},desk`,
      ...rows.slice(0, 60).map((row, index) => `${row},${index < 30 ? 'now' : 'later'}`),
    ].join('\n'),
  })
  const report = await run(await loadProject(path.join(scarce, 'tilth.yaml')))
  rmSync(scarce, { recursive: true })
  expect(report.regime).toBe('scarce')
  expect(report.preview).toBeUndefined()
  expect(report.notes.join('\n')).toContain('The preview was left out')
})
