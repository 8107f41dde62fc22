import { expect, test } from 'vitest'
import { jsonRow } from './json-record.ts'

const user = { role: 'user', content: 'Hi' }
const assistant = { role: 'assistant', content: 'Hello' }
const plain = { messages: JSON.stringify([user, assistant]), prompt: 'Hi', response: 'Hello' }

test.each([
  ['OpenAI messages', { messages: [user, assistant] }],
  [
    'ShareGPT',
    {
      conversations: [
        { from: 'human', value: 'Hi' },
        { from: 'gpt', value: 'Hello' },
      ],
    },
  ],
  ['Alpaca', { instruction: 'Hi', input: '', output: 'Hello' }],
  ['Alpaca without input', { instruction: 'Hi', output: 'Hello' }],
  ['prompt and completion', { prompt: 'Hi', completion: 'Hello' }],
  ['prompt and completion as messages', { prompt: [user], completion: [assistant] }],
  [
    'parts of text',
    {
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'H' },
            { type: 'text', text: 'i' },
          ],
        },
        assistant,
      ],
    },
  ],
])('%s becomes messages, prompt and response', (_name, record) => {
  expect(jsonRow(record)).toEqual(plain)
})

test('other members of the record stay columns', () => {
  expect(jsonRow({ id: 7, messages: [user, assistant], meta: { topic: 'x' } })).toEqual({
    ...plain,
    id: 7,
    'meta.topic': 'x',
  })
})

test("Alpaca's input follows the instruction, its history and system come before", () => {
  const row = jsonRow({
    instruction: 'Add',
    input: '1 and 2',
    output: '3',
    system: 'Be brief.',
    history: [['Hi', 'Hello']],
  })
  const messages = [
    { role: 'system', content: 'Be brief.' },
    user,
    assistant,
    { role: 'user', content: 'Add\n\n1 and 2' },
    { role: 'assistant', content: '3' },
  ]
  expect(row).toEqual({ messages: JSON.stringify(messages), prompt: 'Add\n\n1 and 2', response: '3' })
})

test('a ShareGPT system text comes first, and prompt and response are of the last exchange', () => {
  const row = jsonRow({
    system: 'Be kind.',
    conversations: [
      { from: 'human', value: 'a' },
      { from: 'gpt', value: 'b' },
      { from: 'human', value: 'c' },
      { from: 'gpt', value: 'd' },
    ],
  })
  expect(row).toMatchObject({ prompt: 'c', response: 'd' })
  expect(JSON.parse((row as { messages: string }).messages)).toHaveLength(5)
})

test('records that only look like chat stay rows', () => {
  expect(jsonRow({ prompt: 'x', label: 'y' })).toEqual({ prompt: 'x', label: 'y' })
  expect(jsonRow({ messages: 'three' })).toEqual({ messages: 'three' })
  expect(jsonRow({ instruction: 'x', output: 3 })).toEqual({ instruction: 'x', output: 3 })
})

test.each([
  [{ messages: [] }, 'messages holds no turn'],
  [{ messages: [user] }, 'the conversation ends with a user turn, so there is no answer to learn'],
  [{ messages: [assistant] }, 'the conversation has no user turn'],
  [{ messages: [{ role: 'user' }, assistant] }, 'in messages, turn 1: its content is not text'],
  [{ messages: [{ content: 'x' }] }, 'in messages, turn 1: it has no role'],
  [{ messages: ['x'] }, 'in messages, turn 1: it is not an object with a role and a content'],
  [
    { messages: [user, { role: 'assistant', content: null, tool_calls: [] }] },
    'in messages, turn 2: its content is not text',
  ],
  [
    { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: 'x' }] }, assistant] },
    'in messages, turn 1: its content is not text',
  ],
])('%j is bad: %s', (record, problem) => {
  expect(jsonRow(record)).toBe(problem)
})

test('an unknown role is named, unless it may be data', () => {
  expect(jsonRow({ messages: [{ role: 'tool', content: 'x' }] })).toMatch(
    /^in messages, turn 1: its role is tool; known/,
  )
  expect(jsonRow({ messages: [{ role: 'a secret of somebody', content: 'x' }] })).toMatch(
    /turn 1: its role is unknown;/,
  )
  expect(jsonRow({ messages: [{ role: 'constructor', content: 'x' }] })).toMatch(
    /its role is constructor; known/,
  )
})
