import { expect, test } from 'vitest'
import { createContext } from '../context.ts'
import { createRandom } from '../data/random.ts'
import type { TokenizedExample } from './conversation.ts'
import { parseDecoderConfig } from './decoder-config.ts'
import { randomWeights } from './decoder-weights.ts'
import { initialAdapter } from './lora.ts'
import { trainDecoder, type TrainingSettings } from './train-decoder.ts'
import { type TrainingSave, updatesBetweenSaves } from './training-save.ts'

const config = parseDecoderConfig(
  {
    architectures: ['LlamaForCausalLM'],
    vocab_size: 24,
    hidden_size: 16,
    num_hidden_layers: 1,
    num_attention_heads: 2,
    intermediate_size: 24,
    max_position_embeddings: 64,
    tie_word_embeddings: true,
  },
  'test',
)
const weights = randomWeights(config, createRandom(1, 'weights'))
const lora = { rank: 2, alpha: 4, dropout: 0.2, targets: ['q_proj', 'up_proj'] }
const settings: TrainingSettings = {
  epochs: 7,
  batches: { rows: 2, packing: false, buckets: 1 },
  accumulate: 1,
  learningRate: 1e-2,
  warmup: 0.1,
  optimizer: {},
  clip: 1,
}
const examples: readonly TokenizedExample[] = Array.from({ length: 8 }, (_, index) => ({
  id: `row:${index}`,
  ids: [3, 10 + index, 4, 10 + index, 2],
  learned: Uint8Array.from([0, 0, 0, 1, 1]),
  weight: 1,
}))

interface Asked {
  readonly from?: TrainingSave
  readonly dev?: readonly TokenizedExample[]
  readonly settings?: Partial<TrainingSettings>
  readonly base?: typeof weights
}

async function train({ from, dev = [], settings: own = {}, base = weights }: Asked) {
  const saves: TrainingSave[] = []
  const seen: number[] = []
  const result = await trainDecoder(
    {
      config,
      weights: base,
      padId: 0,
      lora: { options: lora, adapter: initialAdapter(config, lora, createRandom(1, 'a')) },
    },
    {
      examples,
      dev,
      settings: { ...settings, ...own },
      context: createContext({ seed: 1, name: 'train', progress: done => seen.push(done) }),
      saves: {
        name: 'a test',
        read: async () => from ?? null,
        write: async save => void saves.push(structuredClone(save)),
      },
    },
  )
  return { result, saves, seen }
}

test('goes on from a save with the update after it, dropout included, to the same bytes', async () => {
  const whole = await train({ dev: examples.slice(0, 2) })
  // 4 updates an epoch, 28 in all: kept once, in the middle of an epoch.
  expect(whole.saves.map(({ taken }) => taken)).toEqual([25])
  const resumed = await train({ dev: examples.slice(0, 2), from: whole.saves[0]! })
  expect(resumed.seen).toEqual([26, 27, 28])
  expect(resumed.result).toEqual(whole.result)
})

test('is kept at most 20 times, and at least 25 updates apart', () => {
  expect([28, 500, 2000].map(updatesBetweenSaves)).toEqual([25, 25, 100])
})

test('stops where the dev loss has not become less, with the weights of its least', async () => {
  // What is asked for is what is never learned, so that the dev loss only rises.
  const dev = examples.map(({ id, ...example }) => ({ ...example, id, ids: [3, 10, 4, 9, 9] }))
  const { result } = await train({ dev, settings: { epochs: 30, patience: 2, learningRate: 0.05 } })
  const losses = result.epochs.map(({ devLoss }) => devLoss!)
  const least = losses.indexOf(Math.min(...losses))
  expect(losses.length).toBe(least + 3)
  expect(losses.length).toBeLessThan(30)
  expect(result.planned).toBe(120)
  expect(result.losses).toHaveLength(losses.length * 4)
})

test('a loss that is no number ends the training and names the batch', async () => {
  const name = 'model.layers.0.mlp.down_proj.weight'
  const base = { ...weights, [name]: weights[name]!.map(() => Number.NaN) }
  await expect(train({ base })).rejects.toMatchObject({
    message: expect.stringMatching(
      /came apart at step 1: the loss is NaN, in epoch 1, in the batch of the examples row:\d, row:\d$/,
    ),
    next: expect.stringContaining('Nothing was kept of this training yet.'),
  })
})
