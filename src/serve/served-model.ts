import type { Message } from '../data/example.ts'
import type { Random } from '../data/random.ts'
import { UserError } from '../error.ts'
import { chatFormat, type Checkpoint } from '../model/checkpoint.ts'
import type { TokenChoice } from '../model/choose-token.ts'
import { languageConstraint, tokenTree, type Constraint, type TokenTree } from '../model/constraint.ts'
import { openContinuousBatch } from '../model/continuous-batch.ts'
import type { ChatFormat } from '../model/conversation.ts'
import { jsonGrammar } from '../model/json-grammar.ts'
import { withTimeLimit } from '../model/time-limit.ts'
import { ApiError } from './api-error.ts'
import { writtenText } from './written-text.ts'

/** A conversation that wants an answer. */
export interface AskedChat {
  readonly messages: readonly Message[]
  /** Null: as many as the context has room for. */
  readonly maxTokens: number | null
  readonly choice: TokenChoice
  readonly stop: readonly string[]
  /** A JSON Schema, or null. */
  readonly schema: unknown
  readonly random: Random
  readonly signal?: AbortSignal
  /** Called with each piece of the answer. */
  readonly onText?: (text: string) => void
}

export interface ChatAnswer {
  readonly text: string
  /** `length`: the tokens or the context came to an end before the answer. */
  readonly finish: 'stop' | 'length'
  readonly promptTokens: number
  readonly answerTokens: number
}

/** A model that answers conversations, several at once. */
export interface ServedModel {
  readonly name: string
  /** Most tokens of a prompt and its answer together. */
  readonly context: number
  /** Throws an ApiError for what cannot be answered. */
  answer(asked: AskedChat): Promise<ChatAnswer>
  load(): { readonly active: number; readonly waiting: number }
  close(): Promise<void>
}

/** A tokenizer that takes longer than this for one conversation does not come to an end. */
const ENCODE_LIMIT = 2000

/** Opens a checkpoint in a thread of its own. `rows` conversations are answered at once. */
export async function openServedModel(options: {
  readonly name: string
  readonly checkpoint: Checkpoint
  readonly rows: number
  /** Most tokens of a prompt and its answer; no more than the model was made for are taken. */
  readonly context: number
}): Promise<ServedModel> {
  const { name, checkpoint, rows } = options
  const format = chatFormat(checkpoint.chat, name)
  const context = Math.min(options.context, checkpoint.config.context)
  const config = { ...checkpoint.config, context }
  const { weights } = checkpoint
  const batch = await openContinuousBatch({ config, weights, rows })
  let tree: TokenTree | undefined
  return {
    name,
    context,
    load: batch.load,
    close: batch.close,
    async answer(asked) {
      const { choice, random, signal, stop } = asked
      const prompt = promptOf(format, asked.messages)
      const room = context - prompt.length
      if (room < 1) {
        throw new ApiError(
          400,
          'context_length_exceeded',
          `This server's context is ${context} tokens, and the messages have ${prompt.length}. Shorten them.`,
          'messages',
        )
      }
      const constraint =
        asked.schema === null
          ? undefined
          : schemaConstraint(asked.schema, format, (tree ??= tokenTree(format.tokenizer)))
      let text = ''
      const writing = writtenText(format.tokenizer, stop, piece => {
        text += piece
        asked.onText?.(piece)
      })
      const answered = await batch
        .answer({
          prompt,
          maxTokens: Math.min(asked.maxTokens ?? room, room),
          choice,
          endIds: format.endIds,
          random,
          ...(signal && { signal }),
          ...(constraint && { constraint }),
          onToken: id => writing.add(id),
        })
        .catch((error: unknown) => {
          if (error instanceof RangeError && constraint) throw unmet(error)
          throw error
        })
      if (answered.ended !== 'stopped') writing.finish()
      return {
        text,
        finish: answered.ended === 'length' ? 'length' : 'stop',
        promptTokens: prompt.length,
        answerTokens: answered.ids.length,
      }
    },
  }
}

function promptOf(format: ChatFormat, messages: readonly Message[]): readonly number[] {
  try {
    const text = format.template.render(messages, { forAnswer: true })
    const prompt = withTimeLimit(
      ENCODE_LIMIT,
      () => format.tokenizer.encode(text),
      () => new UserError(`The tokenizer did not come to an end within ${ENCODE_LIMIT / 1000} s.`),
    )
    if (prompt.length > 0) return prompt
  } catch (error) {
    if (error instanceof UserError) throw new ApiError(400, 'template_error', error.message, 'messages')
    throw error
  }
  throw new ApiError(400, 'template_error', 'The chat template makes nothing of these messages.', 'messages')
}

function schemaConstraint(schema: unknown, format: ChatFormat, tree: TokenTree): Constraint {
  const { tokenizer, endIds } = format
  try {
    return languageConstraint(jsonGrammar(schema), { tokenizer, tree, endIds })
  } catch (error) {
    if (error instanceof RangeError) throw unmet(error)
    throw error
  }
}

function unmet(error: RangeError): ApiError {
  return new ApiError(
    400,
    'invalid_json_schema',
    `No answer can keep to this schema: ${error.message}.`,
    'response_format',
  )
}
