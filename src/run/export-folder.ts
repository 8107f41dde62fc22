import { createHash } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { UserError } from '../error.ts'

/** Bytes that are written at once. */
const block = 1 << 16

/** Name of the file that marks a folder as an export, and is the last to be written. */
export const manifestName = 'manifest.json'

/** A file to be written, in pieces of text or of bytes. A piece of bytes is done with before the next is asked for. */
export interface WrittenFile {
  /** Relative to the folder, with forward slashes. */
  readonly path: string
  readonly content: Iterable<string> | AsyncIterable<Uint8Array>
}

/**
 * Writes an export, whole or not at all: into a folder beside, brought to the disk and renamed. An earlier export under the
 * name is replaced; a folder with anything else in it is refused. `seal` makes the last file of the hashes (SHA-256) of
 * the others. Throws UserError where the disk is full or the folder cannot be written; then nothing is under the name.
 */
export async function writeExportFolder(given: {
  readonly folder: string
  readonly files: readonly WrittenFile[]
  /** Readable by its owner alone. */
  readonly closed: boolean
  readonly signal: AbortSignal
  /** Told how many bytes were written so far, of all files. */
  readonly progress?: (bytes: number) => void
  seal(hashes: Readonly<Record<string, string>>): string
}): Promise<void> {
  const { folder, files, closed, signal, progress = () => {} } = given
  let total = 0
  const onBytes = (bytes: number): void => progress((total += bytes))
  checkReplaceable(folder)
  const making = `${folder}.making-${process.pid}`
  const mode = closed ? { folder: 0o700, file: 0o600 } : { folder: 0o755, file: 0o644 }
  try {
    await removeLeftovers(folder)
    await mkdir(making, { recursive: true, mode: mode.folder })
    const hashes: Record<string, string> = {}
    for (const file of files) {
      const target = path.join(making, file.path)
      await mkdir(path.dirname(target), { recursive: true, mode: mode.folder })
      hashes[file.path] = await writeStream(target, file.content, { mode: mode.file, signal, onBytes })
    }
    await writeStream(path.join(making, manifestName), [given.seal(hashes)], {
      mode: mode.file,
      signal,
      onBytes,
    })
    await replaceFolder(making, folder)
  } catch (error) {
    // What went wrong is told even where the folder beside cannot be removed: the next export tries again.
    await rm(making, { recursive: true, force: true }).catch(() => {})
    throw explain(error, folder)
  }
}

/** Throws UserError for a folder that holds something other than an export. */
function checkReplaceable(folder: string): void {
  if (!existsSync(folder)) return
  let names: readonly string[]
  try {
    names = readdirSync(folder)
  } catch (error) {
    throw explain(error, folder)
  }
  if (names.length === 0 || names.includes(manifestName)) return
  throw new UserError(
    `${folder} is there already and is no export.`,
    'Name another folder with --out, or move that one away.',
  )
}

/** Removes what killed processes left beside the folder. */
async function removeLeftovers(folder: string): Promise<void> {
  const [place, prefix] = [path.dirname(folder), `${path.basename(folder)}.making-`]
  if (!existsSync(place)) return
  for (const name of readdirSync(place)) {
    const left = name.startsWith(prefix) ? Number.parseInt(name.slice(prefix.length), 10) : NaN
    if (Number.isInteger(left) && (left === process.pid || !isAlive(left)))
      await rm(path.join(place, name), { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

async function writeStream(
  target: string,
  content: WrittenFile['content'],
  how: { readonly mode: number; readonly signal: AbortSignal; onBytes(bytes: number): void },
): Promise<string> {
  const hash = createHash('sha256')
  const file = await open(target, 'wx', how.mode)
  try {
    for await (const bytes of inBlocks(content)) {
      how.signal.throwIfAborted()
      hash.update(bytes)
      await file.writeFile(bytes)
      how.onBytes(bytes.length)
    }
    await file.sync()
  } finally {
    await file.close()
  }
  return hash.digest('hex')
}

/** Texts are put together before they are written; bytes come as they are. */
async function* inBlocks(content: WrittenFile['content']): AsyncIterable<Uint8Array> {
  if (Symbol.asyncIterator in content) return yield* content
  let waiting = ''
  for (const piece of content) {
    waiting += piece
    if (waiting.length <= block) continue
    yield Buffer.from(waiting)
    waiting = ''
  }
  yield Buffer.from(waiting)
}

/** Puts a folder under its name; an earlier one is moved aside first and removed after. */
async function replaceFolder(making: string, folder: string): Promise<void> {
  if (!existsSync(folder)) return rename(making, folder)
  const old = `${making}.old`
  await rename(folder, old)
  try {
    await rename(making, folder)
  } catch (error) {
    await rename(old, folder)
    throw error
  }
  await rm(old, { recursive: true, force: true })
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EFBIG: 'a file would be larger than is allowed',
  EACCES: 'the folder may not be written to',
  EPERM: 'the folder may not be written to',
  EROFS: 'the disk is read-only',
  ENOTDIR: 'a part of its path is a file, not a folder',
}

function explain(error: unknown, folder: string): unknown {
  const reason = reasons[(error as NodeJS.ErrnoException).code ?? '']
  if (reason === undefined) return error
  return new UserError(
    `${folder} cannot be written: ${reason}. Nothing of this export was kept.`,
    'Make room, or name another folder with --out.',
    { cause: error },
  )
}
