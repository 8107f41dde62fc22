import { createRandom } from '../src/data/random.ts'
import type { DecoderConfig } from '../src/model/decoder-config.ts'
import { weightShapes, type Weights } from '../src/model/decoder-weights.ts'
import { sizeOf } from '../src/tensor/shape.ts'

/** The sizes of https://huggingface.co/HuggingFaceTB/SmolLM2-135M/blob/main/config.json */
export const smollm2: DecoderConfig = {
  architecture: 'llama',
  vocabulary: 49_152,
  width: 576,
  layers: 30,
  heads: 9,
  keyValueHeads: 3,
  headWidth: 64,
  feedForward: 1536,
  normEpsilon: 1e-5,
  rotary: { base: 100_000, scaling: { type: 'default' }, width: 64, positions: 8192 },
  context: 8192,
  tied: true,
  queryKeyValueBias: false,
  outputBias: false,
  feedForwardBias: false,
  queryKeyNorm: false,
}

/** Weights of that size, quickly made: the same few normal numbers over and over, in memory that threads share. */
export function anyWeights(config: DecoderConfig): Weights {
  const random = createRandom(1, 'weights')
  const few = Float32Array.from({ length: 4099 }, () => random.normal(0, 0.02))
  return Object.fromEntries(
    Array.from(weightShapes(config), ([name, shape]) => {
      const values = new Float32Array(new SharedArrayBuffer(sizeOf(shape) * 4))
      for (let start = 0; start < values.length; start += few.length)
        values.set(few.subarray(0, values.length - start), start)
      return [name, values]
    }),
  )
}
