import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { fileText, sampleExport } from '../../test/export-sample.ts'
import { axolotlFormat } from './axolotl.ts'
import { modelNamed } from './base-model.ts'

test('only the last answer is marked to be learned', () => {
  const [first] = fileText(axolotlFormat.files(sampleExport()), 'data/train.jsonl').split('\n')
  const { messages } = JSON.parse(first!) as { messages: { role: string; train: boolean }[] }
  expect(messages.map(({ role, train }) => [role, train])).toEqual([
    ['system', false],
    ['user', false],
    ['assistant', false],
    ['user', false],
    ['assistant', true],
  ])
})

test('of a task that says so every answer is', () => {
  const data = sampleExport({ learnAll: new Set(['damage']) })
  const [first] = fileText(axolotlFormat.files(data), 'data/train.jsonl').split('\n')
  const { messages } = JSON.parse(first!) as { messages: { train: boolean }[] }
  expect(messages.map(({ train }) => train)).toEqual([false, false, true, false, true])
})

test('long rows are an error and not dropped, and the evaluation file is our own', () => {
  const files = axolotlFormat.files(sampleExport({ base: modelNamed('Qwen/Qwen2.5-0.5B') }))
  expect(parse(fileText(files, 'axolotl.yaml'))).toMatchObject({
    val_set_size: 0,
    excess_length_strategy: 'raise',
    sample_packing: false,
    test_datasets: [{ path: './data/eval.jsonl', message_field_training: 'train' }],
    eot_tokens: ['<|im_end|>'],
    seed: 7,
  })
  const without = axolotlFormat.files(sampleExport({ evaluation: [] }))
  expect(parse(fileText(without, 'axolotl.yaml'))).not.toHaveProperty('test_datasets')
})
