import type { ChatAnswer } from './served-model.ts'

/** What all parts of a completion have in common. */
export interface CompletionHead {
  readonly id: string
  /** Seconds since 1970. */
  readonly created: number
  readonly model: string
}

/** A whole answer, as OpenAI's API gives it. */
export function completion({ id, created, model }: CompletionHead, answer: ChatAnswer): object {
  const message = { role: 'assistant', content: answer.text, refusal: null }
  return {
    id,
    object: 'chat.completion',
    created,
    model,
    choices: [{ index: 0, message, logprobs: null, finish_reason: answer.finish }],
    usage: usageOf(answer),
  }
}

/** A piece of a stream: text, the reason of its end, or, without a choice, the usage figures. */
export function completionChunk(
  { id, created, model }: CompletionHead,
  piece:
    | { readonly text: string; readonly isFirst: boolean }
    | { readonly finish: string }
    | { readonly usage: ChatAnswer },
): object {
  const head = { id, object: 'chat.completion.chunk', created, model }
  if ('usage' in piece) return { ...head, choices: [], usage: usageOf(piece.usage) }
  const isEnd = 'finish' in piece
  const delta = isEnd ? {} : { ...(piece.isFirst && { role: 'assistant' }), content: piece.text }
  const finish = isEnd ? piece.finish : null
  return { ...head, choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }] }
}

function usageOf({ promptTokens, answerTokens }: ChatAnswer): object {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: answerTokens,
    total_tokens: promptTokens + answerTokens,
  }
}
