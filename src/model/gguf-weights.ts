import { UserError } from '../error.ts'
import { showShape, type Shape } from '../tensor/shape.ts'
import type { DecoderConfig } from './decoder-config.ts'
import type { GgufFile } from './gguf.ts'
import { architectureOf } from './gguf-config.ts'
import { sharedFloats } from './shared-floats.ts'

/** llama.cpp's names for the parts of a layer. */
const parts: Readonly<Record<string, string>> = {
  input_layernorm: 'attn_norm',
  'self_attn.q_proj': 'attn_q',
  'self_attn.k_proj': 'attn_k',
  'self_attn.v_proj': 'attn_v',
  'self_attn.o_proj': 'attn_output',
  'self_attn.q_norm': 'attn_q_norm',
  'self_attn.k_norm': 'attn_k_norm',
  post_attention_layernorm: 'ffn_norm',
  'mlp.gate_proj': 'ffn_gate',
  'mlp.up_proj': 'ffn_up',
  'mlp.down_proj': 'ffn_down',
}

const others: Readonly<Record<string, string>> = {
  'model.embed_tokens.weight': 'token_embd.weight',
  'model.norm.weight': 'output_norm.weight',
  'lm_head.weight': 'output.weight',
}

/** One weight in a GGUF file, in 32-bit floats. Throws a UserError where it is missing, unreadable or of another shape. */
export async function ggufWeight(
  file: GgufFile,
  config: DecoderConfig,
  { name, shape }: { readonly name: string; readonly shape: Shape },
): Promise<Float32Array> {
  const values = await readWeight(file, ggufName(name), shape)
  const heads = architectureOf(file) === 'llama' ? turningHeads(config, name) : null
  return heads === null ? values : halvesApart(values, shape, heads)
}

/**
 * The numbers of a weight in the order in which llama.cpp has them for its architecture `llama`: the opposite of what
 * `ggufWeight` does. Those given where nothing turns.
 */
export function inGgufOrder(
  config: DecoderConfig,
  { name, shape }: { readonly name: string; readonly shape: Shape },
  values: Float32Array,
): Float32Array {
  const heads = turningHeads(config, name)
  return heads === null ? values : moveRows(values, { shape, heads, to: 'pairs' })
}

async function readWeight(file: GgufFile, name: string, shape: Shape): Promise<Float32Array> {
  const tensor = await file.read(name)
  if (showShape(tensor.shape) === showShape(shape)) return tensor.values
  throw new UserError(
    `${name} in ${file.path} has the shape ${showShape(tensor.shape)}, and its metadata make it ${showShape(shape)}.`,
    'The file is damaged, or of a form that is not supported.',
  )
}

/** llama.cpp's name of a weight. */
export function ggufName(name: string): string {
  const layer = /^model\.layers\.(\d+)\.(.+)\.(weight|bias)$/u.exec(name)
  return layer === null ? others[name]! : `blk.${layer[1]}.${parts[layer[2]!]}.${layer[3]}`
}

/** How many heads the rows of this weight are, where it gives what turns with the position. */
function turningHeads(config: DecoderConfig, name: string): number | null {
  if (/\.q_proj\.(?:weight|bias)$/u.test(name)) return config.heads
  return /\.k_proj\.(?:weight|bias)$/u.test(name) ? config.keyValueHeads : null
}

/**
 * For its Llamas llama.cpp turns neighbouring numbers of a head together, and has the rows of queries and keys in that
 * order. Here the pairs are half a head apart, as in transformers: row 2i + s of a head becomes s·width/2 + i.
 */
function halvesApart(values: Float32Array, shape: Shape, heads: number): Float32Array {
  return moveRows(values, { shape, heads, to: 'halves' })
}

/** A copy with each head's rows in the other order. */
function moveRows(
  values: Float32Array,
  { shape, heads, to }: { readonly shape: Shape; readonly heads: number; readonly to: 'halves' | 'pairs' },
): Float32Array {
  const rows = shape[0]!
  const columns = values.length / rows
  const width = rows / heads
  const moved = sharedFloats(values.length)
  for (let row = 0; row < rows; row++) {
    const within = row % width
    const apart = row - within + (within % 2) * (width / 2) + Math.floor(within / 2)
    const [source, target] = to === 'halves' ? [row, apart] : [apart, row]
    moved.set(values.subarray(source * columns, (source + 1) * columns), target * columns)
  }
  return moved
}
