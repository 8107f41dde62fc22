import type { Shape } from '../tensor/shape.ts'
import { sizeOf } from '../tensor/shape.ts'
import type { GgufValue } from './gguf-header.ts'
import { bytesIn, narrowTensor, type NumberForm } from './narrow.ts'

/** An entry of a file's metadata with the type that it is written in. */
export type GgufEntry =
  | { readonly type: 'uint32' | 'int32' | 'float32'; readonly value: number }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'strings'; readonly value: readonly string[] }
  | { readonly type: 'int32s' | 'float32s'; readonly value: readonly number[] }

export type GgufEntries = ReadonlyMap<string, GgufEntry>

/** A tensor that is read when its turn comes. */
export interface GgufTensor {
  /** llama.cpp's name. */
  readonly name: string
  /** Row-major, the rows' length last. */
  readonly shape: Shape
  readonly form: NumberForm
  read(): Promise<Float32Array>
}

/** The metadata as they are read back. */
export function plainMetadata(entries: GgufEntries): ReadonlyMap<string, GgufValue> {
  return new Map(Array.from(entries, ([key, { value }]) => [key, value]))
}

/** What every tensor's bytes begin at a multiple of, unless a file says otherwise. */
const ALIGNMENT = 32

/** Numbers of ggml.h. */
const forms: Readonly<Record<NumberForm, number>> = { F32: 0, F16: 1, Q8_0: 8, BF16: 30 }

/**
 * The bytes of a GGUF file of version 3 (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md), piece by piece; one
 * tensor at a time is in memory. The same metadata and tensors give the same bytes.
 */
export async function* ggufBytes(
  entries: GgufEntries,
  tensors: readonly GgufTensor[],
): AsyncIterable<Uint8Array> {
  const header = Buffer.concat([
    Buffer.from('GGUF'),
    uint32(3),
    uint64(tensors.length),
    uint64(entries.size),
    ...Array.from(entries, ([key, entry]) => [text(key), ...entryBytes(entry)]).flat(),
    ...tensorInfos(tensors),
  ])
  yield header
  yield filling(header.length)
  for (const { name, form, read } of tensors) {
    const bytes = narrowTensor(form, name, await read())
    yield bytes
    yield filling(bytes.length)
  }
}

function tensorInfos(tensors: readonly GgufTensor[]): readonly Buffer[] {
  let offset = 0
  return tensors.flatMap(({ name, shape, form }) => {
    const start = offset
    const length = bytesIn(form, sizeOf(shape))
    offset = start + length + filling(length).length
    const dimensions = shape.toReversed().map(uint64)
    return [text(name), uint32(shape.length), ...dimensions, uint32(forms[form]), uint64(start)]
  })
}

function filling(length: number): Uint8Array {
  return new Uint8Array((ALIGNMENT - (length % ALIGNMENT)) % ALIGNMENT)
}

function entryBytes(entry: GgufEntry): readonly Buffer[] {
  switch (entry.type) {
    case 'uint32':
      return [uint32(4), uint32(entry.value)]
    case 'int32':
      return [uint32(5), int32(entry.value)]
    case 'float32':
      return [uint32(6), float32(entry.value)]
    case 'bool':
      return [uint32(7), Buffer.of(Number(entry.value))]
    case 'string':
      return [uint32(8), text(entry.value)]
    case 'int32s':
      return [uint32(9), uint32(5), uint64(entry.value.length), ...entry.value.map(int32)]
    case 'float32s':
      return [uint32(9), uint32(6), uint64(entry.value.length), ...entry.value.map(float32)]
    case 'strings':
      return [uint32(9), uint32(8), uint64(entry.value.length), ...entry.value.map(text)]
  }
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value)
  return Buffer.concat([uint64(bytes.length), bytes])
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32LE(value)
  return bytes
}

function float32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeFloatLE(value)
  return bytes
}

function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}
