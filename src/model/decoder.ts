import { silu } from '../tensor/ops/activation.ts'
import { add, mul, sub } from '../tensor/ops/arithmetic.ts'
import { attention, rotate, type RotaryTables } from '../tensor/ops/attention.ts'
import { gather } from '../tensor/ops/gather.ts'
import { broadcast, reshape, transpose } from '../tensor/ops/layout.ts'
import { input } from '../tensor/ops/leaf.ts'
import { linear } from '../tensor/ops/matmul.ts'
import { rmsNorm } from '../tensor/ops/normalise.ts'
import { concat, split } from '../tensor/ops/slice.ts'
import type { Tensor } from '../tensor/tensor.ts'
import type { DecoderConfig } from './decoder-config.ts'
import { weightShapes } from './decoder-weights.ts'

// The decoders of the Llama family, as a graph: Llama and SmolLM2 (Touvron et al. 2023), Mistral (Jiang et al. 2023),
// Qwen2 and Qwen2.5 (biases on queries, keys and values), Qwen3 (norms on queries and keys). Weights keep their
// Hugging Face names, so that a folder's tensors are the inputs of the graph as they are. decoder-graph.ts has the same
// decoder for writing answers, without gradients: what changes in one changes in both.

/** What a decoder reads besides its weights. */
export interface DecoderInputs {
  /** int32 [batch, time]. */
  readonly tokens: Tensor
  /** Of positions that all rows share, each [time, headWidth / 2]; else each [batch, 1, 1, time, headWidth / 2]. */
  readonly rotary: RotaryTables
  /** Added to the scores of attention, 0 or far below it: [batch, 1, 1, time, time]. */
  readonly mask: Tensor
}

/** How the parts of a decoder are made: what adapters change. */
export interface DecoderParts {
  /** The weight or bias of this name. */
  weight(name: string): Tensor
  /** A linear layer of rows, without its bias; `name` is that of its weight without `.weight`. */
  project(x: Tensor, name: string): Tensor
}

/** Every weight an input of the graph under its own name. */
export function plainParts(config: DecoderConfig): DecoderParts {
  const weights = new Map(Array.from(weightShapes(config), ([name, shape]) => [name, input(name, shape)]))
  const weight = (name: string): Tensor => {
    const found = weights.get(name)
    if (found === undefined) throw new RangeError(`a ${config.architecture} decoder has no weight ${name}`)
    return found
  }
  return {
    weight,
    project: (x, name) => linear(x, weight(`${name}.weight`)),
  }
}

/** The states after the last layer and its norm: [batch, time, width]. */
export function decode(config: DecoderConfig, parts: DecoderParts, inputs: DecoderInputs): Tensor {
  return reshape(decodeTokens(config, parts, inputs), [...inputs.tokens.shape, config.width])
}

/**
 * The same as rows, [batch * time, width]; or those of some tokens, [asked, width]. After the attention of the last layer
 * nothing is computed for the others. `asked` are places in the flattened batch, int32 [asked].
 */
export function decodeTokens(
  config: DecoderConfig,
  parts: DecoderParts,
  inputs: DecoderInputs & { readonly asked?: Tensor },
): Tensor {
  let x = gather(parts.weight('model.embed_tokens.weight'), reshape(inputs.tokens, [-1]))
  for (let layer = 0; layer < config.layers; layer++) {
    const name = `model.layers.${layer}`
    const norm = (part: string): Tensor =>
      rmsNorm(x, parts.weight(`${name}.${part}.weight`), config.normEpsilon)
    x = add(x, attend(config, parts, { ...inputs, layer, x: norm('input_layernorm') }))
    if (inputs.asked !== undefined && layer === config.layers - 1) x = gather(x, inputs.asked)
    x = add(x, feedForward(config, parts, { name: `${name}.mlp`, x: norm('post_attention_layernorm') }))
  }
  return rmsNorm(x, parts.weight('model.norm.weight'), config.normEpsilon)
}

/** The matrix that gives the logits, [vocabulary, width]: of states [rows, width] they are `linear(states, head)`. */
export function headOf(config: DecoderConfig, parts: DecoderParts): Tensor {
  return parts.weight(config.tied ? 'model.embed_tokens.weight' : 'lm_head.weight')
}

/** Grouped-query attention (Ainslie et al. 2023): the queries of a group are more rows for the same keys. */
function attend(
  config: DecoderConfig,
  parts: DecoderParts,
  inputs: DecoderInputs & { readonly layer: number; readonly x: Tensor },
): Tensor {
  const { heads, keyValueHeads, headWidth } = config
  const { layer, x, rotary, mask } = inputs
  const name = `model.layers.${layer}.self_attn`
  const [batch, time] = inputs.tokens.shape as readonly [number, number]
  const group = heads / keyValueHeads

  /** [batch, keyValueHeads, group, time, headWidth], normalised where the family does so. */
  const perHead = (part: 'q' | 'k' | 'v', perGroup: number): Tensor => {
    const flat = biased(parts, x, `${name}.${part}_proj`, config.queryKeyValueBias)
    const split = reshape(flat, [batch, time, keyValueHeads, perGroup, headWidth])
    const normal =
      config.queryKeyNorm && part !== 'v'
        ? rmsNorm(split, parts.weight(`${name}.${part}_norm.weight`), config.normEpsilon)
        : split
    return transpose(normal, [0, 2, 3, 1, 4])
  }
  const flat = (perGroup: Tensor, rows: number): Tensor =>
    reshape(perGroup, [batch, keyValueHeads, rows, headWidth])
  const queries = flat(turn(perHead('q', group), rotary), group * time)
  const keys = flat(turn(perHead('k', 1), rotary), time)
  const values = flat(perHead('v', 1), time)
  const ofGroup = reshape(broadcast(mask, [batch, 1, group, time, time]), [batch, 1, group * time, time])
  const mixed = attention(queries, keys, values, ofGroup)
  const perGroup = reshape(mixed, [batch, keyValueHeads, group, time, headWidth])
  const joined = reshape(transpose(perGroup, [0, 3, 1, 2, 4]), [batch * time, heads * headWidth])
  return biased(parts, joined, `${name}.o_proj`, config.outputBias)
}

/** Rotary positions, of the same for all rows or each row's own. `x` [batch, heads, group, time, headWidth]. */
function turn(x: Tensor, rotary: RotaryTables): Tensor {
  if (rotary.cosine.shape.length === 2) return rotate(x, rotary)
  const [first, second] = split(x, -1, 2) as [Tensor, Tensor]
  const { cosine, sine } = rotary
  return concat([sub(mul(first, cosine), mul(second, sine)), add(mul(second, cosine), mul(first, sine))], -1)
}

/** SwiGLU (Shazeer 2020). */
function feedForward(
  config: DecoderConfig,
  parts: DecoderParts,
  { name, x }: { readonly name: string; readonly x: Tensor },
): Tensor {
  const gate = silu(biased(parts, x, `${name}.gate_proj`, config.feedForwardBias))
  const inner = mul(gate, biased(parts, x, `${name}.up_proj`, config.feedForwardBias))
  return biased(parts, inner, `${name}.down_proj`, config.feedForwardBias)
}

function biased(parts: DecoderParts, x: Tensor, name: string, hasBias: boolean): Tensor {
  const product = parts.project(x, name)
  return hasBias ? add(product, parts.weight(`${name}.bias`)) : product
}
