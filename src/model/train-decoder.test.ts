import { expect, test } from 'vitest'
import { createContext } from '../context.ts'
import { createRandom } from '../data/random.ts'
import { compile } from '../tensor/compile.ts'
import { openLocalSession } from '../tensor/session.ts'
import type { TokenizedExample } from './conversation.ts'
import { parseDecoderConfig } from './decoder-config.ts'
import { decoderLoss, lossFeeds } from './decoder-loss.ts'
import { randomWeights } from './decoder-weights.ts'
import { plainParts } from './decoder.ts'
import { adapterShapes, initialAdapter } from './lora.ts'
import { trainDecoder, type TrainingSettings } from './train-decoder.ts'
import type { TrainingBatch } from './training-batches.ts'

const config = parseDecoderConfig(
  {
    architectures: ['LlamaForCausalLM'],
    vocab_size: 24,
    hidden_size: 16,
    num_hidden_layers: 1,
    num_attention_heads: 2,
    num_key_value_heads: 1,
    intermediate_size: 24,
    max_position_embeddings: 64,
    tie_word_embeddings: true,
  },
  'test',
)
const weights = randomWeights(config, createRandom(1, 'weights'))
const context = (seed = 1) => createContext({ seed, name: 'train' })
const settings: TrainingSettings = {
  epochs: 30,
  batches: { rows: 4, packing: false, buckets: 2 },
  accumulate: 1,
  learningRate: 1e-2,
  warmup: 0.1,
  optimizer: {},
  clip: 1,
}

/** The answer repeats the only token of the question that is not the filler 5, then comes the end, 2. */
function copying(token: number, length: number): TokenizedExample {
  const ids = [3, ...Array<number>(length).fill(5), token, 4, token, 2]
  return {
    id: `${token}/${length}`,
    ids,
    learned: Uint8Array.from(ids, (_, place) => Number(place >= ids.length - 2)),
    weight: 1,
  }
}

const examples = [1, 4, 9].flatMap(length => [10, 11, 12, 13, 14, 15].map(token => copying(token, length)))
const dev = [10, 13, 15].map(token => copying(token, 6))

test('learns to copy, which the dev examples confirm, and tells after each epoch', async () => {
  const told: number[] = []
  const result = await trainDecoder(
    { config, weights, padId: 0 },
    { examples, dev, settings, context: context(), onEpoch: ({ epoch }) => void told.push(epoch) },
  )
  expect(told).toEqual(Array.from({ length: 30 }, (_, index) => index + 1))
  // At the beginning every token is as likely: ln 24 = 3.18 nats.
  expect(result.epochs[0]!.trainLoss).toBeGreaterThan(2.5)
  expect(Math.min(...result.epochs.map(({ devLoss }) => devLoss!))).toBeLessThan(0.5)
  expect(Object.keys(result.learned).toSorted()).toEqual(Object.keys(weights).toSorted())
})

test('the same seed gives the same bytes', async () => {
  const short = { ...settings, epochs: 2 }
  const train = async (seed: number) =>
    (
      await trainDecoder(
        { config, weights, padId: 0 },
        { examples, dev: [], settings: short, context: context(seed) },
      )
    ).learned
  const first = await train(1)
  expect(await train(1)).toEqual(first)
  expect(await train(2)).not.toEqual(first)
})

test('an adapter with dropout learns too, and the weights beside it stay', async () => {
  const options = {
    rank: 4,
    alpha: 8,
    dropout: 0.1,
    targets: ['q_proj', 'v_proj', 'o_proj', 'up_proj', 'down_proj'],
  }
  const adapter = initialAdapter(config, options, createRandom(1, 'adapter'))
  // Embeddings long enough for logits that tell tokens apart: the adapter cannot make them longer.
  const embedding = weights['model.embed_tokens.weight']!.map(value => value * 20)
  const base = { ...weights, 'model.embed_tokens.weight': embedding }
  const before = structuredClone(base)
  const result = await trainDecoder(
    { config, weights: base, padId: 0, lora: { options, adapter } },
    { examples, dev: [], settings: { ...settings, epochs: 12 }, context: context() },
  )
  expect(Object.keys(result.learned).toSorted()).toEqual(
    [...adapterShapes(config, options).keys()].toSorted(),
  )
  expect(base).toEqual(before)
  expect(result.epochs.at(-1)!.trainLoss).toBeLessThan(result.epochs[0]!.trainLoss - 1)
})

test('accumulated batches make the update that one large batch makes', async () => {
  const same = examples.slice(0, 8).map((example, index) => ({ ...example, weight: 1 + (index % 3) }))
  const train = async (rows: number, accumulate: number) => {
    const batches = { rows, packing: false, buckets: 1 }
    const taken = { ...settings, epochs: 1, batches, accumulate }
    return trainDecoder(
      { config, weights, padId: 0 },
      { examples: same, dev: [], settings: taken, context: context() },
    )
  }
  const [one, four] = [await train(8, 1), await train(2, 4)]
  for (const [name, values] of Object.entries(one.learned)) {
    const errors = Array.from(values, (value, index) => Math.abs(value - four.learned[name]![index]!))
    // Adam divides by tiny second moments, which makes much of the last bit.
    expect(Math.max(...errors)).toBeLessThan(2e-3)
  }
  expect(four.epochs[0]!.trainLoss * 4).toBeCloseTo(one.epochs[0]!.trainLoss * 4, 4)
})

async function lossOf(batch: TrainingBatch, total: number): Promise<number> {
  const sizes = { rows: batch.rows.length, time: batch.time, targets: 16, packing: true }
  const loss = decoderLoss(config, plainParts(config), sizes)
  const session = await openLocalSession({
    programs: { loss: compile({ outputs: { loss } }) },
    state: weights,
  })
  const outputs = await session.run(
    'loss',
    lossFeeds({ config, padId: 0 }, batch, { targets: 16, total, packing: true }),
  )
  await session.close()
  return outputs['loss']![0]!
}

test('packed examples cannot see each other', async () => {
  const [a, b, c] = [copying(10, 1), copying(12, 4), copying(14, 3)]
  const apart = await lossOf({ time: 32, rows: [[a], [b], [c]] }, 6)
  const packed = await lossOf({ time: 32, rows: [[a, b, c]] }, 6)
  expect(packed).toBeCloseTo(apart, 5)
  const filledUp = await lossOf({ time: 40, rows: [[], [b, a, c]] }, 6)
  expect(filledUp).toBeCloseTo(apart, 5)
})
