import { expect, test } from 'vitest'
import { yieldTask } from '../../test/made-review.ts'
import type { Task } from '../task/task.ts'
import { changedColumns, readBetterAnswer } from './better-answer.ts'

const prompts = [{ prompt: 'What?' }]
const fields: Task = {
  name: 'record',
  kind: 'fields',
  fields: ['soil', 'rain'],
  prompts,
  metric: 'field-f1',
}
const number: Task = {
  name: 'rain',
  kind: 'number',
  answer: 'rain',
  prompts,
  metric: 'mean-absolute-error',
}

test('a better answer is read as the task writes it, and changes the columns it is taken from', () => {
  expect(readBetterAnswer(yieldTask, ' Poor. ')).toEqual({ text: 'poor' })
  expect(changedColumns(yieldTask, 'poor')).toEqual({ yield: 'poor' })
  expect(readBetterAnswer(number, '1,200 mm')).toEqual({ text: '1200' })
  expect(changedColumns(number, '1200')).toEqual({ rain: 1200 })
  expect(readBetterAnswer(fields, '{"rain": 12, "soil": null}')).toEqual({ text: '{"soil":null,"rain":12}' })
  expect(changedColumns(fields, '{"soil":null,"rain":12}')).toEqual({ soil: null, rain: 12 })
})

test('what is no answer of the task is told with what would be one', () => {
  expect(readBetterAnswer(yieldTask, 'pooor')).toEqual({
    problem: '"pooor" is not good or poor. Did you mean "poor"?',
  })
  expect(readBetterAnswer(number, 'much')).toEqual({ problem: '"much" holds no single number' })
  expect(readBetterAnswer(fields, 'rain 12')).toEqual({
    problem: 'it is not a flat JSON object like {"soil": …, "rain": …}',
  })
  expect(readBetterAnswer(fields, '{"rain": 12}')).toEqual({
    problem: 'the field "soil" is not there; write null where it has no value',
  })
  expect(readBetterAnswer(fields, '{"rains": 12}')).toEqual({
    problem: '"rains" is not a field of the task. Did you mean "rain"?',
  })
})
