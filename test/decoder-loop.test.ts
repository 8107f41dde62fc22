import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { loadProject } from '../src/project/project.ts'
import type { Report } from '../src/report/report-schema.ts'
import { planProject, runProject } from '../src/run/run.ts'
import { fieldReports, folderWith } from './tilth-process.ts'

const project = `name: fields
sources:
  reports: { path: reports.csv, use: train, drop: [plot] }
split: { dev: 0.2 }
tasks:
  yield:
    kind: label
    answer: yield
    prompts: ['{{ soil }} {{ rain }}?']
  place:
    kind: text
    prompts: [{ prompt: '{{ crop }} {{ rain }}', response: '{{ soil }}' }]
generators:
  records: { use: records }
mixtures:
  mixed: { generators: [records], perReal: 1 }
student: { use: decoder, base: model, epochs: 2, lora: { rank: 2, targets: [q_proj] } }
evaluate: { repeats: 1, folds: 2, curve: false }
`
const folder = folderWith({ 'tilth.yaml': project, 'reports.csv': fieldReports(30) })
cpSync('test/fixtures/decoder/llama', path.join(folder, 'model'), { recursive: true })
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test(
  'a decoder with a base passes through the loop, for tasks with and without labels',
  { timeout: 120_000 },
  async () => {
    const told: string[] = []
    const pulses: number[] = []
    const { report } = await runProject({
      loaded: await loadProject(folder),
      signal: new AbortController().signal,
      events: {
        log: message => told.push(message),
        step: () => {},
        progress: (_step, _done, _total, training) => {
          if (training !== undefined) pulses.push(training.loss)
        },
      },
    })
    const { tasks, arms, uplift, training, gaps } = report as Report
    expect(tasks.map(({ student }) => student)).toEqual(['decoder', 'decoder'])
    expect(uplift.map(({ task, rival, whyRival }) => [task, rival, whyRival])).toEqual([
      [
        'yield',
        expect.stringMatching(/^real/),
        expect.stringContaining('of the linear student, which stands for'),
      ],
      ['place', 'real', expect.stringContaining('has no classes to weight')],
    ])
    expect(uplift.every(({ smallestDetectable }) => smallestDetectable.before === null)).toBe(true)
    expect(gaps.curves.map(({ task }) => task)).toEqual(['yield'])
    expect(training!.map(({ task }) => task)).toEqual(expect.arrayContaining(['yield', 'place']))
    expect(training!.every(({ epochs }) => epochs.every(({ devLoss }) => devLoss !== null))).toBe(true)
    expect(arms.flatMap(arm => arm.tasks.map(({ task }) => task))).toContain('place')
    expect(told).toContainEqual(expect.stringMatching(/^Examples: \d+ of up to \d+ tokens/))
    expect(pulses.every(loss => loss > 0)).toBe(true)
    expect(pulses.length).toBeGreaterThan(20)
  },
)

test('other weights in the base lead to other trainings, and to no other learning curve', async () => {
  const keys = async (): Promise<ReadonlyMap<string, string>> => {
    const { steps } = await planProject({ loaded: await loadProject(folder) })
    return new Map(steps.map(({ name, key }) => [name, key]))
  }
  const before = await keys()
  const file = path.join(folder, 'model', 'model-00001-of-00002.safetensors')
  const bytes = readFileSync(file)
  bytes.writeUInt8(bytes.at(-1)! ^ 1, bytes.length - 1)
  writeFileSync(file, bytes)
  const after = await keys()
  const changed = [...after].filter(([name, key]) => before.get(name) !== key).map(([name]) => name)
  expect(changed).toContain('tune:mixed@0')
  expect(changed).toContain('answer@0')
  expect(changed.filter(name => /^(?:prepare|curve|rival|fit|fill)/.test(name))).toEqual([])
})

test('a GGUF file is a base too, and its content is part of the keys', { timeout: 120_000 }, async () => {
  const own = folderWith({
    'tilth.yaml': project
      .replace('base: model, epochs: 2', 'base: model.gguf, epochs: 1')
      .replace(/  place:[^]*?generators/, 'generators'),
    'reports.csv': fieldReports(30),
  })
  try {
    cpSync('test/fixtures/gguf/llama.gguf', path.join(own, 'model.gguf'))
    const { report } = await runProject({
      loaded: await loadProject(own),
      signal: new AbortController().signal,
      events: { log: () => {}, step: () => {}, progress: () => {} },
    })
    expect((report as Report).tasks.map(({ student }) => student)).toEqual(['decoder'])
    const keyOf = async (): Promise<string> =>
      (await planProject({ loaded: await loadProject(own) })).steps.find(({ kind }) => kind === 'tune')!.key
    const before = await keyOf()
    cpSync('test/fixtures/gguf/qwen3.gguf', path.join(own, 'model.gguf'))
    expect(await keyOf()).not.toBe(before)
  } finally {
    rmSync(own, { recursive: true, force: true })
  }
})
