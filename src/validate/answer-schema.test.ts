import { expect, test } from 'vitest'
import { madeCandidate } from '../../test/made-candidate.ts'
import { UserError } from '../error.ts'
import { type Task, taskSchema } from '../task/task.ts'
import { createAnswerCheck } from './answer-schema.ts'
import { passed, rejected } from './verdict.ts'

const task = (definition: Record<string, unknown>): Task => ({
  ...taskSchema.parse({ prompts: ['{{ text }}'], ...definition }),
  name: 'strike',
})
const label = task({ kind: 'label', answer: 'damage', labels: ['None', 'Minor'] })
const fields = task({ kind: 'fields', fields: ['bird', 'speed'] })
const number = task({ kind: 'number', answer: 'speed' })

test.each<[Task, Record<string, string | number>, string, string | undefined]>([
  [label, { damage: 'None' }, 'None', undefined],
  [label, {}, 'Minor', undefined],
  [label, { damage: 'None' }, 'Severe', 'the answer is no label of the task'],
  [label, { damage: 'None' }, 'Minor', 'the answer says Minor, the row None'],
  [fields, {}, '{"bird":"gull","speed":null}', undefined],
  [fields, {}, '{"bird":"gull"}', 'the answer lacks speed'],
  [fields, {}, '{"bird":"gull","speed":1,"airport":"X"}', 'the answer has the unknown airport'],
  [fields, {}, '{"bird":["gull"],"speed":1}', 'the answer is no flat JSON object'],
  [fields, {}, 'gull at 140', 'the answer is no flat JSON object'],
  [number, { speed: 140 }, '140', undefined],
  [number, { speed: 140 }, 'between 140 and 150', 'the answer is no single number'],
])('%o with the row %o and the answer %s: %s', (task, row, answer, fault) => {
  const verdict = createAnswerCheck([task])(madeCandidate(row, { answer }))
  expect(verdict).toEqual(fault === undefined ? passed : rejected('answer-schema', `task strike: ${fault}`))
})

test('an example of an unknown task is rejected', () => {
  expect(createAnswerCheck([])(madeCandidate({})).pass).toBe(false)
})

test('a label task whose labels are not known is refused at once', () => {
  expect(() => createAnswerCheck([task({ kind: 'label', answer: 'damage' })])).toThrow(UserError)
})
