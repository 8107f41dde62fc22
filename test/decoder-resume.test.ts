import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { labelProject } from './decoder-project.ts'
import { fieldReports, folderWith, runTilth, startTilth } from './tilth-process.ts'

const project = labelProject('{ use: decoder, epochs: 14, batch: 8 }')

const folders = Array.from({ length: 2 }, () =>
  folderWith({ 'tilth.yaml': project, 'reports.csv': fieldReports(48) }),
)
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

test(
  'a training that is killed goes on from what was kept, to the same bytes',
  { timeout: 120_000 },
  async () => {
    const [killed, whole] = folders as [string, string]
    const working = path.join(killed, '.tilth', 'working')
    const { child, ended } = await startTilth(killed, 'tune')
    while (!isKept(working) && child.exitCode === null) await setTimeout(5)
    child.kill('SIGKILL')
    expect((await ended).code).toBeNull()
    expect(isKept(working)).toBe(true)

    const again = await runTilth(killed, 'tune')
    expect(again.code, again.err).toBe(0)
    expect(existsSync(working) ? readdirSync(working) : []).toEqual([])
    const straight = await runTilth(whole, 'tune')
    expect(straight.code, straight.err).toBe(0)
    const [one, other] = [trained(killed), trained(whole)]
    expect(other.size).toBeGreaterThanOrEqual(10)
    expect(one).toEqual(other)
  },
)

function isKept(working: string): boolean {
  if (!existsSync(working)) return false
  return readdirSync(working, { recursive: true, encoding: 'utf8' }).some(name =>
    name.endsWith('/yield.safetensors'),
  )
}

/** The weights and the losses of every trained arm, by the key of its step. */
function trained(folder: string): ReadonlyMap<string, Buffer> {
  const store = path.join(folder, '.tilth', 'store')
  const keys = readdirSync(store).filter(key => existsSync(path.join(store, key, 'arrays.safetensors')))
  return new Map(
    keys.flatMap(key =>
      ['arrays.safetensors', 'value.json'].map(
        name => [`${key}/${name}`, readFileSync(path.join(store, key, name))] as const,
      ),
    ),
  )
}
