import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { quantisedTypes } from './quantised.ts'

/** Three random blocks of each type, and what the Python package gguf reads in them (test/peers/gguf_files.py). */
const blocks = JSON.parse(await readFile('test/fixtures/gguf/blocks.json', 'utf8')) as Record<
  string,
  { readonly type: number; readonly bytes: string; readonly floats: string }
>

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(base64, 'base64'))

test('every type is there, with the number that files have for it', () => {
  expect(Array.from(quantisedTypes, ([type, { name }]) => [name, type]).toSorted()).toEqual(
    Object.entries(blocks)
      .map(([name, { type }]) => [name, type])
      .toSorted(),
  )
})

test.each(Object.entries(blocks))(
  '%s is read to the last bit as the package gguf reads it',
  (name, block) => {
    const kind = quantisedTypes.get(block.type)!
    const bytes = bytesOf(block.bytes)
    const expected = new Float32Array(bytesOf(block.floats).buffer)
    expect(kind.name).toBe(name)
    expect((bytes.length / kind.bytes) * kind.values).toBe(expected.length)
    const values = new Float32Array(expected.length)
    kind.dequantise(bytes, values)
    expect(values).toEqual(expected)
  },
)
