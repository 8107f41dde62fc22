import { startThread } from '../tensor/worker-session.ts'
import type { DecoderOptions, NewestToken, RememberingDecoder } from './decoder-memory.ts'

/** What the thread is asked, one request at a time. */
export type DecoderRequest =
  | { readonly call: 'open'; readonly options: DecoderOptions }
  | { readonly call: 'makeRoom'; readonly columns: number; readonly isKept: boolean }
  | { readonly call: 'readPrompt'; readonly row: number; readonly prompt: readonly number[] }
  | { readonly call: 'readTokens'; readonly newest: readonly (NewestToken | null)[] }
  | { readonly call: 'close' }

/**
 * Opens a decoder with a memory of so many rows in a thread of its own. When the signal aborts, every call is rejected
 * with its reason at once; the thread ends after the run that it is in.
 */
export async function openDecoder({
  signal,
  ...options
}: DecoderOptions & { readonly signal?: AbortSignal }): Promise<RememberingDecoder> {
  const file = import.meta.url.endsWith('.ts') ? 'decoder-worker.ts' : 'decoder-worker.js'
  const thread = await startThread<DecoderRequest>(new URL(file, import.meta.url), {
    first: { call: 'open', options },
    last: { call: 'close' },
    signal,
  })
  const logitsOf = async (request: DecoderRequest): Promise<Float32Array> =>
    (await thread.ask(request))['logits'] as Float32Array
  return {
    makeRoom: async (columns, isKept) => void (await thread.ask({ call: 'makeRoom', columns, isKept })),
    readPrompt: (row, prompt) => logitsOf({ call: 'readPrompt', row, prompt }),
    readTokens: newest => logitsOf({ call: 'readTokens', newest }),
    close: () => thread.close(),
  }
}
