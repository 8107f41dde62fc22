import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createContext } from '../context.ts'
import type { Example } from '../data/example.ts'
import { UserError } from '../error.ts'
import type { Task } from '../task/task.ts'
import { createStudent } from './create.ts'
import { linearStudent } from './linear.ts'

const student = linearStudent({ C: 20 })
const context = createContext({ seed: 1, name: 'test' })
const task: Task = {
  name: 'topic',
  kind: 'label',
  prompts: [{ prompt: '{{ text }}' }],
  answer: 'topic',
  labels: ['weather', 'music', 'booking'],
  metric: 'macro-f1',
}
const open: Task = {
  name: 'topic',
  kind: 'label',
  prompts: task.prompts,
  answer: 'topic',
  metric: 'accuracy',
}

function example(id: string, question: string, answer: string, weight = 1): Example {
  return {
    id,
    group: id,
    task: 'topic',
    messages: [
      { role: 'user', content: question },
      { role: 'assistant', content: answer },
    ],
    attributes: {},
    weight,
    origin: { kind: 'real', source: 'test', number: 1, use: 'train', share: 'anyone' },
  }
}

const examples = [
  example('1', 'will it rain tomorrow', 'weather'),
  example('2', 'is there sun in Rome', 'weather'),
  example('3', 'play some jazz', 'music'),
  example('4', 'put on the new album', 'music'),
]

test('answers what it was taught, also in other words', async () => {
  const model = await student.train({ task, examples, classWeights: 'none' }, context)
  const asked = [...examples, example('5', 'rain in Rome?', ''), example('6', 'play the album', '')]
  const answers = await student.predict(model, asked, context)
  expect(answers.map(answer => answer.id)).toEqual(['1', '2', '3', '4', '5', '6'])
  expect(answers.map(answer => answer.text)).toEqual([
    'weather',
    'weather',
    'music',
    'music',
    'weather',
    'music',
  ])
})

test('gives every label a probability, none to those without examples, and they add up to one', async () => {
  const model = await student.train({ task, examples, classWeights: 'none' }, context)
  const [answer] = await student.predict(model, examples, context)
  expect(Object.keys(answer!.probabilities!)).toEqual(['weather', 'music', 'booking'])
  expect(answer!.probabilities!['booking']).toBe(0)
  const sum = Object.values(answer!.probabilities!).reduce((total, probability) => total + probability, 0)
  expect(sum).toBeCloseTo(1, 12)
})

test('is the same after a journey through JSON, and has the same bytes each time', async () => {
  const set = { task, examples, classWeights: 'none' } as const
  const text = JSON.stringify(await student.train(set, context))
  expect(JSON.stringify(await student.train(set, createContext({ seed: 2, name: 'other' })))).toBe(text)
  const model = await student.train(set, context)
  expect(await student.predict(JSON.parse(text), examples, context)).toEqual(
    await student.predict(model, examples, context),
  )
})

test('takes the labels from the examples where the task names none', async () => {
  const more = [...examples, example('5', 'a table for two', ' booking ')]
  const model = await student.train({ task: open, examples: more, classWeights: 'none' }, context)
  expect(model.labels).toEqual(['booking', 'music', 'weather'])
})

test('reads answers as the task does, and keeps an unknown one as a label of its own', async () => {
  const more = [...examples, example('5', 'drizzle', 'Weather.'), example('6', 'what is love', 'unsure')]
  const model = await student.train({ task, examples: more, classWeights: 'none' }, context)
  expect(model.labels).toEqual(['weather', 'music', 'booking', 'unsure'])
  expect(model.learned).toEqual(['weather', 'music', 'unsure'])
})

test('taught one label alone, it always answers that', async () => {
  const model = await student.train(
    { task, examples: examples.slice(0, 2), classWeights: 'balanced' },
    context,
  )
  const [answer] = await student.predict(model, [examples[2]!], context)
  expect(answer).toEqual({ id: '3', text: 'weather', probabilities: { weather: 1, music: 0, booking: 0 } })
})

test('answers a text of which it knows nothing with the more frequent label', async () => {
  const model = await student.train(
    { task, examples: [...examples, example('5', 'louder', 'music')], classWeights: 'none' },
    context,
  )
  const [answer] = await student.predict(model, [example('6', 'ξψ', '')], context)
  expect(answer!.text).toBe('music')
})

async function shareOfMusic(weight: number): Promise<number> {
  const conflict = [example('1', 'the same', 'music', weight), example('2', 'the same', 'weather')]
  const model = await student.train({ task, examples: conflict, classWeights: 'none' }, context)
  const [answer] = await student.predict(model, conflict, context)
  return answer!.probabilities!['music']!
}

