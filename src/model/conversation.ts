import type { Example, Message } from '../data/example.ts'
import { UserError } from '../error.ts'
import type { ChatTemplate } from './chat-template.ts'
import type { TextTokenizer } from './tokenizer.ts'

/** What turns messages into tokens: all that a model's tokens depend on. */
export interface ChatFormat {
  readonly tokenizer: TextTokenizer
  readonly template: ChatTemplate
  /** Tokens that end an assistant's turn; generation stops at them. */
  readonly endIds: readonly number[]
  /** Fills batches up; never learned, never read. */
  readonly padId: number
}

/** An example as a model learns it. */
export interface TokenizedExample {
  readonly id: string
  readonly ids: readonly number[]
  /** 1 for each token that is learned: the answers with the token that ends them. As long as `ids`. */
  readonly learned: Uint8Array
  readonly weight: number
}

/** Why an example has no tokens to learn from. */
export interface Untokenizable {
  readonly id: string
  readonly problem: 'no answer' | 'history is rewritten' | 'prompt is no token prefix' | 'template refuses'
}

/** Which of the assistant's turns are learned. */
export type LearnedTurns = 'last' | 'all'

/** The tokens of a prompt, up to where the assistant's answer begins; a last turn of the assistant's is left out. */
export function promptIds(format: ChatFormat, messages: readonly Message[]): readonly number[] {
  const asked = messages.at(-1)?.role === 'assistant' ? messages.slice(0, -1) : messages
  return format.tokenizer.encode(format.template.render(asked, { forAnswer: true }))
}

/**
 * The tokens of a conversation and which of them are learned: those that follow the prompt of each learned turn, up to
 * and with the token that ends the turn. What stands before, the opening of the turn included, is what the model is
 * given when it answers, token by token; where that cannot be so, the reason is given instead.
 */
export function tokenizeExample(
  format: ChatFormat,
  example: Pick<Example, 'id' | 'messages' | 'weight'>,
  turns: LearnedTurns,
): TokenizedExample | Untokenizable {
  const { id, weight } = example
  const last = example.messages.findLastIndex(({ role }) => role === 'assistant')
  if (last === -1) return { id, problem: 'no answer' }
  const render = (count: number, forAnswer: boolean): string =>
    format.template.render(example.messages.slice(0, count), { forAnswer })
  try {
    const text = render(last + 1, false)
    const ids = format.tokenizer.encode(text)
    const learned = new Uint8Array(ids.length)
    for (const [index, { role }] of example.messages.slice(0, last + 1).entries()) {
      if (role !== 'assistant' || (turns === 'last' && index !== last)) continue
      const [asked, answered] = [render(index, true), render(index + 1, false)]
      if (!text.startsWith(asked) || !text.startsWith(answered))
        return { id, problem: 'history is rewritten' }
      const prompt = format.tokenizer.encode(asked)
      if (!prompt.every((token, place) => ids[place] === token))
        return { id, problem: 'prompt is no token prefix' }
      const stop = index === last ? ids.length : format.tokenizer.encode(answered).length
      const end = ids.findIndex((token, place) => place >= prompt.length && format.endIds.includes(token))
      learned.fill(1, prompt.length, end === -1 || end >= stop ? stop : end + 1)
    }
    // What follows the last learned token (a line break after the end's token) teaches nothing and is never read.
    const end = learned.lastIndexOf(1) + 1
    return { id, ids: ids.slice(0, end), learned: learned.slice(0, end), weight }
  } catch (error) {
    if (error instanceof UserError) return { id, problem: 'template refuses' }
    throw error
  }
}

/** The example cut down to its first `limit` tokens. */
export function truncateExample(example: TokenizedExample, limit: number): TokenizedExample {
  if (example.ids.length <= limit) return example
  return { ...example, ids: example.ids.slice(0, limit), learned: example.learned.slice(0, limit) }
}
