import { expect, test } from 'vitest'
import { fieldReports, folderWith } from '../../test/tilth-process.ts'
import { loadProject } from '../project/project.ts'
import { checkData } from './check-data.ts'

const project = `name: fields
sources:
  reports: { path: reports.csv, use: train, drop: [plot] }
tasks:
  yield:
    kind: label
    answer: yield
    prompts: ['Soil {{ soil }}, rain {{ rain }}: which yield?']
generators:
  records: { use: records }
mixtures:
  mixed: { generators: [records], perReal: 1 }
`
const { signal } = new AbortController()

test('rows beyond the limits are read and counted, and the plan is made for all of them', async () => {
  const loaded = await loadProject(folderWith({ 'tilth.yaml': project, 'reports.csv': fieldReports(4_000) }))
  const whole = await checkData(loaded, signal)
  const sampled = await checkData(loaded, signal, { sample: { rows: 1_500, characters: Infinity } })
  expect(whole.sources[0]).toMatchObject({ rows: 4_000, sampled: 4_000 })
  expect(sampled.sources[0]).toMatchObject({ rows: 4_000, columns: whole.sources[0]!.columns })
  expect(sampled.sources[0]!.sampled).toBeLessThanOrEqual(1_500)
  expect(sampled.plan!.regime).toBe(whole.plan!.regime)
  expect(sampled.plan!.steps.map(({ name }) => name)).toEqual(whole.plan!.steps.map(({ name }) => name))
  expect(sampled.plan!.seconds / whole.plan!.seconds).toBeGreaterThan(0.9)
  expect(sampled.plan!.seconds / whole.plan!.seconds).toBeLessThan(1.1)
})

test('a bad record is found wherever it stands, and of many the first are told and the others counted', async () => {
  const bad = Array.from({ length: 8 }, () => 'plot-x,clay\n').join('')
  const loaded = await loadProject(
    folderWith({ 'tilth.yaml': project, 'reports.csv': `${fieldReports(2_000)}${bad}` }),
  )
  const { findings, plan } = await checkData(loaded, signal, { sample: { rows: 100, characters: Infinity } })
  expect(plan).toBeUndefined()
  expect(findings.map(({ severity }) => severity)).toEqual(Array.from({ length: 6 }, () => 'error'))
  expect(findings[0]!.message).toContain('reports.csv:2002')
  expect(findings[5]!.message).toBe('reports.csv: 3 more records cannot be read.')
})
