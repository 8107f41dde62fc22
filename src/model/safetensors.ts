import { open, type FileHandle } from 'node:fs/promises'
import { z } from 'zod'
import { replaceFile } from '../data/file.ts'
import { UserError } from '../error.ts'
import { showShape, sizeOf } from '../tensor/shape.ts'
import { readBytes } from './file-bytes.ts'
import { narrowToBrainFloat, widenBrainFloat, widenHalf } from './half-floats.ts'
import { sharedFloats } from './shared-floats.ts'

/** An array of numbers with its shape; row-major, a scalar has the shape []. */
export interface NamedTensor {
  readonly shape: readonly number[]
  readonly values: Float32Array
}

interface TensorEntry {
  readonly dtype: string
  readonly shape: readonly number[]
  /** First byte, and the one after the last, from the start of the file. */
  readonly start: number
  readonly end: number
}

/** A safetensors file opened for reading: its header is in memory, its tensors are read when they are asked for. */
export interface SafetensorsFile {
  readonly path: string
  readonly entries: ReadonlyMap<string, TensorEntry>
  readonly metadata: Readonly<Record<string, string>>
  /** One tensor, widened to 32-bit floats. Throws a UserError where it is not there, too short or no float. */
  read(name: string): Promise<NamedTensor>
  close(): Promise<void>
}

const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(z.int().min(0)),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
})

const bytesOf: Readonly<Record<string, number>> = { F32: 4, F16: 2, BF16: 2 }

/** Longer headers are refused, as the format's own library does. */
const LONGEST_HEADER = 100_000_000

/**
 * Opens a file of the format described at https://github.com/huggingface/safetensors: the header's length as 8 bytes,
 * the header as JSON, the tensors' bytes. Throws a UserError where it is no such file or shorter than its header says.
 */
export async function openSafetensors(path: string): Promise<SafetensorsFile> {
  const handle = await open(path, 'r')
  try {
    const { size } = await handle.stat()
    const { entries, metadata } = await readHeader(handle, path, size)
    return {
      path,
      entries,
      metadata,
      read: name => readTensor(handle, path, name, entries),
      close: () => handle.close(),
    }
  } catch (error) {
    await handle.close()
    throw error
  }
}

async function readHeader(
  handle: FileHandle,
  path: string,
  size: number,
): Promise<Pick<SafetensorsFile, 'entries' | 'metadata'>> {
  const broken = (problem: string): UserError =>
    new UserError(`${path} is not a whole safetensors file: ${problem}.`, 'Fetch or copy it again.')
  if (size < 8) throw broken(`it has ${size} bytes, and its header's length alone takes 8`)
  const length = Number((await readBytes(handle, 0, 8)).readBigUInt64LE())
  if (length > LONGEST_HEADER) throw broken(`its header would be ${length} bytes long`)
  if (8 + length > size) throw broken(`its header ends at byte ${8 + length}, the file at ${size}`)
  const { __metadata__: metadata, ...tensors } = parseHeader(await readBytes(handle, 8, length), broken)
  const entries = new Map<string, TensorEntry>()
  for (const [name, content] of Object.entries(tensors)) {
    const entry = entrySchema.safeParse(content)
    if (!entry.success) throw broken(`its header describes ${name} in an unknown way`)
    const { dtype, shape, data_offsets: offsets } = entry.data
    const [start, end] = [8 + length + offsets[0], 8 + length + offsets[1]]
    if (end > size) throw broken(`${name} ends at byte ${end}, the file at ${size}`)
    entries.set(name, { dtype, shape, start, end })
  }
  return { entries, metadata: z.record(z.string(), z.string()).catch({}).parse(metadata) }
}

function parseHeader(bytes: Buffer, broken: (problem: string) => UserError): Record<string, unknown> {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(bytes.toString('utf8')))
  } catch {
    throw broken('its header is no JSON object')
  }
}

