import { constants, readdirSync, readFileSync, statSync } from 'node:fs'
import { copyFile, mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { hashFile } from '../data/file.ts'
import { hashOf } from '../data/hash.ts'
import { tryLock } from '../data/lock.ts'
import { assertFreeName, type CachedModel, checkModelName, listModels, placeModel } from './cache.ts'
import { assertRoom, lockFile, unfinishedFolder } from './cache-room.ts'
import { describeBase } from './describe.ts'
import type { FetchEvents } from './fetch-model.ts'
import { INDEX, isDescription, SINGLE } from './model-files.ts'

interface AddRequest {
  /** Absolute: a folder or a GGUF file. */
  readonly base: string
  readonly cache: string
  /** Left out, as the folder or the file. */
  readonly name?: string | undefined
  readonly signal: AbortSignal
  readonly events: FetchEvents
  /** Milliseconds since 1970. */
  now(): number
}

/**
 * Copies a model of this machine into the cache, whole or not at all. Returns what is there already of the same bytes.
 * Throws UserError where it cannot be used or its name is taken, or the signal's reason.
 */
export async function addLocalModel(request: AddRequest): Promise<CachedModel> {
  const { base, cache, signal, events } = request
  const name =
    request.name ??
    path
      .basename(base)
      .replace(/\.gguf$/i, '')
      .replaceAll(/[^\w.-]/g, '-')
  checkModelName(name)
  const description = await describeBase(base)
  const files = await Promise.all(
    filesOf(base).map(async file => ({
      name: path.basename(file),
      bytes: statSync(file).size,
      sha256: await hashFile(file),
    })),
  )
  const contents = contentOf(files)
  const there = listModels(cache).find(model => contentOf(model.files) === contents)
  if (there !== undefined) return there
  assertFreeName(cache, name)
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0)
  const key = `copy-${process.pid}`
  const folder = path.join(unfinishedFolder(cache), key)
  const release = tryLock(lockFile(cache, key))
  await mkdir(folder, { recursive: true })
  try {
    await assertRoom(cache, total)
    let done = 0
    for (const file of files) {
      signal.throwIfAborted()
      events.fetching(done, total)
      const source = statSync(base).isFile() ? base : path.join(base, file.name)
      await copyFile(source, path.join(folder, file.name), constants.COPYFILE_FICLONE)
      done += file.bytes
    }
    const record = {
      version: 1,
      source: { kind: 'path', path: base },
      added: new Date(request.now()).toISOString(),
      ...description,
      files,
    } as const
    return await placeModel(cache, { folder, record, names: [name] })
  } finally {
    await rm(folder, { recursive: true, force: true })
    if (typeof release === 'function') release()
  }
}

/** Follows from the names and bytes of files, whatever their order. */
function contentOf(files: CachedModel['files']): string {
  return hashOf(Object.fromEntries(files.map(({ name, sha256 }) => [name, sha256])))
}

const indexSchema = z.object({ weight_map: z.record(z.string(), z.string()) })

/** What a model that can be read is read from, with its card. */
function filesOf(base: string): readonly string[] {
  if (statSync(base).isFile()) return [base]
  const names = readdirSync(base)
  const weights = names.includes(INDEX)
    ? Object.values(indexSchema.parse(JSON.parse(readFileSync(path.join(base, INDEX), 'utf8'))).weight_map)
    : [SINGLE]
  return [...names.filter(isDescription).toSorted(), ...new Set(weights)].map(name => path.join(base, name))
}
