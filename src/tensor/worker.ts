/** The thread behind `openSession`: carries out one request after another on a local session. */
import { parentPort, workerData } from 'node:worker_threads'
import { type NamedValues, openLocalSession, type Session } from './session.ts'
import type { Reply, Request } from './worker-session.ts'
import { UserError } from '../error.ts'

const { isBusy } = workerData as { readonly isBusy: Int32Array }
let session: Session | undefined

parentPort!.on('message', async (request: Request) => {
  const reply = await answer(request)
  Atomics.store(isBusy, 0, 0)
  Atomics.notify(isBusy, 0)
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort!.postMessage(reply)
})

async function answer(request: Request): Promise<Reply> {
  try {
    return { values: await perform(request) }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { error: { message, next: error instanceof UserError ? error.next : undefined } }
  }
}

async function perform(request: Request): Promise<NamedValues> {
  if (request.call === 'open') {
    session = await openLocalSession(request.options)
    return {}
  }
  if (session === undefined) throw new Error('the session is not open')
  if (request.call === 'run') return session.run(request.program, request.feeds, request.places)
  if (request.call === 'read') return session.read(request.names)
  if (request.call === 'write') await session.write(request.state)
  else if (request.call === 'load') await session.load(request.name, request.program)
  else await session.close()
  return {}
}
