import { UserError } from '../error.ts'
import type { DecoderConfig } from './decoder-config.ts'
import { weightShapes } from './decoder-weights.ts'
import { ggufName, inGgufOrder } from './gguf-weights.ts'
import type { GgufEntries, GgufEntry, GgufTensor } from './gguf-write.ts'
import { rotaryDivisors } from './rotary.ts'

/** How the matrices of a GGUF file are written; what is one row of numbers stays in 32 bits, as llama.cpp wants it. */
export type Quantisation = 'f16' | 'q8_0'

/** LLAMA_FTYPE of llama.h. */
const fileTypes: Readonly<Record<Quantisation, number>> = { f16: 1, q8_0: 7 }

/**
 * The metadata that tell llama.cpp the shape of a decoder. Throws a UserError for positions that it scales in another way
 * than this decoder was trained with.
 */
export function ggufShape(config: DecoderConfig, quantisation: Quantisation): GgufEntries {
  const name = architectureIn(config)
  const own: Readonly<Record<string, GgufEntry>> = {
    vocab_size: count(config.vocabulary),
    block_count: count(config.layers),
    context_length: count(config.context),
    embedding_length: count(config.width),
    feed_forward_length: count(config.feedForward),
    'attention.head_count': count(config.heads),
    'attention.head_count_kv': count(config.keyValueHeads),
    'attention.key_length': count(config.headWidth),
    'attention.value_length': count(config.headWidth),
    'attention.layer_norm_rms_epsilon': { type: 'float32', value: config.normEpsilon },
    'rope.dimension_count': count(config.headWidth),
    'rope.freq_base': { type: 'float32', value: config.rotary.base },
    ...scalingEntries(config),
  }
  return new Map<string, GgufEntry>([
    ['general.architecture', { type: 'string', value: name }],
    ['general.type', { type: 'string', value: 'model' }],
    ['general.file_type', count(fileTypes[quantisation])],
    ['general.quantization_version', count(2)],
    ...Object.entries(own).map(([key, entry]): readonly [string, GgufEntry] => [`${name}.${key}`, entry]),
  ])
}

function count(value: number): GgufEntry {
  return { type: 'uint32', value }
}

/** llama.cpp has no Mistral of its own: it is a Llama there. */
function architectureIn({ architecture }: DecoderConfig): 'llama' | 'qwen2' | 'qwen3' {
  return architecture === 'mistral' ? 'llama' : architecture
}

/** `llama3` is a tensor, and `dynamic` changes nothing within the context that a model was made for. */
function scalingEntries({ rotary }: DecoderConfig): Readonly<Record<string, GgufEntry>> {
  const { scaling, positions } = rotary
  if (scaling.type !== 'linear' && scaling.type !== 'yarn') return {}
  const entries: Readonly<Record<string, GgufEntry>> = {
    'rope.scaling.type': { type: 'string', value: scaling.type },
    'rope.scaling.factor': { type: 'float32', value: scaling.factor },
  }
  if (scaling.type === 'linear') return entries
  const { beta_fast: fast, beta_slow: slow, truncate, attention_factor: factor, mscale } = scaling
  if (fast !== 32 || slow !== 1 || !truncate || factor != null || mscale != null) {
    throw new UserError(
      'The positions of this model are scaled by yarn with settings of its own, which a GGUF file cannot carry here.',
      'Export it as `merged`.',
    )
  }
  const original = scaling.original_max_position_embeddings ?? positions
  return { ...entries, 'rope.scaling.original_context_length': { type: 'uint32', value: original } }
}

/** Every tensor of the file, each read when its turn comes. `read` gives a weight by its Hugging Face name. */
export function ggufTensors(
  config: DecoderConfig,
  quantisation: Quantisation,
  read: (name: string) => Promise<Float32Array>,
): readonly GgufTensor[] {
  const isLlama = architectureIn(config) === 'llama'
  const weights = Array.from(weightShapes(config), ([name, shape]): GgufTensor => {
    const columns = shape.at(-1)!
    const isMatrix = shape.length > 1
    return {
      name: ggufName(name),
      shape,
      // Blocks do not go across rows: what is too narrow for them stays in 16 bits, as in llama.cpp.
      form: !isMatrix ? 'F32' : quantisation === 'q8_0' && columns % 32 === 0 ? 'Q8_0' : 'F16',
      async read() {
        const values = await read(name)
        return isLlama ? inGgufOrder(config, { name, shape }, values) : values
      },
    }
  })
  const divisors = rotaryDivisors(config.rotary)
  if (divisors === null) return weights
  return [
    {
      name: 'rope_freqs.weight',
      shape: [divisors.length],
      form: 'F32',
      read: () => Promise.resolve(divisors),
    },
    ...weights,
  ]
}
