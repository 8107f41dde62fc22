import { expect, test } from 'vitest'
import { answerSchema } from './answer-schema.ts'
import { parseAnswer } from './parse.ts'
import { taskSchema, type Task } from './task.ts'

function taskOf(definition: object): Task {
  return { ...taskSchema.parse({ prompts: ['?'], ...definition }), name: 'sample' }
}
const label = taskOf({ kind: 'label', answer: 'a', labels: ['None', 'Minor', 'M', 'M?'] })
const fields = taskOf({ kind: 'fields', fields: ['size', 'speed'] })
const number = taskOf({ kind: 'number', answer: 'n' })
const text = taskOf({ kind: 'text', response: '{{ a }}' })

test.each([
  ['Minor', 'Minor'],
  [' "minor". ', 'Minor'],
  ['NONE', 'None'],
  ['M?', 'M?'],
  ['m', null],
  ['Minor damage', null],
  ['', null],
])('as a label, %j is %j', (answer, parsed) => {
  expect(parseAnswer(label, answer)).toBe(parsed)
})

test.each([
  ['{"size": "Small", "speed": 120}', { size: 'Small', speed: 120 }],
  ['```json\n{"size": null}\n```', { size: null }],
  ['Here it is: {"size": "Small"}', null],
  ['[1, 2]', null],
  ['{"size": {"value": "Small"}}', null],
  ['{"size": "Small"', null],
])('as fields, %j is %j', (answer, parsed) => {
  expect(parseAnswer(fields, answer)).toEqual(parsed)
})

test.each([
  ['120', 120],
  ['-1.5e2', -150],
  ['1,200 knots.', 1200],
  ['about .5', 0.5],
  ['between 3 and 4', null],
  ['none', null],
])('as a number, %j is %j', (answer, parsed) => {
  expect(parseAnswer(number, answer)).toBe(parsed)
})

test('text is itself without outer blanks, and no text is no answer', () => {
  expect(parseAnswer(text, ' At noon.\n')).toBe('At noon.')
  expect(parseAnswer(text, '  ')).toBeNull()
})

test('the schema of an answer follows its kind', () => {
  expect(answerSchema(label)).toEqual({ type: 'string', enum: ['None', 'Minor', 'M', 'M?'] })
  expect(answerSchema(fields)).toMatchObject({ required: ['size', 'speed'], additionalProperties: false })
  expect(answerSchema(number)).toEqual({ type: 'number' })
  expect(() => answerSchema(taskOf({ kind: 'label', answer: 'a' }))).toThrow('sample has no labels')
})
