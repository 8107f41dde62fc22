import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { fileText, sampleExport } from '../../test/export-sample.ts'
import { modelNamed } from './base-model.ts'
import { trlFormat } from './trl.ts'

test('the last answer is the completion, all before it the prompt', () => {
  const [first] = fileText(trlFormat.files(sampleExport()), 'data/train.jsonl').split('\n')
  expect(JSON.parse(first!)).toEqual({
    prompt: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'A gull.' },
      { role: 'assistant', content: 'And?' },
      { role: 'user', content: 'Damage?' },
    ],
    completion: [{ role: 'assistant', content: 'no' }],
  })
})

test('the settings evaluate on the file of the split, without packing or splitting', () => {
  const config = parse(fileText(trlFormat.files(sampleExport()), 'sft.yaml')) as Record<string, unknown>
  expect(config).toMatchObject({
    dataset_name: './data',
    dataset_test_split: 'test',
    eval_strategy: 'epoch',
    completion_only_loss: true,
    packing: false,
    seed: 7,
    max_length: 512,
    num_train_epochs: 10,
  })
  expect(config).not.toHaveProperty('eos_token')
})

test('a base model of ChatML learns to stop at the end of its turn', () => {
  const files = trlFormat.files(sampleExport({ base: modelNamed('Qwen/Qwen2.5-0.5B') }))
  expect(parse(fileText(files, 'sft.yaml'))).toMatchObject({ eos_token: '<|im_end|>' })
})

test('without development rows there is no evaluation', () => {
  const files = trlFormat.files(sampleExport({ evaluation: [] }))
  expect(files.map(({ path }) => path)).toEqual(['data/train.jsonl', 'sft.yaml'])
  expect(parse(fileText(files, 'sft.yaml'))).toMatchObject({ eval_strategy: 'no' })
})
