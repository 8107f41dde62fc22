import { expect, test } from 'vitest'
import { createRandom } from '../data/random.ts'
import type { DecoderConfig } from './decoder-config.ts'
import { openLocalDecoder } from './decoder-memory.ts'
import { randomWeights } from './decoder-weights.ts'

// That it computes the right numbers, test/decoder-sample.test.ts checks against transformers.

const config: DecoderConfig = {
  architecture: 'llama',
  vocabulary: 300,
  width: 96,
  layers: 2,
  heads: 6,
  keyValueHeads: 2,
  headWidth: 16,
  feedForward: 200,
  normEpsilon: 1e-5,
  rotary: { base: 10_000, scaling: { type: 'default' }, width: 16, positions: 256 },
  context: 256,
  tied: false,
  queryKeyValueBias: false,
  outputBias: false,
  feedForwardBias: false,
  queryKeyNorm: false,
}
const weights = randomWeights(config, createRandom(1, 'weights'))
const prompts = [5, 1, 70, 33].map(length =>
  Array.from({ length }, (_, place) => (place * 37 + length) % config.vocabulary),
)

test('logits of a row are the same, bit by bit, whatever stands in the others', async () => {
  const decoder = await openLocalDecoder({ config, weights, rows: 4 })
  await decoder.makeRoom(128, false)
  for (const [row, prompt] of prompts.entries()) await decoder.readPrompt(row, prompt)
  const newest = prompts.map(({ length }, row) => ({ id: 10 * row, before: length }))
  const together = await decoder.readTokens(newest)
  for (const [row, token] of newest.entries()) {
    await decoder.readPrompt(0, prompts[row]!)
    const alone = await decoder.readTokens([token])
    expect(together.subarray(row * config.vocabulary, (row + 1) * config.vocabulary)).toEqual(alone)
  }
  await decoder.close()
})

test('rows keep what they hold when there is more room, and others may be idle', async () => {
  const decoder = await openLocalDecoder({ config, weights, rows: 3 })
  await decoder.makeRoom(128, false)
  await decoder.readPrompt(0, prompts[0]!)
  await decoder.readPrompt(2, prompts[3]!)
  const newest = [null, null, { id: 7, before: 33 }]
  const before = await decoder.readTokens(newest)
  await decoder.makeRoom(256, true)
  const after = await decoder.readTokens(newest)
  expect(after.subarray(2 * config.vocabulary)).toEqual(before.subarray(2 * config.vocabulary))
  await decoder.close()
})

test('tokens read one by one give what the whole prompt gives', async () => {
  const decoder = await openLocalDecoder({ config, weights, rows: 1 })
  await decoder.makeRoom(128, false)
  const prompt = prompts[3]!
  const whole = await decoder.readPrompt(0, prompt)
  await decoder.readPrompt(0, prompt.slice(0, 20))
  let last = new Float32Array()
  for (let before = 20; before < prompt.length; before++)
    last = Float32Array.from(await decoder.readTokens([{ id: prompt[before]!, before }]))
  expect(last).toHaveLength(config.vocabulary)
  for (const [id, logit] of last.entries()) expect(logit).toBeCloseTo(whole[id]!, 5)
  await decoder.close()
})
