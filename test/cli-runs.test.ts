import { beforeAll, expect, test } from 'vitest'
import { projectSchema } from '../src/project/schema.ts'
import type { Report } from '../src/report/report-schema.ts'
import { sealedReport, timing } from './report-fixture.ts'
import { folderWith, runTilth } from './tilth-process.ts'

const settings = (perReal: number): string =>
  JSON.stringify({
    seed: 1,
    sources: { reports: 'h1' },
    project: projectSchema.parse({
      name: 'fields',
      sources: { reports: { path: 'reports.csv', use: 'train' } },
      tasks: { yield: { kind: 'label', answer: 'yield', prompts: ['{{ soil }}?'] } },
      generators: { learned: { use: 'records' } },
      mixtures: { mixed: { generators: ['learned'], perReal } },
    }),
  })
const report = sealedReport()
const moved: Report = { ...report, data: { ...report.data, seal: { ...report.data.seal!, hash: 'another' } } }
const run = (id: string, made: Report, perReal: number): Record<string, string> => ({
  [`runs/${id}/journal.jsonl`]: '{}\n',
  [`runs/${id}/report.json`]: JSON.stringify(made),
  [`runs/${id}/timing.json`]: JSON.stringify(timing()),
  [`runs/${id}/settings.json`]: settings(perReal),
})

let folder: string
beforeAll(() => {
  folder = folderWith({
    ...run('fields-1a2b', report, 1),
    ...run('fields-3c4d', report, 4),
    ...run('fields-5e6f', moved, 1),
  })
})

test('runs side by side: what differs, each score with its interval, the verdicts', async () => {
  const { code, out, err } = await runTilth(folder, 'runs', 'fields-1', '3c4d')
  expect(err).toBe('')
  expect(code).toBe(0)
  expect(out).toMatch(/^ +fields-1a2b +fields-3c4d$/m)
  expect(out).toMatch(/^gaps filled +\d+ of \d+ rows +\d+ of \d+ rows$/m)
  expect(out).toContain('  mixtures.mixed.perReal\n    - 1 in fields-1a2b\n    - 4 in fields-3c4d')
  const { task, metric, verdict } = report.uplift[0]!
  expect(out).toMatch(new RegExp(`^${task}\\n +fields-1a2b +fields-3c4d\\nmetric +${metric}`, 'm'))
  expect(out).toMatch(new RegExp(`^uplift +\\+?-?[\\d.]+ \\(.+ to .+\\) over .+: ${verdict}`, 'm'))
  expect(out).not.toContain('cannot be compared')
})

test('runs that were measured on other rows are not to be compared, and that is said first', async () => {
  const { out } = await runTilth(folder, 'runs', '1a2b', '3c4d', '5e6f')
  expect(out.replaceAll('\n', ' ')).toMatch(
    /^Their scores cannot be compared: they were measured on different sealed rows\./,
  )
  expect(out).toContain('- 1 in fields-1a2b and fields-5e6f')
})

test('--json holds the same', async () => {
  const { out } = await runTilth(folder, 'runs', '1a2b', '5e6f', '--json')
  expect(JSON.parse(out)).toMatchObject({
    comparable: false,
    settings: [],
    data: [],
    runs: [{ id: 'fields-1a2b', regime: 'sealed' }, { id: 'fields-5e6f' }],
  })
})

test.each([
  { names: ['fields-1a2c'], code: 1, says: 'There is no run "fields-1a2c". Did you mean "fields-1a2b"?' },
  { names: ['fields'], code: 1, says: '"fields" begins the names of several runs.' },
  { names: ['1a2b', 'fields-1a2b'], code: 2, says: 'Run fields-1a2b is named twice.' },
])('runs $names is refused', async ({ names, code, says }) => {
  const ended = await runTilth(folder, 'runs', ...names)
  expect(ended.code).toBe(code)
  expect(ended.err.replaceAll(/\s+/g, ' ')).toContain(says)
})
