import { parentPort, workerData } from 'node:worker_threads'
import { UserError } from '../error.ts'
import type { NamedValues } from './session.ts'
import type { Reply } from './worker-session.ts'

/** The other side of `startThread`: answers what this thread is asked, one request after another. */
export function answerRequests<Request>(perform: (request: Request) => Promise<NamedValues>): void {
  const { isBusy } = workerData as { readonly isBusy: Int32Array }
  parentPort!.on('message', async (request: Request) => {
    const reply = await answer(perform, request)
    Atomics.store(isBusy, 0, 0)
    Atomics.notify(isBusy, 0)
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    parentPort!.postMessage(reply)
  })
}

async function answer<Request>(
  perform: (request: Request) => Promise<NamedValues>,
  request: Request,
): Promise<Reply> {
  try {
    return { values: await perform(request) }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { error: { message, next: error instanceof UserError ? error.next : undefined } }
  }
}
