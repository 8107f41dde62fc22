import { open, type FileHandle } from 'node:fs/promises'
import { UserError } from '../error.ts'
import { showShape, sizeOf } from '../tensor/shape.ts'
import { readBytes } from './file-bytes.ts'
import {
  GgufHeaderCut,
  GgufHeaderError,
  parseGgufHeader,
  type GgufHeader,
  type GgufTensorInfo,
  type GgufValue,
} from './gguf-header.ts'
import { otherTypes, type QuantisedType, quantisedTypes } from './quantised.ts'
import type { NamedTensor } from './safetensors.ts'
import { sharedFloats } from './shared-floats.ts'

/** A GGUF file opened for reading: its header is in memory, its tensors are read when they are asked for. */
export interface GgufFile {
  readonly path: string
  readonly metadata: ReadonlyMap<string, GgufValue>
  readonly tensors: ReadonlyMap<string, GgufTensorInfo>
  /** One tensor, in 32-bit floats. Throws a UserError where it is not there or of a type that cannot be read. */
  read(name: string): Promise<NamedTensor>
  close(): Promise<void>
}

/** Most headers are shorter: a vocabulary of 100,000 tokens with its merges takes about 6 MB. */
const FIRST_READ = 2 ** 23

/**
 * Opens a GGUF file, the format of llama.cpp. Throws a UserError where it is none, of another version or byte order,
 * one of several parts, or shorter than its header says. Of a file that is still being fetched `promised` is the size
 * that it will have; where its header is not here as a whole, throws GgufHeaderCut.
 */
export async function openGguf(path: string, promised?: number): Promise<GgufFile> {
  const handle = await open(path, 'r')
  try {
    const here = (await handle.stat()).size
    const size = promised ?? here
    const header = await readHeader(handle, path, { here, size })
    const { metadata } = header
    assertWhole(path, metadata)
    const start = roundUp(header.length, alignmentOf(path, metadata))
    const tensors = new Map(header.tensors.map(info => [info.name, info]))
    for (const info of header.tensors) assertInside(path, { info, start, size })
    return {
      path,
      metadata,
      tensors,
      read: name => readTensor(handle, path, { name, tensors, start }),
      close: () => handle.close(),
    }
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** Its length stands nowhere: more is read until it is there as a whole. */
async function readHeader(
  handle: FileHandle,
  path: string,
  { here, size }: { readonly here: number; readonly size: number },
): Promise<GgufHeader> {
  for (let length = Math.min(FIRST_READ, here); ; length = Math.min(2 * length, here)) {
    try {
      return parseGgufHeader(await readBytes(handle, 0, length))
    } catch (error) {
      if (error instanceof GgufHeaderError) {
        throw new UserError(
          `${path} is no GGUF file that can be read: ${error.message}.`,
          'Fetch it again, or another form of it.',
        )
      }
      if (!(error instanceof GgufHeaderCut)) throw error
      if (length === here && here < size) throw error
      if (length === here) throw cutOff(path, `its header is longer than its ${size} bytes`)
    }
  }
}

function cutOff(path: string, problem: string): UserError {
  return new UserError(`${path} is not a whole GGUF file: ${problem}.`, 'Fetch or copy it again.')
}

function assertWhole(path: string, metadata: ReadonlyMap<string, GgufValue>): void {
  const parts = metadata.get('split.count')
  if (typeof parts !== 'number' || parts <= 1) return
  throw new UserError(
    `${path} is one of ${parts} parts of a model.`,
    'Put them together with `llama-gguf-split --merge`, of llama.cpp.',
  )
}

function alignmentOf(path: string, metadata: ReadonlyMap<string, GgufValue>): number {
  const alignment = metadata.get('general.alignment') ?? 32
  if (typeof alignment === 'number' && Number.isInteger(alignment) && alignment >= 1) return alignment
  throw new UserError(`${path}: general.alignment is ${String(alignment)}, which is no number of bytes.`)
}

function roundUp(place: number, step: number): number {
  return Math.ceil(place / step) * step
}

/** A tensor of an unknown type is only refused when it is read. */
function assertInside(
  path: string,
  { info, start, size }: { readonly info: GgufTensorInfo; readonly start: number; readonly size: number },
): void {
  const kind = quantisedTypes.get(info.type)
  if (kind === undefined) return
  const end = start + info.offset + (sizeOf(info.shape) / kind.values) * kind.bytes
  if (end > size) throw cutOff(path, `${info.name} ends at byte ${end}, the file at ${size}`)
}

async function readTensor(
  handle: FileHandle,
  path: string,
  file: {
    readonly name: string
    readonly tensors: ReadonlyMap<string, GgufTensorInfo>
    readonly start: number
  },
): Promise<NamedTensor> {
  const { name, tensors, start } = file
  const info = tensors.get(name)
  if (info === undefined) {
    throw new UserError(
      `${path} has no tensor ${name}.`,
      `It has ${tensors.size}, such as ${[...tensors.keys()].slice(0, 3).join(', ')}.`,
    )
  }
  const { shape, offset } = info
  const kind = kindOf(path, info)
  if ((shape.at(-1) ?? 1) % kind.values !== 0) {
    throw new UserError(
      `${name} in ${path} has the shape ${showShape(shape)}, and ${kind.name} takes rows of a multiple of ${kind.values}.`,
      'The file is damaged: fetch or copy it again.',
    )
  }
  const bytes = await readBytes(handle, start + offset, (sizeOf(shape) / kind.values) * kind.bytes)
  const values = sharedFloats(sizeOf(shape))
  kind.dequantise(bytes, values)
  return { shape, values }
}

function kindOf(path: string, { name, type }: GgufTensorInfo): QuantisedType {
  const kind = quantisedTypes.get(type)
  if (kind !== undefined) return kind
  const other = otherTypes[type]
  throw new UserError(
    `${name} in ${path} has ${other === undefined ? `the unknown type ${type}` : `the type ${other}`}, which cannot be read.`,
    `Take the model in one of ${Array.from(quantisedTypes.values(), known => known.name).join(', ')}.`,
  )
}

/** Throws a UserError for a tensor whose type cannot be read, before any is. */
export function assertKnownTypes({ path, tensors }: Pick<GgufFile, 'path' | 'tensors'>): void {
  for (const info of tensors.values()) kindOf(path, info)
}
