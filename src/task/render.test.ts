import { expect, test } from 'vitest'
import { createRandom } from '../data/random.ts'
import type { Row, TracedRow } from '../data/row.ts'
import { renderExample, type ResolvedTask, resolveTask } from './render.ts'
import { taskSchema } from './task.ts'

const random = createRandom(7, 'render')

function traced(row: Row, number = 1): TracedRow {
  return {
    id: `reports:${number}`,
    group: `group-${number}`,
    row,
    origin: { kind: 'real', source: 'reports', number, use: 'train', share: 'anyone' },
  }
}
const rows = Array.from({ length: 40 }, (_, index) =>
  traced(
    {
      size: index % 2 === 0 ? 'Small' : 'Large',
      speed: index % 5 === 0 ? null : 100 + index,
      note: `no ${index}`,
    },
    index,
  ),
)

function resolve(definition: object, seed = 7): ResolvedTask {
  return resolveTask('size', taskSchema.parse(definition), { rows, random: createRandom(seed, 'tasks') })
}
const label = {
  kind: 'label',
  answer: 'size',
  prompts: ['A {{ note }}', 'B {{ note }}', 'C {{ note }}', 'D {{ note }}'],
}

function promptsOf(task: ResolvedTask, side: 'train' | 'held-out'): Set<string> {
  const how = { side, attributes: [], random }
  return new Set(rows.map(row => renderExample(task, row, how)!.messages.at(-2)!.content[0]!))
}

test('labels left out are those of the real training rows', () => {
  expect(resolve(label)).toMatchObject({ labels: ['Large', 'Small'] })
})

test('declared held-out wordings are never used on the train side, nor the others in the test', () => {
  const task = resolve({ ...label, heldOut: ['X {{ note }}', 'Y {{ note }}'] })
  expect(promptsOf(task, 'train')).toEqual(new Set(['A', 'B', 'C', 'D']))
  expect(promptsOf(task, 'held-out')).toEqual(new Set(['X', 'Y']))
})

test('undeclared, a third of the wordings is held out by seed', () => {
  const six = { ...label, prompts: ['A', 'B', 'C', 'D', 'E', 'F'] }
  const task = resolve(six)
  expect(task.wordings.train).toHaveLength(4)
  expect(task.wordings.heldOut).toHaveLength(2)
  const held = promptsOf(task, 'held-out')
  expect([...promptsOf(task, 'train')].filter(wording => held.has(wording))).toEqual([])
  expect(resolve(six).wordings).toEqual(task.wordings)
  const partings = new Set(
    Array.from({ length: 20 }, (_, seed) => JSON.stringify(resolve(six, seed).wordings.heldOut)),
  )
  expect(partings.size).toBeGreaterThan(1)
  expect(resolve({ ...label, prompts: ['A', 'B'] }).wordings.heldOut).toHaveLength(1)
})

test("the wording follows from the row's id alone", () => {
  const task = resolve(label)
  const how = { side: 'train', attributes: [], random } as const
  const alone = renderExample(task, rows[17]!, how)
  const later = rows.toReversed().map(row => renderExample(task, row, how))
  expect(later[rows.length - 1 - 17]).toEqual(alone)
})

test('an example carries its group, its origin, the named attributes and the system prompt', () => {
  const task = resolve({ ...label, prompts: ['Which size?'], system: 'Note: {{ note }}' })
  expect(renderExample(task, rows[1]!, { side: 'train', attributes: ['speed'], random })).toEqual({
    id: 'reports:1/size',
    group: 'group-1',
    task: 'size',
    messages: [
      { role: 'system', content: 'Note: no 1' },
      { role: 'user', content: 'Which size?' },
      { role: 'assistant', content: 'Large' },
    ],
    attributes: { speed: 101 },
    weight: 1,
    origin: rows[1]!.origin,
  })
})

test('fields are answered as JSON in their order, numbers as numbers and missing values as null', () => {
  const task = resolve({ kind: 'fields', fields: ['speed', 'size'], prompts: ['Facts?'] })
  const answer = (row: TracedRow) =>
    renderExample(task, row, { side: 'train', attributes: [], random })?.messages.at(-1)!.content
  expect(answer(rows[1]!)).toBe('{"speed":101,"size":"Large"}')
  expect(answer(rows[0]!)).toBe('{"speed":null,"size":"Small"}')
  expect(answer(traced({ speed: null, size: null, note: 'x' }))).toBeUndefined()
})

test('a row without the answer gives no example', () => {
  const task = resolve({ kind: 'number', answer: 'speed', prompts: ['How fast?'] })
  const how = { side: 'train', attributes: [], random } as const
  expect(renderExample(task, rows[0]!, how)).toBeNull()
  expect(renderExample(task, rows[1]!, how)!.messages.at(-1)!.content).toBe('101')
})

test('a text task asks a row only what the row can answer', () => {
  const task = resolve({
    kind: 'text',
    prompts: [
      { prompt: 'Speed?', response: '{{ speed }} knots' },
      { prompt: 'Size?', response: '{{ size }}' },
    ],
    heldOut: [{ prompt: 'How fast?', response: '{{ speed }} knots' }],
  })
  const how = { side: 'train', attributes: [], random } as const
  for (const row of rows.filter(({ row: { speed } }) => speed === null)) {
    expect(renderExample(task, row, how)!.messages[0]!.content).toBe('Size?')
    expect(renderExample(task, row, { ...how, side: 'held-out' })).toBeNull()
  }
  expect(new Set(rows.map(row => renderExample(task, row, how)!.messages[0]!.content)).size).toBe(2)
})

test('a chat task passes the conversation, and one without a last answer is none', () => {
  const turns = [
    { role: 'user', content: 'Hello' },
    { role: 'assistant', content: 'Good day' },
  ]
  const chat = traced({ messages: JSON.stringify(turns) })
  const task = resolveTask('talk', taskSchema.parse({ kind: 'chat' }), { rows: [chat], random })
  const how = { side: 'train', attributes: [], random } as const
  expect(renderExample(task, chat, how)!.messages).toEqual(turns)
  expect(renderExample(task, traced({ messages: JSON.stringify(turns.slice(0, 1)) }), how)).toBeNull()
  expect(() => renderExample(task, traced({ messages: 'Hello' }), how)).toThrow('reports:1 cannot be read')
})

test('an answer column that the rows do not have is an error with the nearest name', () => {
  expect(() => resolve({ ...label, answer: 'sise' })).toThrow(
    '"sise", which is no column. Did you mean "size"?',
  )
})

test('a single label in the training rows is an error that says what to do', () => {
  const same = rows.filter(({ row }) => row['size'] === 'Small')
  expect(() => resolveTask('size', taskSchema.parse(label), { rows: same, random })).toThrow(
    'only the label "Small"',
  )
})

test('a text prompt without an answer is an error', () => {
  expect(() => resolve({ kind: 'text', prompts: ['Why?'] })).toThrow('no answer to the prompt "Why?"')
})
