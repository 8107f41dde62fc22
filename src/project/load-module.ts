import { relative } from 'node:path'
import { Worker } from 'node:worker_threads'
import { UserError } from '../error.ts'
import { unreadable } from './module.ts'
import type { ModuleAnswer } from './module-worker.ts'
import { unpackValue } from './packed-value.ts'

/** Milliseconds that a project module may run. */
const mostTime = 30_000
/** Megabytes that it may fill. */
const mostMemory = 1024

/** How long a project module may run, in milliseconds, and what stops it before. */
export interface LoadLimits {
  readonly patience?: number
  readonly signal?: AbortSignal | undefined
}

/**
 * Runs a project module in a thread of its own, since it is a program like any other: it may loop, exit, or never end.
 * Returns what it exports as plain data, and the hashes of the files it was made from. Throws UserError that says what
 * it did instead, or the signal's reason.
 */
export async function loadModule(
  file: string,
  folder: string,
  { patience = mostTime, signal }: LoadLimits,
): Promise<{ input: unknown; moduleHashes: Record<string, string> }> {
  signal?.throwIfAborted()
  const name = relative(folder, file)
  const entry = new URL(
    import.meta.url.endsWith('.ts') ? 'module-worker.ts' : 'module-worker.js',
    import.meta.url,
  )
  const worker = new Worker(entry, {
    workerData: { file, folder },
    // Flags of this process, such as --input-type, may not fit a file.
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: mostMemory },
  })
  let timer: NodeJS.Timeout | undefined
  const { promise, resolve, reject } = Promise.withResolvers<ModuleAnswer>()
  const abort = (): void => reject(signal!.reason as Error)
  worker.on('message', resolve)
  worker.on('error', error => reject(crashed(error, file, folder)))
  worker.on('exit', () => reject(endedEarly(name)))
  signal?.addEventListener('abort', abort)
  timer = setTimeout(() => reject(endless(name, patience)), patience)
  try {
    const answer = await promise
    if ('message' in answer) throw new UserError(answer.message, answer.next)
    return { input: unpackValue(answer.packed), moduleHashes: answer.moduleHashes }
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
    await worker.terminate()
  }
}

function endless(name: string, patience: number): UserError {
  return new UserError(
    `${name} is still running after ${patience / 1000} s: it loops, or waits for something that does not come.`,
    'A project file only says what the project is: take out the loop, or whatever it waits for.',
  )
}

function endedEarly(name: string): UserError {
  return new UserError(
    `${name} ends before it has given its project: it calls process.exit, or awaits something that never comes.`,
    'Take that out of the project file.',
  )
}

function crashed(error: unknown, file: string, folder: string): UserError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code !== 'ERR_WORKER_OUT_OF_MEMORY') return unreadable(error, file, folder)
  return new UserError(
    `${relative(folder, file)} fills more than ${mostMemory} MB of memory when it is read.`,
    'A project file only says what the project is: name data files in `sources` instead of holding data.',
  )
}
