import { z } from 'zod'
import { didYouMean } from '../did-you-mean.ts'
import { UserError } from '../error.ts'
import { parseDecoderConfig, type DecoderConfig } from './decoder-config.ts'
import type { GgufFile } from './gguf.ts'
import { metadataValue, neededValue } from './gguf-metadata.ts'
import { shortestFloat } from './half-floats.ts'

/** The architectures of llama.cpp that are read, with those of transformers. Its `llama` is Mistral's as well. */
const architectures: Readonly<Record<string, string>> = {
  llama: 'LlamaForCausalLM',
  qwen2: 'Qwen2ForCausalLM',
  qwen3: 'Qwen3ForCausalLM',
}

const count = z.int().min(1)
const real = z.number().positive()

/**
 * The shape of the decoder in a GGUF file. Throws a UserError for another architecture or one with experts, and where
 * sizes are missing or do not fit one another.
 */
export async function ggufConfig(file: GgufFile): Promise<DecoderConfig> {
  const name = architectureOf(file)
  const need = (key: string): number => neededValue(file, `${name}.${key}`, count)
  const heads = need('attention.head_count')
  const width = need('embedding_length')
  const headWidth = metadataValue(file, `${name}.attention.key_length`, count) ?? width / heads
  assertPlain(file, name, headWidth)
  const embedding = file.tensors.get('token_embd.weight')
  if (embedding === undefined)
    throw new UserError(`${file.path} has no weights: token_embd.weight is missing.`)
  const base = shortestFloat(metadataValue(file, `${name}.rope.freq_base`, real) ?? 10_000)
  const content = {
    architectures: [architectures[name]],
    vocab_size: embedding.shape[0],
    hidden_size: width,
    num_hidden_layers: need('block_count'),
    num_attention_heads: heads,
    num_key_value_heads: metadataValue(file, `${name}.attention.head_count_kv`, count),
    head_dim: headWidth,
    intermediate_size: need('feed_forward_length'),
    max_position_embeddings: need('context_length'),
    rms_norm_eps: shortestFloat(neededValue(file, `${name}.attention.layer_norm_rms_epsilon`, real)),
    tie_word_embeddings: !file.tensors.has('output.weight'),
    attention_bias: file.tensors.has('blk.0.attn_q.bias'),
    mlp_bias: file.tensors.has('blk.0.ffn_gate.bias'),
    rope_theta: base,
    rope_scaling: await scalingOf(file, name, { base, headWidth }),
  }
  return parseDecoderConfig(content, file.path)
}

/** The architecture as llama.cpp calls it. */
export function architectureOf(file: GgufFile): string {
  const name = neededValue(file, 'general.architecture', z.string())
  const known = Object.keys(architectures)
  if (known.includes(name)) return name
  throw new UserError(
    `${file.path}: the architecture ${name} is not supported.${didYouMean(name, known)}`,
    `Supported are ${known.join(', ')}.`,
  )
}

function assertPlain(file: GgufFile, name: string, headWidth: number): void {
  const experts = metadataValue(file, `${name}.expert_count`, z.int()) ?? 0
  if (experts > 0) {
    throw new UserError(
      `${file.path} has ${experts} experts in a layer, and mixtures of experts are not supported.`,
    )
  }
  const turned = metadataValue(file, `${name}.rope.dimension_count`, count) ?? headWidth
  const values = metadataValue(file, `${name}.attention.value_length`, count) ?? headWidth
  if (turned !== headWidth || values !== headWidth) {
    throw new UserError(
      `${file.path}: heads of ${headWidth} numbers, of which ${turned} turn with the position and whose values have ${values}, are not supported.`,
      'All three must be the same.',
    )
  }
}

async function scalingOf(
  file: GgufFile,
  name: string,
  rotary: { readonly base: number; readonly headWidth: number },
): Promise<Readonly<Record<string, unknown>> | null> {
  if (file.tensors.has('rope_freqs.weight')) return llamaScaling(file, rotary)
  const type = metadataValue(file, `${name}.rope.scaling.type`, z.string()) ?? 'none'
  if (type === 'none') return null
  const factor = shortestFloat(neededValue(file, `${name}.rope.scaling.factor`, real))
  const original = metadataValue(file, `${name}.rope.scaling.original_context_length`, count)
  return {
    rope_type: type,
    factor,
    ...(original !== undefined && { original_max_position_embeddings: original }),
  }
}

/**
 * llama.cpp keeps the scaling of Llama 3.1 as what each frequency is divided by. Its parameters are read off: the
 * largest divisor is the factor, and a frequency between the two bounds, which are 1 and 4 turns, tells the length that
 * the turns are counted in. Throws a UserError where the divisors are not those that these parameters give.
 */
async function llamaScaling(
  file: GgufFile,
  { base, headWidth }: { readonly base: number; readonly headWidth: number },
): Promise<Readonly<Record<string, unknown>>> {
  const [low, high] = [1, 4]
  const { values } = await file.read('rope_freqs.weight')
  const divisors = [...values]
  const factor = Math.max(...divisors)
  const frequencies = divisors.map((_, index) => base ** ((-2 * index) / headWidth))
  const between = divisors.findIndex(divisor => divisor > 1 && divisor < factor)
  const smooth = (1 / divisors[between]! - 1 / factor) / (1 - 1 / factor)
  const original = Math.round(((low + smooth * (high - low)) * 2 * Math.PI) / frequencies[between]!)
  const isSo = divisors.every((divisor, index) => {
    const turns = (original * frequencies[index]!) / (2 * Math.PI)
    const share = Math.min(1, Math.max(0, (turns - low) / (high - low)))
    return Math.abs(1 / ((1 - share) / factor + share) / divisor - 1) < 1e-3
  })
  if (between === -1 || !isSo) {
    throw new UserError(
      `${file.path}: rope_freqs.weight divides the rotary frequencies in an unknown way.`,
      'Only the scaling of Llama 3.1 is supported.',
    )
  }
  return {
    rope_type: 'llama3',
    factor,
    low_freq_factor: low,
    high_freq_factor: high,
    original_max_position_embeddings: original,
  }
}
