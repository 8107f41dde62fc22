import { isUtf8 } from 'node:buffer'
import { createReadStream } from 'node:fs'
import { open, readdir, stat } from 'node:fs/promises'
import { basename, dirname, extname } from 'node:path'
import { createGunzip } from 'node:zlib'
import { nearestWord } from '../did-you-mean.ts'
import { UserError } from '../error.ts'
import type { SourceFormat } from './record.ts'

/** A file that is there and looks like what it is read as. */
export interface OpenedFile {
  readonly path: string
  /** What messages call it: its name without the folder. */
  readonly name: string
  readonly format: SourceFormat
  readonly gzip: boolean
}

const formats: Readonly<Record<string, SourceFormat>> = {
  '.csv': 'csv',
  '.tsv': 'tsv',
  '.tab': 'tsv',
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
  '.parquet': 'parquet',
  '.xlsx': 'xlsx',
}

/**
 * Looks at a file before it is read: that it exists, is a file, is not empty, and has the look of its format.
 * Compression is seen by the content, whatever the file is called. Throws `UserError` otherwise.
 */
export async function openSourceFile(path: string, format?: SourceFormat): Promise<OpenedFile> {
  const name = basename(path)
  const head = await readHead(path)
  if (head.length === 0) throw new UserError(`${name} is empty`, 'Give a file with records in it.')
  const gzip = head[0] === 0x1f && head[1] === 0x8b
  if (name.endsWith('.gz') && !gzip) {
    throw new UserError(
      `${name} is called .gz but is not compressed with gzip`,
      'Rename it, or download it again.',
    )
  }
  const decided = format ?? formats[extname(gzip ? name.replace(/\.gz$/, '') : name).toLowerCase()]
  if (decided === undefined) throw unknownFormat(name)
  if (!gzip) checkLook(name, head, decided)
  return { path, name, format: decided, gzip }
}

/** The bytes of a file, decompressed where it is compressed. */
export async function* bytesOf(file: OpenedFile, signal?: AbortSignal): AsyncGenerator<Buffer> {
  const stream = createReadStream(file.path, { highWaterMark: 1 << 20 })
  const gunzip = file.gzip ? createGunzip() : undefined
  if (gunzip !== undefined) {
    stream.on('error', error => gunzip.destroy(error))
    stream.pipe(gunzip)
  }
  let first = true
  try {
    for await (const chunk of (gunzip ?? stream) as AsyncIterable<Buffer>) {
      signal?.throwIfAborted()
      if (first && file.gzip) checkLook(file.name, chunk, file.format)
      first = false
      yield chunk
    }
  } catch (error) {
    throw decompressionProblem(file.name, error) ?? error
  } finally {
    stream.destroy()
    gunzip?.destroy()
  }
  if (first) throw new UserError(`${file.name} is empty once decompressed`, 'Give a file with records in it.')
}

async function readHead(path: string): Promise<Buffer> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
    throw error
  })
  if (found === undefined) throw await missingFile(path)
  if (found.isDirectory()) {
    const names = await readdir(path)
    throw new UserError(
      `${path} is a folder, not a file`,
      names.length > 0
        ? `Name one of its files: ${names.toSorted().slice(0, 5).join(', ')}.`
        : 'It is empty.',
    )
  }
  if (!found.isFile()) {
    throw new UserError(
      `${path} is a device or a pipe, not a file`,
      'Save what it gives to a file first: it is read more than once.',
    )
  }
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EACCES')
      throw new UserError(`${path} may not be read`, 'Give yourself the right to read it.')
    throw error
  })
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4096), 0, 4096, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

async function missingFile(path: string): Promise<UserError> {
  const beside = await readdir(dirname(path)).catch(() => undefined)
  if (beside === undefined)
    return new UserError(`There is no folder ${dirname(path)}`, 'Correct the path of the source.')
  const meant = nearestWord(basename(path), beside)
  return new UserError(
    `There is no file ${path}`,
    meant === undefined ? 'Correct the path of the source.' : `Did you mean ${meant}, which is beside it?`,
  )
}

function unknownFormat(name: string): UserError {
  if (/\.json(\.gz)?$/i.test(name)) {
    return new UserError(
      `${name} is one JSON document, or JSON Lines under another name`,
      'Where each line is one object, set format: jsonl. Otherwise convert it: jq -c ".[]" FILE > COPY.jsonl',
    )
  }
  return new UserError(
    `The format of ${name} does not follow from its name`,
    'Set format to one of csv, tsv, jsonl, parquet, xlsx.',
  )
}

/** Throws where the first bytes show that a file is not what it is read as. */
function checkLook(name: string, head: Buffer, format: SourceFormat): void {
  const look = lookOf(head)
  const wanted = format === 'parquet' || format === 'xlsx' ? format : 'text'
  if (look === wanted) return
  if (look === 'UTF-16 text') {
    throw new UserError(
      `${name} is UTF-16 text`,
      'Save it as UTF-8, for example: iconv -f UTF-16 -t UTF-8 FILE > COPY',
    )
  }
  throw new UserError(
    `${name} is to be read as ${format}, but its first bytes are those of ${look === 'text' ? 'another format' : look}`,
    look === 'parquet' || look === 'xlsx'
      ? `Set format: ${look}.`
      : 'Check that the file is the one you mean, and whole.',
  )
}

function lookOf(head: Buffer): 'parquet' | 'xlsx' | 'UTF-16 text' | 'a binary file' | 'text' {
  if (head.toString('latin1', 0, 4) === 'PAR1') return 'parquet'
  if (head.toString('latin1', 0, 4) === 'PK\u0003\u0004') return 'xlsx'
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) return 'UTF-16 text'
  return isBinary(head) ? 'a binary file' : 'text'
}

/** A stray NUL is a bad record; many of them, or one among bytes that are not UTF-8, are another kind of file. */
function isBinary(head: Buffer): boolean {
  const zeros = head.reduce((count, byte) => count + (byte === 0 ? 1 : 0), 0)
  if (zeros === 0) return false
  // The last character may be cut off: it has four bytes at most.
  const isText = [0, 1, 2, 3].some(cut => isUtf8(head.subarray(0, head.length - cut)))
  return !isText || zeros > head.length / 5
}

function decompressionProblem(name: string, error: unknown): UserError | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'Z_BUF_ERROR') {
    return new UserError(
      `${name} ends in the middle of its compressed data`,
      'Download or copy it again: it is cut off.',
    )
  }
  if (typeof code === 'string' && code.startsWith('Z_')) {
    return new UserError(
      `${name} is damaged: its compressed data cannot be read`,
      'Download or copy it again.',
      {
        cause: error,
      },
    )
  }
  return undefined
}
