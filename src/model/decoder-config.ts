import { z } from 'zod'
import { didYouMean } from '../did-you-mean.ts'
import { UserError } from '../error.ts'
import { rotaryScalingSchema, type Rotary } from './rotary.ts'

/** The shape of a decoder of the Llama family: all that its weights leave open. */
export interface DecoderConfig {
  readonly architecture: Architecture
  /** Rows of the embedding: every token id is below it. */
  readonly vocabulary: number
  /** Numbers of a position's state. */
  readonly width: number
  readonly layers: number
  /** Heads of the queries; a multiple of `keyValueHeads`, which they share in groups. */
  readonly heads: number
  readonly keyValueHeads: number
  readonly headWidth: number
  /** Inner width of the gated layer. */
  readonly feedForward: number
  readonly normEpsilon: number
  readonly rotary: Rotary
  /** Most tokens of a sequence: the positions of the model, or its sliding window where that is shorter. */
  readonly context: number
  /** Whether the head that gives the logits is the embedding. */
  readonly tied: boolean
  readonly queryKeyValueBias: boolean
  readonly outputBias: boolean
  readonly feedForwardBias: boolean
  /** Whether queries and keys are normalised, head by head. */
  readonly queryKeyNorm: boolean
}

export type Architecture = 'llama' | 'mistral' | 'qwen2' | 'qwen3'

const architectures: Readonly<Record<string, Architecture>> = {
  LlamaForCausalLM: 'llama',
  MistralForCausalLM: 'mistral',
  Qwen2ForCausalLM: 'qwen2',
  Qwen3ForCausalLM: 'qwen3',
}

const count = z.int().min(1)

const fileSchema = z.object({
  architectures: z.array(z.string()).min(1).optional(),
  model_type: z.string().optional(),
  vocab_size: count,
  hidden_size: count,
  num_hidden_layers: count,
  num_attention_heads: count,
  num_key_value_heads: count.nullish(),
  head_dim: count.nullish(),
  intermediate_size: count,
  hidden_act: z.string().default('silu'),
  max_position_embeddings: count,
  rms_norm_eps: z.number().positive().default(1e-6),
  tie_word_embeddings: z.boolean().default(false),
  attention_bias: z.boolean().default(false),
  mlp_bias: z.boolean().default(false),
  sliding_window: count.nullish(),
  use_sliding_window: z.boolean().default(false),
  rope_theta: z.number().positive().nullish(),
  rope_scaling: z.record(z.string(), z.unknown()).nullish(),
  /** Where transformers 5 writes what rope_theta and rope_scaling held before. */
  rope_parameters: z.record(z.string(), z.unknown()).nullish(),
})

type ConfigFile = z.output<typeof fileSchema>

/**
 * Reads what a config.json holds. `place` names the file in messages. Throws a UserError for an architecture that is
 * not supported, a value that is missing or of the wrong type, and sizes that do not fit one another.
 */
export function parseDecoderConfig(content: unknown, place: string): DecoderConfig {
  const architecture = architectureOf(content, place)
  const parsed = fileSchema.safeParse(content)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    throw new UserError(`${place}: ${issue.path.join('.')}: ${issue.message}.`, 'Fetch the file again.')
  }
  const file = parsed.data
  const heads = file.num_attention_heads
  const keyValueHeads = file.num_key_value_heads ?? heads
  const headWidth = file.head_dim ?? (architecture === 'qwen3' ? 128 : file.hidden_size / heads)
  const wrong = (problem: string): UserError => new UserError(`${place}: ${problem}.`)
  if (file.hidden_act !== 'silu') throw wrong(`hidden_act is ${file.hidden_act}, and only silu is supported`)
  if (!Number.isInteger(headWidth))
    throw wrong(`hidden_size ${file.hidden_size} is no multiple of ${heads} heads`)
  if (headWidth % 2 !== 0) throw wrong(`rotary positions need an even head_dim, and it is ${headWidth}`)
  if (heads % keyValueHeads !== 0)
    throw wrong(`${heads} heads cannot share ${keyValueHeads} key and value heads`)
  const window =
    architecture === 'mistral' || file.use_sliding_window ? (file.sliding_window ?? Infinity) : Infinity
  const biased = architecture !== 'mistral' && file.attention_bias
  return {
    architecture,
    vocabulary: file.vocab_size,
    width: file.hidden_size,
    layers: file.num_hidden_layers,
    heads,
    keyValueHeads,
    headWidth,
    feedForward: file.intermediate_size,
    normEpsilon: file.rms_norm_eps,
    rotary: rotaryOf(file, headWidth, place),
    context: Math.min(file.max_position_embeddings, window),
    tied: file.tie_word_embeddings,
    queryKeyValueBias: architecture === 'qwen2' || biased,
    outputBias: architecture !== 'qwen2' && biased,
    feedForwardBias: architecture === 'llama' && file.mlp_bias,
    queryKeyNorm: architecture === 'qwen3',
  }
}

