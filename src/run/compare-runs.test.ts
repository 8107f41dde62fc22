import { expect, test } from 'vitest'
import { scarceReport, sealedReport } from '../../test/report-fixture.ts'
import { projectSchema } from '../project/schema.ts'
import type { Report } from '../report/report-schema.ts'
import { type ComparedRun, compareRuns, differences } from './compare-runs.ts'

const project = projectSchema.parse({
  name: 'fields',
  sources: { reports: { path: 'reports.csv', use: 'train' } },
  tasks: { yield: { kind: 'label', answer: 'yield', prompts: ['{{ soil }}?'] } },
  generators: { learned: { use: 'records' } },
  mixtures: { mixed: { generators: ['learned'], perReal: 1 } },
})
const run = (
  id: string,
  report: Report = sealedReport(),
  settings: ComparedRun['settings'] = { project, seed: 1, sources: { reports: 'h1' } },
): ComparedRun => ({ id, report, settings })

test('values differ where they differ, as deep as all of them go', () => {
  const [one, other] = [
    { a: 1, b: { c: [1, 2], d: 'x' }, e: null },
    { a: 1, b: { c: [1, 3, 4], d: 'x' }, f: { g: 1 } },
  ]
  expect(differences([one, other])).toEqual([
    { path: ['b', 'c', 1], values: [2, 3] },
    { path: ['b', 'c', 2], values: [undefined, 4] },
    { path: ['e'], values: [null, undefined] },
    { path: ['f'], values: [undefined, { g: 1 }] },
  ])
  expect(differences([one, structuredClone(one), one])).toEqual([])
  expect(differences([{ a: [1] }, { a: 'x' }, { a: [1] }])).toEqual([
    { path: ['a'], values: [[1], 'x', [1]] },
  ])
})

test('the order in which settings are written is no difference', () => {
  expect(
    differences([
      { a: 1, b: 2 },
      { b: 2, a: 1 },
    ]),
  ).toEqual([])
})

test('runs on the same sealed rows can be compared; their settings, seeds and data are set apart', () => {
  const changed = structuredClone(project)
  changed.mixtures['mixed']!.perReal = 3
  const comparison = compareRuns([
    run('a'),
    run('b', sealedReport(), { project: changed, seed: 2, sources: { reports: 'h2' } }),
  ])
  expect(comparison).toEqual({
    settings: [
      { path: ['seed'], values: [1, 2] },
      { path: ['mixtures', 'mixed', 'perReal'], values: [1, 3] },
    ],
    data: [{ path: ['reports'], values: ['h1', 'h2'] }],
    apart: [],
  })
})

test('scores on different sealed rows, in another regime or over other folds are told apart', () => {
  const report = sealedReport()
  const other: Report = {
    ...report,
    data: { ...report.data, seal: { ...report.data.seal!, hash: 'another' } },
  }
  expect(compareRuns([run('a'), run('b', other)]).apart).toEqual([
    'they were measured on different sealed rows',
  ])
  expect(compareRuns([run('a'), run('b', scarceReport())]).apart[0]).toContain('cross-validation')
  const scarce = scarceReport()
  const moved = { project, seed: 1, sources: { reports: 'h2' } }
  expect(compareRuns([run('a', scarce), run('b', scarce)]).apart).toEqual([])
  expect(compareRuns([run('a', scarce), run('b', scarce, moved)]).apart).toEqual([
    'they were cross-validated over different rows',
  ])
})

test('a task that asks otherwise in its held-out wordings is another measurement', () => {
  const report = sealedReport()
  const [first, ...rest] = report.tasks
  const other: Report = { ...report, tasks: [{ ...first!, heldOutWordings: ['Which?'] }, ...rest] }
  expect(compareRuns([run('a'), run('b', other)]).apart).toEqual([
    `task "${first!.name}" is asked or scored differently in them`,
  ])
  const taught: Report = { ...report, tasks: [{ ...first!, trainWordings: ['Which?'] }, ...rest] }
  expect(compareRuns([run('a'), run('b', taught)]).apart).toEqual([])
})

test('without kept settings, what differs is not known', () => {
  expect(compareRuns([run('a'), run('b', sealedReport(), null)])).toEqual({
    settings: null,
    data: null,
    apart: [],
  })
  expect(compareRuns([run('a', scarceReport()), run('b', scarceReport(), null)]).apart[0]).toContain(
    'not known',
  )
})