async function readTensor(
  handle: FileHandle,
  path: string,
  name: string,
  entries: ReadonlyMap<string, TensorEntry>,
): Promise<NamedTensor> {
  const entry = entries.get(name)
  if (entry === undefined) {
    throw new UserError(
      `${path} has no tensor ${name}.`,
      `It has ${entries.size}, such as ${[...entries.keys()].slice(0, 3).join(', ')}.`,
    )
  }
  const { dtype, shape, start, end } = entry
  const width = bytesOf[dtype]
  if (width === undefined) {
    throw new UserError(
      `${name} in ${path} has the type ${dtype}, which cannot be read.`,
      `Save the weights as one of ${Object.keys(bytesOf).join(', ')}; quantised ones are not supported.`,
    )
  }
  const size = sizeOf(shape)
  if (end - start !== size * width) {
    throw new UserError(
      `${name} in ${path} has the shape ${showShape(shape)} of ${dtype}, ${size * width} bytes, and ${end - start} are there.`,
      'The file is damaged: fetch or copy it again.',
    )
  }
  const values = sharedFloats(size)
  values.set(widen(dtype, await readBytes(handle, start, size * width)))
  return { shape, values }
}

function widen(dtype: string, bytes: Buffer): Float32Array {
  const { buffer } = bytes
  if (dtype === 'F32') return new Float32Array(buffer)
  return dtype === 'F16' ? widenHalf(new Uint16Array(buffer)) : widenBrainFloat(new Uint16Array(buffer))
}

/**
 * Writes tensors to a safetensors file, whole or not at all, in the order given: `F32` keeps every bit, `BF16` rounds.
 * The same tensors give the same bytes.
 */
export async function writeSafetensors(
  path: string,
  tensors: ReadonlyMap<string, NamedTensor>,
  options: {
    readonly dtype?: 'F32' | 'BF16'
    readonly metadata?: Readonly<Record<string, string>>
    /** Of the file, as chmod takes it. */
    readonly mode?: number
  } = {},
): Promise<void> {
  const { dtype = 'F32', metadata = { format: 'pt' } } = options
  for (const [name, { shape, values }] of tensors) {
    if (values.length !== sizeOf(shape)) {
      throw new RangeError(`${name} has ${values.length} values and the shape ${showShape(shape)}`)
    }
  }
  const shapes = Array.from(tensors, ([name, { shape }]) => [name, shape] as const)
  const header = safetensorsHeader(shapes, dtype, metadata)
  const write = async (temporary: string): Promise<void> => {
    const handle = await open(temporary, 'w')
    try {
      await handle.write(header)
      for (const { values } of tensors.values()) {
        const numbers = dtype === 'F32' ? values : narrowToBrainFloat(values)
        // writeFile goes on from where the last one ended, and writes all of it.
        await handle.writeFile(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength))
      }
    } finally {
      await handle.close()
    }
  }
  await (options.mode === undefined ? replaceFile(path, write) : replaceFile(path, write, options.mode))
}

/** What a file begins with whose tensors follow in this order, of one type: the header's length, and the header. */
export function safetensorsHeader(
  shapes: Iterable<readonly [name: string, shape: readonly number[]]>,
  dtype: 'F32' | 'F16' | 'BF16',
  metadata: Readonly<Record<string, string>>,
): Buffer {
  let offset = 0
  const header: Record<string, unknown> = { __metadata__: metadata }
  for (const [name, shape] of shapes) {
    const end = offset + sizeOf(shape) * bytesOf[dtype]!
    header[name] = { dtype, shape, data_offsets: [offset, end] }
    offset = end
  }
  const text = Buffer.from(JSON.stringify(header))
  // Padded with blanks, so that the tensors start at a multiple of 8.
  const padded = Buffer.concat([text, Buffer.alloc((8 - (text.length % 8)) % 8, ' ')])
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(padded.length))
  return Buffer.concat([length, padded])
}
