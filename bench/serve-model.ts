import { createRandom } from '../src/data/random.ts'
import type { DecoderConfig } from '../src/model/decoder-config.ts'
import { randomWeights } from '../src/model/decoder-weights.ts'

/** The sizes of SmolLM2-135M (https://huggingface.co/HuggingFaceTB/SmolLM2-135M/blob/main/config.json). */
export const smallLanguageModel: DecoderConfig = {
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
export const weightsOf = () => randomWeights(smallLanguageModel, createRandom(1, 'weights'))
