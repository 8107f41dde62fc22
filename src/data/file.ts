import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { threadId } from 'node:worker_threads'

/** Readable by its owner alone: for everything that descends from `local` data. */
export const PRIVATE = 0o600
const SHARED = 0o644

let temporaryFiles = 0

/** Writes a file so that others see the old content or the new, never a part. Missing folders are made. */
export async function writeFileAtomic(
  path: string,
  content: string | Uint8Array,
  mode = SHARED,
): Promise<void> {
  await replaceFile(path, temporary => writeFile(temporary, content), mode)
}

/**
 * Gives `write` a temporary file in the same folder, brings it to the disk and renames it to `path`.
 * Where `write` throws, the temporary file is removed and `path` is as it was.
 */
export async function replaceFile(
  path: string,
  write: (temporary: string) => Promise<unknown>,
  mode = SHARED,
): Promise<void> {
  const folder = dirname(path)
  const temporary = join(folder, `.${basename(path)}.${process.pid}-${threadId}-${temporaryFiles++}.tmp`)
  await mkdir(folder, { recursive: true })
  await rm(temporary, { force: true })
  try {
    // Made before it is filled, so that private content is never readable by others, not even for a moment.
    await (await open(temporary, 'wx', mode)).close()
    await write(temporary)
    const written = await open(temporary, 'r+')
    try {
      await written.sync()
    } finally {
      await written.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

/** SHA-256 of a file's content, as 64 hex digits, however large it is. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}
