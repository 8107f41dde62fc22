import { expect, test } from 'vitest'
import { createRandom } from '../data/random.ts'
import type { Row, TracedRow } from '../data/row.ts'
import { resolveTask } from '../task/render.ts'
import { taskSchema } from '../task/task.ts'
import { findConflicts } from './conflicts.ts'

const traced = (number: number, row: Row, share: 'anyone' | 'local' = 'anyone'): TracedRow => ({
  id: `s:${number}`,
  group: `s:${number}`,
  row,
  origin: { kind: 'real', source: 's', number, use: 'train', share },
})

const rows = [
  traced(1, { text: 'My card is lost', note: 'a', intent: 'lost' }),
  traced(2, { text: 'my  card is LOST', note: 'b', intent: 'stolen' }),
  traced(3, { text: 'top up', note: 'c', intent: 'top-up' }),
  traced(4, { text: 'top up', note: 'd', intent: 'top-up' }),
  traced(5, { text: 'why?', note: 'e', intent: 'other' }),
  traced(6, { text: 'why?', note: 'e', intent: 'other' }),
]

const definition = taskSchema.parse({
  kind: 'label',
  answer: 'intent',
  prompts: ['{{ text }}', 'Which intent? {{ text }}'],
})
const taskOf = (given: readonly TracedRow[]) =>
  resolveTask('intent', definition, { rows: given, random: createRandom(1, 'w') })

test('rows that ask the same and answer otherwise are conflicts, whatever columns the task does not read', () => {
  expect(findConflicts(rows, [taskOf(rows)])).toEqual({
    duplicates: 1,
    tasks: [{ task: 'intent', conflicting: 2, repeating: 4 }],
    examples: [{ task: 'intent', rows: ['s:1', 's:2'], answers: ['lost', 'stolen'] }],
  })
})

test('rows that may not leave the machine are counted and never named', () => {
  const local = [traced(1, rows[0]!.row, 'local'), traced(2, rows[1]!.row, 'local')]
  const { tasks, examples } = findConflicts(local, [taskOf(local)])
  expect(tasks[0]).toMatchObject({ conflicting: 2 })
  expect(examples).toEqual([])
})

const chat = (number: number, answer: string): TracedRow =>
  traced(number, {
    messages: JSON.stringify([
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: answer },
    ]),
  })

test('conversations conflict where all turns but the last are the same', () => {
  const talks = [chat(1, 'Hello'), chat(2, 'Bye'), chat(3, 'Hello')]
  const task = resolveTask('talk', taskSchema.parse({ kind: 'chat' }), {
    rows: talks,
    random: createRandom(1, 'w'),
  })
  expect(findConflicts(talks, [task]).examples).toEqual([
    { task: 'talk', rows: ['s:1', 's:2', 's:3'], answers: ['Hello', 'Bye'] },
  ])
})
