import { expect, test } from 'vitest'
import type { Message } from '../data/example.ts'
import { createRandom } from '../data/random.ts'
import { chatFormat } from './checkpoint.ts'
import { weightShapes } from './decoder-weights.ts'
import { scratchCheckpoint } from './scratch.ts'

function conversations(count: number): readonly (readonly Message[])[] {
  return Array.from({ length: count }, (_, index) => [
    {
      role: 'user',
      content: `how many ships lay in harbour ${index} at noon, and which of them came from the north?`,
    },
    { role: 'assistant', content: `${index % 7} ships` },
  ])
}

const scratch = (count: number, seed = 1) =>
  scratchCheckpoint(conversations(count), createRandom(seed, 'scratch'))

test('grows with the data', () => {
  const [small, middle, large] = [10, 1000, 4000].map(count => scratch(count).config)
  expect([small!.width, middle!.width, large!.width]).toEqual([64, 128, 256])
  expect(small!.vocabulary).toBeLessThan(middle!.vocabulary)
  expect(large!.vocabulary).toBeLessThanOrEqual(4096)
})

test('has weights of every shape, which follow from the stream alone', () => {
  const { config, weights } = scratch(10)
  expect(Object.keys(weights)).toEqual([...weightShapes(config).keys()])
  expect(scratch(10).weights).toEqual(weights)
  expect(scratch(10, 2).weights).not.toEqual(weights)
  const gate = weights['model.layers.0.mlp.gate_proj.weight']!
  const deviation = Math.sqrt(gate.reduce((sum, value) => sum + value * value, 0) / gate.length)
  expect(deviation).toBeCloseTo(0.02, 3)
})

test('its own template is read by its own tokenizer', () => {
  const { tokenizer, template, endIds, padId } = chatFormat(scratch(10).chat, 'test')
  const ids = tokenizer.encode(template.render(conversations(1)[0]!, { forAnswer: false }))
  expect(ids.filter(id => tokenizer.isSpecial(id))).toEqual([3, 1, 4, 1])
  expect(endIds).toEqual([1])
  expect(padId).toBe(0)
})
