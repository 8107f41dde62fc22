import { expect, test } from 'vitest'
import { createContext } from '../context.ts'
import type { Example } from '../data/example.ts'
import { createRandom } from '../data/random.ts'
import { UserError } from '../error.ts'
import type { Task } from '../task/task.ts'
import { crossValidate } from './cross-validate.ts'
import { linearStudent } from './linear.ts'
import type { Student } from './student.ts'

const context = createContext({ seed: 1, name: 'test' })
const task: Task = {
  name: 'topic',
  kind: 'label',
  prompts: [{ prompt: '{{ text }}' }],
  answer: 'topic',
  labels: ['a', 'b'],
  metric: 'accuracy',
}

function example(id: string, group: string, label: string): Example {
  return {
    id,
    group,
    task: 'topic',
    messages: [
      { role: 'user', content: `the ${label} of ${id}` },
      { role: 'assistant', content: label },
    ],
    attributes: {},
    weight: 1,
    origin: { kind: 'real', source: 'test', number: 1, use: 'train', share: 'anyone' },
  }
}

/** Learns nothing but whom it saw, and answers with that. */
const witness: Student<readonly Example[]> = {
  name: 'witness',
  supports: () => true,
  train: async set => set.examples,
  predict: async (model, examples) =>
    examples.map(({ id, group }) => ({
      id,
      text: JSON.stringify({
        seen: model.length,
        own: model.some(other => other.group === group),
        rare: model.filter(other => other.messages.at(-1)!.content === 'b').length,
      }),
    })),
}

// 20 groups of two examples each; the groups 0 to 4 have the label b.
const examples = Array.from({ length: 40 }, (_, number) => {
  const group = number % 20
  return example(String(number), `g${group}`, group < 5 ? 'b' : 'a')
})
const set = { task, examples, classWeights: 'none' } as const

test('no model saw the group that it answers, and the labels are spread evenly', async () => {
  const answers = await crossValidate(witness, set, { folds: 5, random: createRandom(1, 'folds'), context })
  expect(answers.map(answer => answer.id)).toEqual(examples.map(({ id }) => id))
  // 5 folds of 4 groups, one of them b: 32 of 40 examples are seen, 8 of the 10 with label b.
  expect(new Set(answers.map(answer => answer.text))).toEqual(
    new Set([JSON.stringify({ seen: 32, own: false, rare: 8 })]),
  )
})

async function foldsOf(seed: number): Promise<string> {
  const folds: string[][] = []
  const recorder: Student<null> = {
    ...witness,
    train: async () => null,
    predict: async (_model, asked) => {
      folds.push(asked.map(({ id }) => id))
      return asked.map(({ id }) => ({ id, text: '' }))
    },
  }
  await crossValidate(recorder, set, { folds: 5, random: createRandom(seed, 'folds'), context })
  return JSON.stringify(folds)
}

test('the folds follow from the random stream alone', async () => {
  expect(await foldsOf(1)).toBe(await foldsOf(1))
  expect(await foldsOf(1)).not.toBe(await foldsOf(2))
})

test('a real student answers by what it learned from the other folds', async () => {
  const options = { folds: 4, random: createRandom(1, 'folds'), context }
  const answers = await crossValidate(linearStudent({ C: 20 }), set, options)
  expect(answers.map(answer => answer.text)).toEqual(examples.map(({ messages }) => messages.at(-1)!.content))
})

test('an example that stands there twice is answered twice', async () => {
  const twice = { ...set, examples: [...examples, ...examples] }
  const answers = await crossValidate(witness, twice, { folds: 5, random: createRandom(1, 'folds'), context })
  expect(answers).toHaveLength(80)
  expect(answers.every(answer => answer.text.includes('"own":false'))).toBe(true)
})

test('reports each fold done', async () => {
  const seen: string[] = []
  const watched = createContext({
    seed: 1,
    name: 'test',
    progress: (done, total) => seen.push(`${done}/${total}`),
  })
  await crossValidate(witness, set, { folds: 2, random: createRandom(1, 'folds'), context: watched })
  expect(seen).toEqual(['1/2', '2/2'])
})

test('refuses more folds than there are groups, and fewer than two', async () => {
  const options = { random: createRandom(1, 'folds'), context }
  const few = { ...set, examples: examples.slice(0, 3) }
  await expect(crossValidate(witness, few, { ...options, folds: 4 })).rejects.toThrow(UserError)
  await expect(crossValidate(witness, few, { ...options, folds: 4 })).rejects.toThrow('has 3 groups')
  await expect(crossValidate(witness, set, { ...options, folds: 1 })).rejects.toThrow(RangeError)
})
