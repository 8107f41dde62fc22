import { readdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { loadProject } from '../src/project/project.ts'
import { runProject } from '../src/run/run.ts'
import { labelProject } from './decoder-project.ts'
import { fieldReports, folderWith } from './tilth-process.ts'

const project = labelProject('{ use: decoder, epochs: 1 }')
const folders = Array.from({ length: 2 }, () =>
  folderWith({ 'tilth.yaml': project, 'reports.csv': fieldReports(48) }),
)
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** Runs the trainings of the first fold and says how many steps were under way at once, and what is in the store. */
async function tune(folder: string, threads: number) {
  let [most, now] = [0, 0]
  await runProject({
    loaded: await loadProject(folder),
    signal: new AbortController().signal,
    until: 'tune',
    threads,
    events: {
      log: () => {},
      progress: () => {},
      step({ state }) {
        now += state === 'start' ? 1 : -1
        most = Math.max(most, now)
      },
    },
  })
  const store = path.join(folder, '.tilth', 'store')
  const files = readdirSync(store, { recursive: true, encoding: 'utf8' })
    .filter(name => /\.(?:json|safetensors)$/.test(name))
    .toSorted()
  return { most, files: files.map(name => [name, readFileSync(path.join(store, name))] as const) }
}

test('trainings side by side end in the same bytes as one after another', { timeout: 120_000 }, async () => {
  const alone = await tune(folders[0]!, 1)
  const beside = await tune(folders[1]!, 3)
  expect([alone.most, beside.most]).toEqual([1, 3])
  expect(alone.files.filter(([name]) => name.endsWith('arrays.safetensors'))).toHaveLength(5)
  expect(beside.files).toEqual(alone.files)
})
