import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { UserError } from '../error.ts'

interface Holder {
  readonly process: number
  /** Start time of that process where the system tells it, so that a recycled process id is not taken for the holder. */
  readonly started: string | null
}

/**
 * Takes the folder's lock, or throws UserError naming the process that holds it. A lock whose holder is gone
 * (killed, power cut) is taken over. Returns the function that gives it back.
 */
export function takeLock(folder: string): () => void {
  const taken = tryLock(path.join(folder, 'lock'))
  if (typeof taken === 'function') return taken
  throw new UserError(
    `another run (process ${taken.process}) is working in ${path.dirname(folder)}`,
    'Wait for it to end, or stop it with Ctrl-C in its terminal.',
  )
}

/**
 * Takes a lock that is this file, as `takeLock` does: the function that gives it back, or who holds it. Folders are
 * made. Throws a UserError where it can neither be taken nor is it held.
 */
export function tryLock(file: string): (() => void) | { readonly process: number } {
  mkdirSync(path.dirname(file), { recursive: true })
  const mine: Holder = { process: process.pid, started: startOf(process.pid) }
  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      placeWhole(file, JSON.stringify(mine))
      return () => {
        rmSync(file, { force: true })
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const holder = readHolder(file)
    if (holder !== null && isAlive(holder)) return { process: holder.process }
    // Renaming is atomic: of two processes that find the same stale lock, one takes it away.
    const stale = `${file}.stale-${process.pid}`
    try {
      renameSync(file, stale)
      rmSync(stale, { force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
  throw new UserError(`cannot take the lock ${file}`, 'Remove it if no other run is working in this folder.')
}

/**
 * Makes a file with its content, whole from the first moment: another process never sees it empty, which would look like
 * a lock that a killed one left. Throws EEXIST where there is one.
 */
function placeWhole(file: string, content: string): void {
  const temporary = `${file}.new-${process.pid}`
  writeFileSync(temporary, content)
  try {
    linkSync(temporary, file)
  } catch (error) {
    // Some file systems have no links; there, the moment between making and filling remains.
    if (!['EPERM', 'ENOTSUP', 'ENOSYS', 'EOPNOTSUPP'].includes(String((error as NodeJS.ErrnoException).code)))
      throw error
    writeFileSync(file, content, { flag: 'wx' })
  } finally {
    rmSync(temporary, { force: true })
  }
}

function readHolder(file: string): Holder | null {
  if (!existsSync(file)) return null
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder
  } catch {
    return null
  }
}

function isAlive(holder: Holder): boolean {
  try {
    process.kill(holder.process, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  const started = startOf(holder.process)
  return holder.started === null || started === null || started === holder.started
}

/** Field 22 of /proc/<id>/stat (proc(5)): clock ticks between boot and the start of the process. */
function startOf(id: number): string | null {
  try {
    const stat = readFileSync(`/proc/${id}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
  } catch {
    return null
  }
}
