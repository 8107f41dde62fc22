import type { Random } from '../data/random.ts'
import { type Shape, sizeOf } from '../tensor/shape.ts'
import type { DecoderConfig } from './decoder-config.ts'
import { openWeights } from './weights.ts'

/** A model's parameters by their Hugging Face names, row-major, in the shapes that `weightShapes` gives. */
export type Weights = Readonly<Record<string, Float32Array>>

/** The name and shape of every parameter of a decoder. Those of layers are [outputs, inputs]. */
export function weightShapes(config: DecoderConfig): ReadonlyMap<string, Shape> {
  const { width, headWidth, feedForward } = config
  const [queries, keys] = [config.heads * headWidth, config.keyValueHeads * headWidth]
  const shapes = new Map<string, Shape>([['model.embed_tokens.weight', [config.vocabulary, width]]])
  const linear = (name: string, outputs: number, inputs: number, biased: boolean): void => {
    shapes.set(`${name}.weight`, [outputs, inputs])
    if (biased) shapes.set(`${name}.bias`, [outputs])
  }
  for (let index = 0; index < config.layers; index++) {
    const layer = `model.layers.${index}`
    shapes.set(`${layer}.input_layernorm.weight`, [width])
    linear(`${layer}.self_attn.q_proj`, queries, width, config.queryKeyValueBias)
    linear(`${layer}.self_attn.k_proj`, keys, width, config.queryKeyValueBias)
    linear(`${layer}.self_attn.v_proj`, keys, width, config.queryKeyValueBias)
    linear(`${layer}.self_attn.o_proj`, width, queries, config.outputBias)
    if (config.queryKeyNorm) {
      shapes.set(`${layer}.self_attn.q_norm.weight`, [headWidth])
      shapes.set(`${layer}.self_attn.k_norm.weight`, [headWidth])
    }
    shapes.set(`${layer}.post_attention_layernorm.weight`, [width])
    linear(`${layer}.mlp.gate_proj`, feedForward, width, config.feedForwardBias)
    linear(`${layer}.mlp.up_proj`, feedForward, width, config.feedForwardBias)
    linear(`${layer}.mlp.down_proj`, width, feedForward, config.feedForwardBias)
  }
  shapes.set('model.norm.weight', [width])
  if (!config.tied) shapes.set('lm_head.weight', [config.vocabulary, width])
  return shapes
}

/**
 * Weights to learn from scratch: normal with deviation 0.02, what writes into the residual stream divided by
 * √(2·layers) (Radford et al. 2019); norms 1 and biases 0.
 */
export function randomWeights(config: DecoderConfig, random: Random): Weights {
  const residual = 0.02 / Math.sqrt(2 * config.layers)
  return Object.fromEntries(
    Array.from(weightShapes(config), ([name, shape]) => {
      const values = new Float32Array(sizeOf(shape))
      if (name.endsWith('norm.weight')) return [name, values.fill(1)]
      if (name.endsWith('.bias')) return [name, values]
      const stream = random.stream(name)
      const deviation = /\.(?:o_proj|down_proj)\./u.test(name) ? residual : 0.02
      return [name, values.map(() => stream.normal(0, deviation))]
    }),
  )
}

/** The weights in a Hugging Face folder. Throws a UserError where one is missing, damaged or of another shape. */
export async function loadWeights(folder: string, config: DecoderConfig): Promise<Weights> {
  const files = await openWeights(folder)
  try {
    const weights: Record<string, Float32Array> = {}
    for (const [name, shape] of weightShapes(config)) weights[name] = await files.read(name, shape)
    return weights
  } finally {
    await files.close()
  }
}
