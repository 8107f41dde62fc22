import { expect, test } from 'vitest'
import type { Task } from '../../task/task.ts'
import { commonestAnswer } from './commonest-answer.ts'

const prompts = [{ prompt: '?' }]
const label: Task = { name: 'size', kind: 'label', prompts, answer: 'size', metric: 'accuracy' }
const number: Task = { name: 'n', kind: 'number', prompts, answer: 'n', metric: 'mean-absolute-error' }
const fields: Task = { name: 'f', kind: 'fields', prompts, fields: ['a', 'b'], metric: 'field-f1' }

test('the commonest answer, and of equals the first', () => {
  expect(commonestAnswer(label, ['small', 'large', 'large', 'small', 'tiny'])).toBe('small')
})

test('each field has its own commonest value, which may be none', () => {
  const answers = ['{"a":1,"b":"x"}', '{"a":2,"b":null}', '{"a":2,"b":null}', '{"a":1,"b":"y"}', '{"a":1}']
  expect(commonestAnswer(fields, answers)).toBe('{"a":1,"b":null}')
})

test('of numbers the median, by size and not by letters', () => {
  expect(commonestAnswer(number, ['100', '9', '20'])).toBe('20')
  expect(() => commonestAnswer(number, [])).toThrow(RangeError)
})
