import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { TrainingSave } from '../model/training-save.ts'
import { openSaves, removeSaves } from './training-saves.ts'

const tilth = mkdtempSync(path.join(tmpdir(), 'tilth-saves-'))
afterAll(() => rmSync(tilth, { recursive: true, force: true }))

const save: TrainingSave = {
  taken: 25,
  losses: [2.1, 0.30000000000000004],
  epochs: [{ epoch: 1, steps: 25, trainLoss: 1.2, devLoss: 0.7 }],
  state: { 'a.weight': Float32Array.of(0.1, 2), 'first moment of a.weight': Float32Array.of(0, -1e-9) },
  best: { devLoss: 0.7, learned: { 'a.weight': Float32Array.of(1, 2) } },
}

test('what was kept is read back, number for number, until it is removed', async () => {
  const place = { key: 'k1', local: false }
  const saves = openSaves(tilth, place, 'intent')
  expect(await saves.read()).toBeNull()
  await saves.write({ ...save, best: null })
  await saves.write(save)
  expect(await saves.read()).toEqual(save)
  expect(await openSaves(tilth, place, 'other').read()).toBeNull()
  removeSaves(tilth, place)
  expect(await saves.read()).toBeNull()
})

test('a training on what descends from local rows is kept where its owner alone can read it', async () => {
  const saves = openSaves(tilth, { key: 'k2', local: true }, 'intent')
  await saves.write(save)
  expect(saves.name).toContain(path.join('private', 'working', 'k2'))
  expect(statSync(saves.name).mode & 0o777).toBe(0o600)
  expect(statSync(path.dirname(saves.name)).mode & 0o777).toBe(0o700)
})

test('what is damaged is as good as nothing: the training begins anew', async () => {
  const folder = path.join(tilth, 'working', 'k3')
  mkdirSync(folder, { recursive: true })
  writeFileSync(path.join(folder, 'intent.safetensors'), 'half a fi')
  expect(await openSaves(tilth, { key: 'k3', local: false }, 'intent').read()).toBeNull()
  expect(readdirSync(folder)).toHaveLength(1)
})
