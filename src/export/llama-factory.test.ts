import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { fileText, sampleExport } from '../../test/export-sample.ts'
import { modelNamed } from './base-model.ts'
import { llamaFactoryFormat } from './llama-factory.ts'

test('dataset_info.json names both files and the roles', () => {
  const info = JSON.parse(
    fileText(llamaFactoryFormat.files(sampleExport()), 'data/dataset_info.json'),
  ) as object
  expect(Object.keys(info)).toEqual(['train', 'eval'])
  expect(info).toMatchObject({
    eval: {
      file_name: 'eval.jsonl',
      formatting: 'sharegpt',
      columns: { messages: 'messages' },
      tags: { role_tag: 'role', content_tag: 'content', system_tag: 'system' },
    },
  })
})

test('earlier answers are kept from the loss, and nothing is split or cut', () => {
  const config = parse(fileText(llamaFactoryFormat.files(sampleExport()), 'sft.yaml')) as object
  expect(config).toMatchObject({
    mask_history: true,
    val_size: 0,
    eval_dataset: 'eval',
    template: 'qwen',
    packing: false,
  })
  expect(config).not.toHaveProperty('max_samples')
})

test('a model whose template is not known has none named, and a note says so', () => {
  const data = sampleExport({ base: modelNamed('somebody/model') })
  expect(parse(fileText(llamaFactoryFormat.files(data), 'sft.yaml'))).not.toHaveProperty('template')
  expect(llamaFactoryFormat.notes(data).join()).toContain('set `template`')
})
