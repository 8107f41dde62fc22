import { expect, test } from 'vitest'
import { parseDecoderConfig } from './decoder-config.ts'

const plain = {
  architectures: ['LlamaForCausalLM'],
  vocab_size: 100,
  hidden_size: 64,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  intermediate_size: 96,
  max_position_embeddings: 512,
}

test('fills in what older files leave out', () => {
  expect(parseDecoderConfig(plain, 'config.json')).toMatchObject({
    architecture: 'llama',
    keyValueHeads: 4,
    headWidth: 16,
    normEpsilon: 1e-6,
    tied: false,
    rotary: { base: 10_000, scaling: { type: 'default' }, width: 16, positions: 512 },
  })
})

test('reads rotary settings where transformers 4 and where transformers 5 write them', () => {
  const old = { ...plain, rope_theta: 500_000, rope_scaling: { type: 'linear', factor: 2 } }
  const recent = { ...plain, rope_parameters: { rope_theta: 500_000, rope_type: 'linear', factor: 2 } }
  expect(parseDecoderConfig(recent, '')).toEqual(parseDecoderConfig(old, ''))
  expect(parseDecoderConfig(old, '').rotary).toMatchObject({
    base: 500_000,
    scaling: { type: 'linear', factor: 2 },
  })
})

const context = (file: object): number => parseDecoderConfig({ ...plain, ...file }, '').context

test('a sliding window bounds the context of Mistral, and of Qwen2 where it is switched on', () => {
  expect(context({ architectures: ['MistralForCausalLM'], sliding_window: 128 })).toBe(128)
  expect(context({ architectures: ['MistralForCausalLM'], sliding_window: null })).toBe(512)
  expect(context({ architectures: ['Qwen2ForCausalLM'], sliding_window: 128 })).toBe(512)
  expect(
    context({ architectures: ['Qwen2ForCausalLM'], sliding_window: 128, use_sliding_window: true }),
  ).toBe(128)
})

const of = (file: object) => parseDecoderConfig({ ...plain, ...file }, '')

test('biases and norms are those of the family', () => {
  expect(of({ attention_bias: true, mlp_bias: true })).toMatchObject({
    queryKeyValueBias: true,
    outputBias: true,
    feedForwardBias: true,
  })
  expect(of({ architectures: ['Qwen2ForCausalLM'] })).toMatchObject({
    queryKeyValueBias: true,
    outputBias: false,
  })
  expect(of({ architectures: ['Qwen3ForCausalLM'] })).toMatchObject({ queryKeyNorm: true, headWidth: 128 })
})

const reading = (file: object) => () => parseDecoderConfig({ ...plain, ...file }, 'a/config.json')

test('says which value of the file is wrong', () => {
  expect(reading({ hidden_size: undefined })).toThrow('a/config.json: hidden_size')
  expect(reading({ hidden_act: 'gelu' })).toThrow('hidden_act is gelu')
  expect(reading({ num_attention_heads: 5 })).toThrow('64 is no multiple of 5 heads')
  expect(reading({ num_key_value_heads: 3 })).toThrow('4 heads cannot share 3')
  expect(reading({ rope_scaling: { rope_type: 'longrope' } })).toThrow('rotary scaling longrope')
  expect(reading({ rope_scaling: { rope_type: 'linear' } })).toThrow('factor')
  expect(reading({ architectures: ['GPT2LMHeadModel'] })).toThrow('GPT2LMHeadModel is not supported')
  expect(() => parseDecoderConfig([], 'x')).toThrow('x is no configuration')
})