test('heavier examples pull harder', async () => {
  // The unpenalised intercept fits the share of the weights exactly.
  expect(await shareOfMusic(1)).toBeCloseTo(0.5, 3)
  expect(await shareOfMusic(3)).toBeCloseTo(0.75, 3)
})

test('balanced classes weigh the same in all', async () => {
  const conflict = [1, 2, 3, 4].map(number =>
    example(String(number), 'the same', number < 4 ? 'music' : 'weather'),
  )
  const model = await student.train({ task, examples: conflict, classWeights: 'balanced' }, context)
  const [answer] = await student.predict(model, conflict, context)
  expect(answer!.probabilities!['music']).toBeCloseTo(0.5, 3)
})

test('reads all that was asked and nothing that was answered', async () => {
  const model = await student.train({ task, examples, classWeights: 'none' }, context)
  const { messages } = examples[0]!
  const chat: Example = {
    ...examples[0]!,
    messages: [
      { role: 'system', content: 'will it' },
      { role: 'assistant', content: 'play some jazz' },
      { role: 'user', content: 'rain tomorrow' },
      { role: 'assistant', content: 'music' },
    ],
  }
  const silent = { ...examples[0]!, messages: messages.slice(0, 1) }
  const [told, plain, unanswered] = await student.predict(model, [chat, examples[0]!, silent], context)
  expect(told!.text).toBe('weather')
  expect(unanswered).toEqual(plain)
})

test('predicts nothing for nothing', async () => {
  const model = await student.train({ task, examples, classWeights: 'none' }, context)
  expect(await student.predict(model, [], context)).toEqual([])
})

test('says in plain words which tasks it cannot learn', async () => {
  const text: Task = { name: 'summary', kind: 'chat', learn: 'last', metric: 'token-f1' }
  expect(student.supports(task)).toBe(true)
  expect(student.supports(text)).toBe(
    'the linear student answers with one of a known set of labels, and a chat task has none',
  )
  await expect(student.train({ task: text, examples, classWeights: 'none' }, context)).rejects.toThrow(
    'The task summary cannot be learned: the linear student answers',
  )
})

test('refuses to learn from nothing, and names the example without an answer', async () => {
  await expect(student.train({ task, examples: [], classWeights: 'none' }, context)).rejects.toThrow(
    UserError,
  )
  const silent = { ...examples[0]!, messages: examples[0]!.messages.slice(0, 1) }
  await expect(student.train({ task, examples: [silent], classWeights: 'none' }, context)).rejects.toThrow(
    'The example 1 of the task topic has no answer to learn from.',
  )
})

test('stops when told to', async () => {
  const aborted = createContext({ seed: 1, name: 'test', signal: AbortSignal.abort(new Error('enough')) })
  await expect(student.train({ task, examples, classWeights: 'none' }, aborted)).rejects.toThrow('enough')
})

test('is created by the name that a project gives', () => {
  expect(createStudent({ use: 'linear', C: 1 }).name).toBe('linear')
})

const snips = join(process.cwd(), '..', 'shared', 'data', 'snips')

describe.skipIf(!existsSync(snips))('with the snips data', () => {
  const intents = [
    'AddToPlaylist',
    'BookRestaurant',
    'GetWeather',
    'PlayMusic',
    'RateBook',
    'SearchCreativeWork',
    'SearchScreeningEvent',
  ]
  const read = (part: string): Example[] =>
    intents.flatMap(intent => {
      const content = JSON.parse(readFileSync(join(snips, `${part}_${intent}.json`), 'utf8')) as Record<
        string,
        { data: { text: string }[] }[]
      >
      return content[intent]!.map(({ data }, number) =>
        example(`${intent}:${number}`, data.map(piece => piece.text).join(''), intent),
      )
    })

  test('with ten examples an intent it is right as often as scikit-learn', async () => {
    const training = read('train').filter(({ id }) => Number(id.split(':')[1]) < 10)
    const asked = read('validate')
    const model = await student.train({ task: open, examples: training, classWeights: 'none' }, context)
    const answers = await student.predict(model, asked, context)
    const right = answers.filter((answer, row) => answer.text === asked[row]!.messages.at(-1)!.content).length
    // Same features and LogisticRegression(C=20), scikit-learn 1.7.2: 646 of 700, and these probabilities of the first.
    expect(right).toBeGreaterThanOrEqual(644)
    expect(right).toBeLessThanOrEqual(648)
    const expected = [0.382688, 0.263642, 0.075937, 0.079769, 0.082582, 0.074761, 0.040622]
    for (const [index, intent] of intents.entries()) {
      expect(answers[0]!.probabilities![intent]).toBeCloseTo(expected[index]!, 2)
    }
  })
})
