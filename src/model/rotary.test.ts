import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseDecoderConfig } from './decoder-config.ts'
import { rotaryTable } from './rotary.ts'

interface Expected {
  readonly rope_parameters: object
  readonly frequencies: readonly number[]
  readonly magnitude: number
}

// Frequencies and magnitudes that transformers computes: test/peers/decoder.py.
const { rotary } = JSON.parse(readFileSync('test/fixtures/decoder/expected.json', 'utf8')) as {
  rotary: Record<string, Expected>
}
const file = {
  architectures: ['LlamaForCausalLM'],
  vocab_size: 10,
  hidden_size: 64,
  num_hidden_layers: 1,
  num_attention_heads: 4,
  intermediate_size: 8,
  max_position_embeddings: 512,
}

test.each(Object.entries(rotary))('%s scaling is that of transformers', (_name, expected) => {
  const config = parseDecoderConfig({ ...file, rope_parameters: expected.rope_parameters }, '')
  const { cosines, sines } = rotaryTable(config.rotary, [0, 1, 3], 700)
  const { frequencies, magnitude } = expected
  for (const [row, position] of [0, 1, 3].entries()) {
    for (const [index, frequency] of frequencies.entries()) {
      expect(cosines[row * 8 + index]).toBeCloseTo(Math.cos(position * frequency) * magnitude, 5)
      expect(sines[row * 8 + index]).toBeCloseTo(Math.sin(position * frequency) * magnitude, 5)
    }
  }
})

test('dynamic scaling changes nothing within the positions that the model was made for', () => {
  const dynamic = parseDecoderConfig({ ...file, rope_scaling: { type: 'dynamic', factor: 2 } }, '').rotary
  const plain = parseDecoderConfig(file, '').rotary
  expect(rotaryTable(dynamic, [5, 500], 512)).toEqual(rotaryTable(plain, [5, 500], 512))
  expect(rotaryTable(dynamic, [5, 500], 513)).not.toEqual(rotaryTable(plain, [5, 500], 513))
})