function architectureOf(content: unknown, place: string): Architecture {
  const named = z
    .object({ architectures: z.array(z.string()).optional(), model_type: z.string().optional() })
    .safeParse(content)
  if (!named.success) throw new UserError(`${place} is no configuration of a model.`)
  const name = named.data.architectures?.[0]
  const known = Object.keys(architectures)
  const type = Object.values(architectures).find(architecture => architecture === named.data.model_type)
  const architecture = name === undefined ? type : architectures[name]
  if (architecture !== undefined) return architecture
  const shown = name ?? named.data.model_type
  throw new UserError(
    shown === undefined
      ? `${place} names no architecture.`
      : `${place}: the architecture ${shown} is not supported.${didYouMean(shown, known)}`,
    `Supported are ${known.join(', ')}.`,
  )
}

function rotaryOf(file: ConfigFile, width: number, place: string): Rotary {
  const scaling: Record<string, unknown> = { ...file.rope_scaling, ...file.rope_parameters }
  const theta = scaling['rope_theta'] ?? file.rope_theta
  const type = scaling['rope_type'] ?? scaling['type'] ?? 'default'
  const parsed = rotaryScalingSchema.safeParse({ ...scaling, type })
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    throw new UserError(
      `${place}: rotary scaling ${String(type)}: ${[issue.path.join('.'), issue.message].join(': ')}.`,
      'Supported are default, linear, dynamic, llama3 and yarn.',
    )
  }
  const partial = scaling['partial_rotary_factor'] ?? 1
  if (partial !== 1)
    throw new UserError(`${place}: partial_rotary_factor ${String(partial)} is not supported.`)
  return {
    base: typeof theta === 'number' ? theta : 10_000,
    scaling: parsed.data,
    width,
    positions: file.max_position_embeddings,
  }
}

/** The content of a config.json that describes the same decoder, as transformers reads it. */
export function configFile(
  config: DecoderConfig,
  endIds: readonly number[],
  dtype = 'float32',
): Readonly<Record<string, unknown>> {
  const { architecture, rotary } = config
  const { type, ...scaling } = rotary.scaling
  return {
    architectures: [Object.keys(architectures).find(name => architectures[name] === architecture)],
    model_type: architecture,
    vocab_size: config.vocabulary,
    hidden_size: config.width,
    num_hidden_layers: config.layers,
    num_attention_heads: config.heads,
    num_key_value_heads: config.keyValueHeads,
    head_dim: config.headWidth,
    intermediate_size: config.feedForward,
    hidden_act: 'silu',
    max_position_embeddings: rotary.positions,
    rms_norm_eps: config.normEpsilon,
    tie_word_embeddings: config.tied,
    attention_bias: architecture === 'qwen2' ? undefined : config.queryKeyValueBias,
    mlp_bias: architecture === 'llama' ? config.feedForwardBias : undefined,
    sliding_window: config.context < rotary.positions ? config.context : null,
    use_sliding_window: config.context < rotary.positions && architecture !== 'mistral' ? true : undefined,
    rope_theta: rotary.base,
    rope_scaling: type === 'default' ? null : { rope_type: type, ...scaling },
    eos_token_id: endIds.length === 1 ? endIds[0] : endIds,
    dtype,
  }
}
