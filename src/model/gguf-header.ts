/** A value of a GGUF file's metadata. Numbers of 64 bits are bigints only where they are no safe integers. */
export type GgufValue = string | number | bigint | boolean | readonly GgufValue[]

export interface GgufHeader {
  readonly version: number
  readonly metadata: ReadonlyMap<string, GgufValue>
  readonly tensors: readonly GgufTensorInfo[]
  /** Bytes up to its end. */
  readonly length: number
}

export interface GgufTensorInfo {
  readonly name: string
  /** Row-major, the rows' length last: the other way round than in the file. */
  readonly shape: readonly number[]
  /** The number of its type. */
  readonly type: number
  /** From the start of the tensors' part of the file. */
  readonly offset: number
}

/** The bytes given end before the header does. */
export class GgufHeaderCut extends Error {
  override readonly name = 'GgufHeaderCut'
}

/** The header says something that no GGUF file can say. */
export class GgufHeaderError extends Error {
  override readonly name = 'GgufHeaderError'
}

/** What a header claims to have more of than this is damaged. */
const MOST_ITEMS = 2 ** 28

/**
 * Reads the header of a GGUF file of version 2 or 3, little-endian: its metadata, and where its tensors are
 * (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md). Throws GgufHeaderCut where more bytes are needed, and
 * GgufHeaderError where it is none.
 */
export function parseGgufHeader(bytes: Buffer): GgufHeader {
  const cursor = cursorOf(bytes)
  const magic = cursor.take(4).toString('latin1')
  if (magic !== 'GGUF') throw new GgufHeaderError(`it begins with ${JSON.stringify(magic)} instead of GGUF`)
  const version = cursor.take(4).readUInt32LE()
  if (version > 0xff_ff) throw new GgufHeaderError('it is big-endian, and only little-endian files are read')
  if (version !== 2 && version !== 3) {
    throw new GgufHeaderError(`it has version ${version} of the format, and only 2 and 3 are read`)
  }
  const tensorCount = count(cursor, 'tensors')
  const metadata = new Map<string, GgufValue>()
  for (let left = count(cursor, 'metadata'); left > 0; left--) {
    const key = readString(cursor)
    metadata.set(key, readValue(cursor, cursor.take(4).readUInt32LE(), key))
  }
  const tensors = Array.from({ length: tensorCount }, () => readTensorInfo(cursor))
  return { version, metadata, tensors, length: cursor.place() }
}

interface Cursor {
  /** The next bytes, which are gone past. */
  take(length: number): Buffer
  place(): number
}

function cursorOf(bytes: Buffer): Cursor {
  let place = 0
  return {
    take(length) {
      if (place + length > bytes.length) {
        throw new GgufHeaderCut(`the header goes on after byte ${bytes.length}`)
      }
      return bytes.subarray(place, (place += length))
    },
    place: () => place,
  }
}

function count(cursor: Cursor, of: string): number {
  const value = cursor.take(8).readBigUInt64LE()
  if (value > MOST_ITEMS) throw new GgufHeaderError(`its header promises ${value} of ${of}`)
  return Number(value)
}

function readString(cursor: Cursor): string {
  return cursor.take(count(cursor, "a text's bytes")).toString('utf8')
}

function readTensorInfo(cursor: Cursor): GgufTensorInfo {
  const name = readString(cursor)
  const dimensions = cursor.take(4).readUInt32LE()
  if (dimensions > 4) throw new GgufHeaderError(`${name} has ${dimensions} dimensions`)
  const shape = Array.from({ length: dimensions }, () => count(cursor, `numbers of ${name}`)).toReversed()
  const type = cursor.take(4).readUInt32LE()
  const offset = cursor.take(8).readBigUInt64LE()
  if (offset > Number.MAX_SAFE_INTEGER) throw new GgufHeaderError(`${name} begins at byte ${offset}`)
  return { name, shape, type, offset: Number(offset) }
}

const ARRAY = 9

const readers: Readonly<Record<number, (cursor: Cursor) => GgufValue>> = {
  0: cursor => cursor.take(1).readUInt8(),
  1: cursor => cursor.take(1).readInt8(),
  2: cursor => cursor.take(2).readUInt16LE(),
  3: cursor => cursor.take(2).readInt16LE(),
  4: cursor => cursor.take(4).readUInt32LE(),
  5: cursor => cursor.take(4).readInt32LE(),
  6: cursor => cursor.take(4).readFloatLE(),
  7: cursor => cursor.take(1).readUInt8() !== 0,
  8: readString,
  10: cursor => safe(cursor.take(8).readBigUInt64LE()),
  11: cursor => safe(cursor.take(8).readBigInt64LE()),
  12: cursor => cursor.take(8).readDoubleLE(),
}

function readValue(cursor: Cursor, type: number, key: string): GgufValue {
  if (type === ARRAY) {
    const inner = cursor.take(4).readUInt32LE()
    return Array.from({ length: count(cursor, key) }, () => readValue(cursor, inner, key))
  }
  const reader = readers[type]
  if (reader === undefined) throw new GgufHeaderError(`${key} has a value of the unknown kind ${type}`)
  return reader(cursor)
}

function safe(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}
