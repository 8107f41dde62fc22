import { expect, test } from 'vitest'
import type { Example } from '../../data/example.ts'
import type { ResolvedTask } from '../../task/render.ts'
import { toAnswer } from './answer.ts'

const wordings = { train: [{ prompt: '{{ text }}' }], heldOut: [{ prompt: '{{ text }}' }] }
const task: ResolvedTask = {
  name: 'facts',
  kind: 'fields',
  prompts: wordings.train,
  fields: ['city', 'nights'],
  metric: 'field-f1',
  wordings,
}
const gold = '{"city":"Rome","nights":2}'
const example: Example = {
  id: 'rows:1/facts',
  group: 'rows:1',
  task: 'facts',
  messages: [
    { role: 'user', content: 'two nights in Rome' },
    { role: 'assistant', content: gold },
  ],
  attributes: {},
  weight: 1,
  origin: { kind: 'real', source: 'rows', number: 1, use: 'train', share: 'anyone' },
}

test('an answer that ended before it was whole is no answer, which counts as wrong', () => {
  expect(toAnswer(task, example, '{"city":"Rome","nig')).toMatchObject({ gold, predicted: null })
  expect(toAnswer(task, example, gold)).toMatchObject({ gold, predicted: gold })
})
