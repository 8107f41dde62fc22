/** The thread behind `openDecoder`: carries out one request after another on a local decoder. */
import type { NamedValues } from '../tensor/session.ts'
import { answerRequests } from '../tensor/answer-requests.ts'
import { openLocalDecoder, type RememberingDecoder } from './decoder-memory.ts'
import type { DecoderRequest } from './decoder-thread.ts'

let decoder: RememberingDecoder | undefined

answerRequests(async (request: DecoderRequest): Promise<NamedValues> => {
  if (request.call === 'open') {
    decoder = await openLocalDecoder(request.options)
    return {}
  }
  if (decoder === undefined) throw new Error('the decoder is not open')
  if (request.call === 'readPrompt') return { logits: await decoder.readPrompt(request.row, request.prompt) }
  if (request.call === 'readTokens') return { logits: await decoder.readTokens(request.newest) }
  if (request.call === 'makeRoom') await decoder.makeRoom(request.columns, request.isKept)
  else await decoder.close()
  return {}
})
