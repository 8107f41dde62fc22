import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
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
