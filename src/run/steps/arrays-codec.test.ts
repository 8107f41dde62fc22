import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openSafetensors } from '../../model/safetensors.ts'
import { arraysCodec } from './arrays-codec.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'tilth-arrays-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('arrays stand in a safetensors file, and come back bit for bit', async () => {
  const value = {
    models: { intent: { learned: { 'a.weight': Float32Array.of(0.1, -0, 3e38) }, labels: ['x', 'y'] } },
    parts: [{ weights: Float32Array.of(1) }, null, 7],
  }
  const codec = arraysCodec()
  await codec.write(folder, value)
  expect(readdirSync(folder).toSorted()).toEqual(['arrays.safetensors', 'value.json'])
  expect(await codec.read(folder)).toEqual(value)
})

test('an array that stands in several places is written once', async () => {
  const learned = { weight: Float32Array.of(1, 2), same: Float32Array.of(1, 2) }
  const value = { models: { first: { learned }, second: { learned } } }
  const codec = arraysCodec()
  await codec.write(folder, value)
  const opened = await openSafetensors(path.join(folder, 'arrays.safetensors'))
  const names = [...opened.entries.keys()]
  await opened.close()
  expect(names.toSorted()).toEqual(['models/first/learned/same', 'models/first/learned/weight'])
  expect(await codec.read(folder)).toEqual(value)
})
