import { Worker } from 'node:worker_threads'
import type { Program } from './compile.ts'
import type { NamedValues, Session, SessionOptions } from './session.ts'
import { UserError } from '../error.ts'

/** What the thread is asked, and what it answers. */
export type Request =
  | { readonly call: 'open'; readonly options: Omit<SessionOptions, 'signal'> }
  | { readonly call: 'run'; readonly program: string; readonly feeds: NamedValues }
  | { readonly call: 'load'; readonly name: string; readonly program: Program }
  | { readonly call: 'read'; readonly names: readonly string[] | undefined }
  | { readonly call: 'write'; readonly state: NamedValues }
  | { readonly call: 'close' }

export type Reply =
  | { readonly id: number; readonly values: NamedValues }
  | { readonly id: number; readonly error: { readonly message: string; readonly next?: string | undefined } }

interface Pending {
  resolve(values: NamedValues): void
  reject(error: unknown): void
}

/**
 * A session in a thread of its own, so that this one stays free while a graph runs.
 * When the signal aborts, the thread ends after the kernel it is in, and every call is rejected with the reason.
 */
export async function openSession({ signal, ...options }: SessionOptions): Promise<Session> {
  signal?.throwIfAborted()
  const worker = new Worker(
    new URL(import.meta.url.endsWith('.ts') ? 'worker.ts' : 'worker.js', import.meta.url),
  )
  const pending = new Map<number, Pending>()
  let [calls, end] = [0, undefined as unknown]

  const stop = (reason: unknown): void => {
    end ??= reason
    for (const { reject } of pending.values()) reject(end)
    pending.clear()
    void worker.terminate()
  }
  const abort = (): void => stop(signal!.reason)
  signal?.addEventListener('abort', abort, { once: true })
  worker.on('error', stop)
  worker.on('exit', () => stop(new Error('the session is closed')))
  worker.on('message', (reply: Reply) => {
    const call = pending.get(reply.id)
    pending.delete(reply.id)
    if ('values' in reply) call?.resolve(reply.values)
    else call?.reject(errorOf(reply.error))
  })

  const ask = (request: Request): Promise<NamedValues> =>
    new Promise((resolve, reject) => {
      if (end !== undefined) return reject(end)
      const id = calls++
      pending.set(id, { resolve, reject })
      worker.postMessage({ id, request })
    })

  const session: Session = {
    run: (program, feeds = {}) => ask({ call: 'run', program, feeds }),
    load: async (name, program) => void (await ask({ call: 'load', name, program })),
    read: names => ask({ call: 'read', names }),
    write: async state => void (await ask({ call: 'write', state })),
    async close() {
      signal?.removeEventListener('abort', abort)
      if (end === undefined) await ask({ call: 'close' })
      await worker.terminate()
    },
  }
  try {
    await ask({ call: 'open', options })
  } catch (error) {
    stop(error)
    throw error
  }
  return session
}

function errorOf({ message, next }: { readonly message: string; readonly next?: string | undefined }): Error {
  return next === undefined ? new Error(message) : new UserError(message, next)
}
