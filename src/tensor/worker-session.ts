import { Worker } from 'node:worker_threads'
import type { Program } from './compile.ts'
import type { NamedValues, Session, SessionOptions } from './session.ts'
import { UserError } from '../error.ts'

/** What the thread is asked, one request at a time. */
export type Request =
  | { readonly call: 'open'; readonly options: Omit<SessionOptions, 'signal'> }
  | {
      readonly call: 'run'
      readonly program: string
      readonly feeds: NamedValues
    }
  | { readonly call: 'load'; readonly name: string; readonly program: Program }
  | { readonly call: 'read'; readonly names: readonly string[] | undefined }
  | { readonly call: 'write'; readonly state: NamedValues }
  | { readonly call: 'close' }

/** What it answers. */
export type Reply =
  | { readonly values: NamedValues }
  | { readonly error: { readonly message: string; readonly next?: string | undefined } }

/**
 * A session in a thread of its own, so that this one stays free while a graph runs.
 * When the signal aborts, every call is rejected with its reason at once; the thread ends after the run that it is in.
 */
export async function openSession({ signal, ...options }: SessionOptions): Promise<Session> {
  const file = import.meta.url.endsWith('.ts') ? 'worker.ts' : 'worker.js'
  const thread = await startThread<Request>(new URL(file, import.meta.url), {
    first: { call: 'open', options },
    last: { call: 'close' },
    signal,
  })
  return {
    run: (program, feeds = {}) => thread.ask({ call: 'run', program, feeds }),
    load: async (name, program) => void (await thread.ask({ call: 'load', name, program })),
    read: names => thread.ask({ call: 'read', names }),
    write: async state => void (await thread.ask({ call: 'write', state })),
    close: () => thread.close(),
  }
}

/** A thread that answers requests. */
export interface Thread<Asked> {
  ask(request: Asked): Promise<NamedValues>
  /** Asks the last request, if the thread still answers, and waits for its end. */
  close(): Promise<void>
}

/** Starts a thread with a script that calls `answerRequests`, and asks it the first request. */
export async function startThread<Asked>(
  script: URL,
  options: { readonly first: Asked; readonly last: Asked; readonly signal: AbortSignal | undefined },
): Promise<Thread<Asked>> {
  const { first, last, signal } = options
  signal?.throwIfAborted()
  const thread = runThread<Asked>(script)
  const abort = (): void => thread.stop(signal!.reason)
  signal?.addEventListener('abort', abort, { once: true })
  try {
    await thread.ask(first)
  } catch (error) {
    signal?.removeEventListener('abort', abort)
    thread.stop(error)
    throw error
  }
  return {
    ask: thread.ask,
    async close() {
      signal?.removeEventListener('abort', abort)
      if (!thread.isStopped()) await thread.ask(last)
      thread.stop(new Error('the session is closed'))
      await thread.ended
    },
  }
}

interface Call<Asked> {
  readonly request: Asked
  resolve(values: NamedValues): void
  reject(error: unknown): void
}

/**
 * The thread and the calls that wait for it. It is only ever ended between two calls: a thread that is terminated
 * inside ONNX Runtime takes the whole process with it. That holds for the end of the process, too, which waits.
 */
function runThread<Asked>(script: URL) {
  const isBusy = new Int32Array(new SharedArrayBuffer(4))
  // Flags of this process, such as --input-type, are not meant for the thread.
  const worker = new Worker(script, { workerData: { isBusy }, execArgv: [] })
  const waiting: Call<Asked>[] = []
  let [current, end]: [Call<Asked> | undefined, { reason: unknown } | undefined] = [undefined, undefined]

  const advance = (): void => {
    if (current !== undefined) return
    if (end !== undefined) return void worker.terminate()
    current = waiting.shift()
    if (current === undefined) return
    Atomics.store(isBusy, 0, 1)
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    worker.postMessage(current.request)
  }
  const stop = (reason: unknown): void => {
    end ??= { reason }
    for (const call of [current, ...waiting.splice(0)]) call?.reject(end.reason)
    advance()
  }
  const waitUntilIdle = (): void => void Atomics.wait(isBusy, 0, 1)

  const ended = new Promise<void>(resolve => {
    worker.on('exit', () => {
      process.off('exit', waitUntilIdle)
      current = undefined
      stop(new Error('the thread of the session ended'))
      resolve()
    })
  })
  process.on('exit', waitUntilIdle)
  worker.on('error', error => {
    Atomics.store(isBusy, 0, 0)
    current?.reject(error)
    current = undefined
    stop(error)
  })
  worker.on('message', (reply: Reply) => {
    if ('values' in reply) current?.resolve(reply.values)
    else current?.reject(errorOf(reply.error))
    current = undefined
    advance()
  })

  return {
    stop,
    ended,
    isStopped: () => end !== undefined,
    ask: (request: Asked): Promise<NamedValues> =>
      new Promise((resolve, reject) => {
        if (end !== undefined) return reject(end.reason)
        waiting.push({ request, resolve, reject })
        advance()
      }),
  }
}

function errorOf({ message, next }: { readonly message: string; readonly next?: string | undefined }): Error {
  return next === undefined ? new Error(message) : new UserError(message, next)
}
