import { expect, test } from 'vitest'
import { fileText, sampleExport } from '../../test/export-sample.ts'
import { togetherFormat } from './together.ts'

test('a record has messages and nothing else', () => {
  const [first] = fileText(togetherFormat.files(sampleExport()), 'data/train.jsonl').split('\n')
  expect(Object.keys(JSON.parse(first!) as object)).toEqual(['messages'])
})

test('the job packs nothing, learns no input, and evaluates once an epoch', () => {
  const job = JSON.parse(fileText(togetherFormat.files(sampleExport()), 'job.json')) as object
  // One warm-up step of 20.
  expect(job).toMatchObject({
    packing: false,
    train_on_inputs: false,
    n_evals: 10,
    n_epochs: 10,
    warmup_ratio: 0.05,
  })
  const without = togetherFormat.files(sampleExport({ evaluation: [] }))
  expect(JSON.parse(fileText(without, 'job.json'))).not.toHaveProperty('n_evals')
})
