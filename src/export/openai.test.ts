import { expect, test } from 'vitest'
import { exampleOf, fileText, sampleExport, twoTurns } from '../../test/export-sample.ts'
import { openaiFormat } from './openai.ts'

test('of several answers only the last has weight', () => {
  const train = [exampleOf('two', twoTurns), exampleOf('one')]
  const lines = fileText(openaiFormat.files(sampleExport({ train })), 'data/train.jsonl')
    .trim()
    .split('\n')
  const [two, one] = lines.map(line => JSON.parse(line) as { messages: { role: string; weight?: number }[] })
  expect(two!.messages.map(({ weight }) => weight)).toEqual([undefined, undefined, 0, undefined, 1])
  expect(one).toEqual({ messages: exampleOf('one').messages })

  const files = openaiFormat.files(sampleExport({ train, learnAll: new Set(['damage']) }))
  const [all] = fileText(files, 'data/train.jsonl').split('\n')
  const { messages } = JSON.parse(all!) as { messages: { weight?: number }[] }
  expect(messages.map(({ weight }) => weight)).toEqual([undefined, undefined, 1, undefined, 1])
})

test('the job has what the service lets one choose', () => {
  const name = 'n'.repeat(80)
  expect(JSON.parse(fileText(openaiFormat.files(sampleExport({ name })), 'job.json'))).toEqual({
    model: 'Qwen/Qwen2.5-0.5B-Instruct',
    seed: 7,
    suffix: 'n'.repeat(64),
    method: {
      type: 'supervised',
      supervised: { hyperparameters: { n_epochs: 10, batch_size: 8, learning_rate_multiplier: 'auto' } },
    },
  })
})
