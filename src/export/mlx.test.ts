import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { exampleOf, fileText, sampleExport } from '../../test/export-sample.ts'
import { mlxFormat } from './mlx.ts'
import { chooseTraining } from './training.ts'

test('batches are counted, and the scale of the adapter is alpha over rank', () => {
  // 16 examples are 8 batches of 2, for 10 epochs; 4 batches make a step, of which there are 20.
  expect(parse(fileText(mlxFormat.files(sampleExport()), 'lora.yaml'))).toMatchObject({
    iters: 80,
    batch_size: 2,
    grad_accumulation_steps: 4,
    mask_prompt: true,
    num_layers: -1,
    lora_parameters: { rank: 16, scale: 2 },
    lr_schedule: { name: 'cosine_decay', warmup: 1, arguments: [1e-4, 19, 0] },
    seed: 7,
  })
})

test('an example that fills no batch is told of', () => {
  const train = Array.from({ length: 17 }, (_, index) => exampleOf(`t${index}`))
  const training = chooseTraining({ seed: 7, examples: 17, longest: 60 })
  expect(mlxFormat.notes(sampleExport({ train, training })).join()).toContain(
    '1 example of each epoch is left out',
  )
  expect(mlxFormat.notes(sampleExport())).toEqual([])
})
