import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { fileText, sampleExport } from '../../test/export-sample.ts'
import { unslothFormat } from './unsloth.ts'

test('answers alone are learned, with weights as they are and without packing', () => {
  expect(parse(fileText(unslothFormat.files(sampleExport()), 'unsloth.yaml'))).toMatchObject({
    data: { local_dataset: ['./data/train.jsonl'] },
    training: {
      load_in_4bit: false,
      packing: false,
      train_on_completions: true,
      random_seed: 7,
      num_epochs: 10,
    },
    lora: { lora_r: 16, lora_alpha: 32 },
  })
})

test('what its settings have no place for is told', () => {
  expect(unslothFormat.notes(sampleExport()).join()).toContain('no place for an evaluation file')
  expect(unslothFormat.notes(sampleExport({ evaluation: [] }))).toEqual([])
})
