import { z } from 'zod'
import type { Message } from '../data/example.ts'
import type { TokenChoice } from '../model/choose-token.ts'
import { ApiError } from './api-error.ts'

/** A chat completion that is asked for. */
export interface ChatRequest {
  readonly model: string
  readonly messages: readonly Message[]
  /** Null: as many as the context has room for. */
  readonly maxTokens: number | null
  readonly choice: TokenChoice
  readonly seed: number | null
  /** Texts that end the answer, and are no part of it. */
  readonly stop: readonly string[]
  /** The JSON Schema that the answer keeps to. */
  readonly schema: unknown
  readonly stream: boolean
  /** Whether a stream ends with the usage figures. */
  readonly streamUsage: boolean
}

const textPart = z.strictObject({ type: z.literal('text'), text: z.string() })

const messageSchema = z.object({
  role: z.enum(['system', 'developer', 'user', 'assistant']),
  content: z.union(
    [z.string(), z.array(textPart).transform(parts => parts.map(part => part.text).join(''))],
    {
      error: 'is neither a text nor a list of parts of type text',
    },
  ),
})

const formatSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text') }),
  z.object({
    type: z.literal('json_schema'),
    json_schema: z.object({ schema: z.record(z.string(), z.unknown()) }),
  }),
])

/** What may be left out may also be null. Parameters that would change nothing here may only be given as that. */
const requestSchema = z.strictObject({
  model: z.string(),
  messages: z.array(messageSchema).min(1),
  max_tokens: z.int().min(1).nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().gt(0).max(1).nullish(),
  seed: z.int().nullish(),
  stop: z.union([z.string().min(1), z.array(z.string().min(1)).max(4)]).nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  response_format: formatSchema.nullish(),
  n: z.literal(1).nullish(),
  frequency_penalty: z.literal(0).nullish(),
  presence_penalty: z.literal(0).nullish(),
  logprobs: z.literal(false).nullish(),
  store: z.literal(false).nullish(),
  user: z.string().nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
})

/** Reads the body of a request for a chat completion. Throws an ApiError that names what is wrong. */
export function readChatRequest(body: unknown): ChatRequest {
  const parsed = requestSchema.safeParse(body)
  if (!parsed.success) throw refusal(parsed.error.issues[0]!)
  const { model, messages, temperature, top_p: topP, stop, response_format: format, ...rest } = parsed.data
  return {
    model,
    messages: messages.map(({ role, content }) => ({
      role: role === 'developer' ? 'system' : role,
      content,
    })),
    maxTokens: rest.max_completion_tokens ?? rest.max_tokens ?? null,
    choice:
      temperature === 0
        ? { kind: 'greedy' }
        : { kind: 'sample', temperature: temperature ?? 1, topP: topP ?? 1 },
    seed: rest.seed ?? null,
    stop: [stop ?? []].flat(),
    schema: format?.type === 'json_schema' ? format.json_schema.schema : null,
    stream: rest.stream ?? false,
    streamUsage: rest.stream_options?.include_usage ?? false,
  }
}

function refusal(issue: z.core.$ZodIssue): ApiError {
  if (issue.code === 'unrecognized_keys') {
    const [name] = issue.keys
    return new ApiError(
      400,
      'unsupported_parameter',
      `This server does not know the parameter ${name}.`,
      name!,
    )
  }
  const param = issue.path.join('.')
  const place = param === '' ? 'The body' : param
  return new ApiError(400, 'invalid_value', `${place}: ${issue.message}.`, param === '' ? null : param)
}
