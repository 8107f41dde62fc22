import { existsSync, statSync } from 'node:fs'
import { readdir, rm, statfs } from 'node:fs/promises'
import path from 'node:path'
import { formatBytes } from '../data/bytes.ts'
import { tryLock } from '../data/lock.ts'
import { UserError } from '../error.ts'

/** Room that is left on the disk beside what is written. */
const MARGIN = 50e6

/** Throws a UserError where the disk of a cache that is there has no room for so many bytes more. */
export async function assertRoom(cache: string, needed: number): Promise<void> {
  const { bavail, bsize } = await statfs(cache)
  const free = bavail * bsize
  if (needed + MARGIN <= free) return
  throw new UserError(
    `There is no room for the model: it takes ${formatBytes(needed)} more, and ${cache} has ${formatBytes(free)}.`,
    'Make room, or set TILTH_CACHE to a folder on a larger disk.',
  )
}

/** What interrupted fetches and copies left, each in a folder of its own. */
export function unfinishedFolder(cache: string): string {
  return path.join(cache, '.unfinished')
}

export async function countUnfinished(cache: string): Promise<number> {
  const folder = unfinishedFolder(cache)
  if (!existsSync(folder)) return 0
  const sizes = (await readdir(folder, { recursive: true })).map(name =>
    statSync(path.join(folder, name), { throwIfNoEntry: false }),
  )
  return sizes.reduce((sum, stats) => sum + (stats?.isFile() ? stats.size : 0), 0)
}

/** Removes them. Throws a UserError where a process is still at work on one. */
export async function removeUnfinished(cache: string): Promise<void> {
  const folder = unfinishedFolder(cache)
  if (!existsSync(folder)) return
  for (const key of await readdir(folder)) {
    const taken = tryLock(lockFile(cache, key))
    if (typeof taken !== 'function') {
      throw new UserError(
        `Process ${taken.process} is fetching or copying a model now.`,
        'Wait for it to end, or stop it with Ctrl-C in its terminal.',
      )
    }
    try {
      await rm(path.join(folder, key), { recursive: true, force: true })
    } finally {
      taken()
    }
  }
}

/** Held by who works on an unfinished folder of this name. */
export function lockFile(cache: string, key: string): string {
  return path.join(cache, '.locks', key)
}
