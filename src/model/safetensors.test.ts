import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { UserError } from '../error.ts'
import { openSafetensors, writeSafetensors } from './safetensors.ts'

const folder = mkdtempSync(join(tmpdir(), 'tilth-safetensors-'))
afterAll(() => rmSync(folder, { recursive: true }))
const path = join(folder, 'a.safetensors')

/** A file of the format, byte by byte. */
function fileOf(header: unknown, data: Uint8Array): string {
  const text = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeUInt32LE(text.length)
  writeFileSync(path, Buffer.concat([length, text, data]))
  return path
}

async function readOne(header: unknown, data: Uint8Array) {
  const file = await openSafetensors(fileOf(header, data))
  try {
    return await file.read('t')
  } finally {
    await file.close()
  }
}

test('reads floats of 32 and 16 bits and bfloat16, wherever they start', async () => {
  const f32 = Uint8Array.of(9, 9, 9, 0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0)
  expect(await readOne({ t: { dtype: 'F32', shape: [2], data_offsets: [3, 11] } }, f32)).toEqual({
    shape: [2],
    values: Float32Array.of(1, -2),
  })
  const half = Uint8Array.of(0, 0x3c, 0, 0xc0)
  expect(await readOne({ t: { dtype: 'F16', shape: [2, 1], data_offsets: [0, 4] } }, half)).toEqual({
    shape: [2, 1],
    values: Float32Array.of(1, -2),
  })
  const brain = Uint8Array.of(0x80, 0x3f, 0, 0xc0)
  const read = await readOne({ t: { dtype: 'BF16', shape: [2], data_offsets: [0, 4] } }, brain)
  expect(read.values).toEqual(Float32Array.of(1, -2))
})

test('what it writes it reads again, and the same tensors give the same bytes', async () => {
  const tensors = new Map([
    ['scalar', { shape: [], values: Float32Array.of(0.1) }],
    ['matrix', { shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, 6) }],
  ])
  await writeSafetensors(path, tensors)
  const bytes = readFileSync(path)
  await writeSafetensors(path, tensors)
  expect(readFileSync(path).equals(bytes)).toBe(true)
  const file = await openSafetensors(path)
  for (const [name, tensor] of tensors) expect(await file.read(name)).toEqual(tensor)
  expect(file.metadata).toEqual({ format: 'pt' })
  await file.close()
})

test('says what is wrong with a file that is cut off or damaged', async () => {
  const entry = { dtype: 'F32', shape: [2], data_offsets: [0, 8] }
  await expect(openSafetensors(fileOf({ t: entry }, new Uint8Array(7)))).rejects.toThrow(
    /t ends at byte \d+, the file at/,
  )
  writeFileSync(path, Buffer.from([1, 2, 3]))
  await expect(openSafetensors(path)).rejects.toThrow('it has 3 bytes')
  writeFileSync(path, Buffer.from([255, 0, 0, 0, 0, 0, 0, 0, 123]))
  await expect(openSafetensors(path)).rejects.toThrow('its header ends at byte 263, the file at 9')
  writeFileSync(path, Buffer.from([2, 0, 0, 0, 0, 0, 0, 0, 123, 123]))
  await expect(openSafetensors(path)).rejects.toThrow(UserError)
  await expect(openSafetensors(fileOf({ t: { dtype: 'F32' } }, new Uint8Array()))).rejects.toThrow(
    'describes t',
  )
})

test('names a tensor that is missing, of another size, or of a type that is no float', async () => {
  const eight = new Uint8Array(8)
  await expect(readOne({ u: { dtype: 'F32', shape: [2], data_offsets: [0, 8] } }, eight)).rejects.toThrow(
    'no tensor t',
  )
  await expect(readOne({ t: { dtype: 'F32', shape: [3], data_offsets: [0, 8] } }, eight)).rejects.toThrow(
    'the shape [3] of F32, 12 bytes, and 8 are there',
  )
  await expect(readOne({ t: { dtype: 'I8', shape: [8], data_offsets: [0, 8] } }, eight)).rejects.toThrow(
    'has the type I8, which cannot be read',
  )
})
