import { expect, test } from 'vitest'
import { createContext } from '../context.ts'
import type { Example } from '../data/example.ts'
import { parseAnswer } from '../task/parse.ts'
import type { Task } from '../task/task.ts'
import { epochsFor, updatesOf } from './decoder-train.ts'
import { decoderStudent, type DecoderStudentOptions } from './decoder.ts'

const options: DecoderStudentOptions = {
  base: null,
  lora: null,
  epochs: 12,
  learningRate: 4e-3,
  batch: 8,
  accumulate: 1,
  packing: false,
  limit: 256,
}
const context = (log?: (message: string) => void) =>
  createContext({ seed: 1, name: 'test', ...(log && { log }) })

function example(id: string, question: string, answer: string): Example {
  return {
    id,
    group: id,
    task: 't',
    messages: [
      { role: 'user', content: question },
      { role: 'assistant', content: answer },
    ],
    attributes: {},
    weight: 1,
    origin: { kind: 'real', source: 'test', number: 1, use: 'train', share: 'anyone' },
  }
}

const cities = ['Rome', 'Oslo', 'Lima', 'Cairo', 'Quito', 'Paris', 'Delhi', 'Accra']
const asked = cities.flatMap((city, index) =>
  [1, 2, 3].map(nights => ({
    id: `${index}/${nights}`,
    city,
    nights,
    text: `a room in ${city} for ${nights} nights`,
  })),
)
const prompts = [{ prompt: '{{ text }}' }]

test('learns labels, and gives each a probability', async () => {
  const task: Task = {
    name: 't',
    kind: 'label',
    prompts,
    answer: 'nights',
    labels: ['two', 'one', 'three', 'four'],
    metric: 'accuracy',
  }
  const examples = asked.map(({ id, text, nights }) =>
    example(id, text, ['', 'one', 'two', 'three'][nights]!),
  )
  const student = decoderStudent(options)
  const model = await student.train({ task, examples, classWeights: 'none' }, context())
  const answers = await student.predict(structuredClone(model), examples, context())
  expect(answers.map(({ id }) => id)).toEqual(examples.map(({ id }) => id))
  const right = answers.filter(({ text }, index) => text === examples[index]!.messages[1]!.content).length
  expect(right).toBe(24)
  expect(Object.keys(answers[0]!.probabilities!)).toEqual(['two', 'one', 'three', 'four'])
  expect(Object.values(answers[0]!.probabilities!).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9)
})

test('fields are JSON of the task, however little was learned', async () => {
  const task: Task = { name: 't', kind: 'fields', prompts, fields: ['city', 'nights'], metric: 'field-f1' }
  const examples = asked.map(({ id, text, city, nights }) =>
    example(id, text, JSON.stringify({ city, nights })),
  )
  const student = decoderStudent({ ...options, epochs: 3 })
  const model = await student.train({ task, examples, classWeights: 'none' }, context())
  for (const { text } of await student.predict(model, examples.slice(0, 5), context())) {
    expect(Object.keys(parseAnswer(task, text)!)).toEqual(['city', 'nights'])
  }
})

test('one model learns several tasks, and answers each in its own form', async () => {
  const nights: Task = {
    name: 'nights',
    kind: 'label',
    prompts,
    answer: 'nights',
    labels: ['one', 'two', 'three'],
    metric: 'accuracy',
  }
  const city: Task = { name: 'city', kind: 'fields', prompts, fields: ['city'], metric: 'field-f1' }
  const counted = asked.map(({ id, text, nights: count }) =>
    example(`${id}/nights`, `${text}: how long?`, ['', 'one', 'two', 'three'][count]!),
  )
  const placed = asked.map(({ id, text, city: name }) =>
    example(`${id}/city`, `${text}: where?`, JSON.stringify({ city: name })),
  )
  const student = decoderStudent({ ...options, epochs: 30, size: { width: 64, layers: 2 } })
  const models = await student.trainTogether(
    [
      { task: nights, examples: counted, classWeights: 'none' },
      { task: city, examples: placed, classWeights: 'none' },
    ],
    context(),
  )
  expect(models['nights']!.learned).toBe(models['city']!.learned)
  expect(models['nights']!.config).toMatchObject({ width: 64, layers: 2 })
  const rightOf = async (task: string, examples: readonly Example[]): Promise<number> => {
    const answers = await student.predict(models[task]!, examples, context())
    return answers.filter(({ text }, index) => text === examples[index]!.messages[1]!.content).length
  }
  expect(await rightOf('nights', counted)).toBeGreaterThanOrEqual(22)
  expect(await rightOf('city', placed)).toBeGreaterThanOrEqual(22)
})

test('numbers can be read as numbers, texts are written freely', async () => {
  const student = decoderStudent({ ...options, epochs: 6 })
  const number: Task = { name: 't', kind: 'number', prompts, answer: 'nights', metric: 'mean-absolute-error' }
  const counted = asked.map(({ id, text, nights }) => example(id, text, String(nights)))
  const counting = await student.train({ task: number, examples: counted, classWeights: 'none' }, context())
  for (const { text } of await student.predict(counting, counted.slice(0, 4), context())) {
    expect(parseAnswer(number, text)).not.toBeNull()
  }
  const free: Task = { name: 't', kind: 'text', prompts, metric: 'token-f1' }
  const thanked = asked.map(({ id, text }) => example(id, text, 'you are welcome'))
  const polite = await student.train({ task: free, examples: thanked, classWeights: 'none' }, context())
  const answers = await student.predict(polite, thanked.slice(0, 4), context())
  expect(answers.map(({ text }) => text)).toEqual(Array(4).fill('you are welcome'))
})

test('trains an adapter beside a base model from a folder', async () => {
  const task: Task = {
    name: 't',
    kind: 'label',
    prompts,
    answer: 'nights',
    labels: ['few', 'many'],
    metric: 'accuracy',
  }
  const examples = asked
    .slice(0, 8)
    .map(({ id, nights }) => example(id, `${nights}?`, nights > 1 ? 'many' : 'few'))
  const lora = { rank: 4, alpha: 8, dropout: 0, targets: ['q_proj', 'v_proj', 'down_proj'] }
  const student = decoderStudent({
    ...options,
    base: 'test/fixtures/decoder/llama',
    lora,
    limit: 64,
    epochs: 60,
    learningRate: 1e-2,
  })
  const model = await student.train({ task, examples, classWeights: 'balanced' }, context())
  expect(Object.keys(model.learned)).toHaveLength(12)
  const answers = await student.predict(model, examples, context())
  const right = answers.filter(({ text }, index) => text === examples[index]!.messages[1]!.content).length
  expect(right).toBeGreaterThanOrEqual(7)

  // 64 tokens are the whole context: of a longer prompt the end is read, and that is told.
  const long = example('long', 'z'.repeat(200), '')
  const told: string[] = []
  const [answer] = await student.predict(
    model,
    [long],
    context(message => told.push(message)),
  )
  expect(['few', 'many']).toContain(answer!.text)
  expect(told).toEqual(['1 prompts are longer than 48 tokens; their beginnings are left out'])
})

test('refuses what cannot be learned, before it begins', async () => {
  const task: Task = { name: 't', kind: 'text', prompts, metric: 'token-f1' }
  const student = decoderStudent({ ...options, limit: 20 })
  const training = (examples: readonly Example[]) =>
    student.train({ task, examples, classWeights: 'none' }, context())
  await expect(training([])).rejects.toThrow('no examples to learn from')
  await expect(training([example('long', 'what '.repeat(40), 'yes')])).rejects.toThrow(
    'trainable-tokens: 1 examples have no token to learn within 20 tokens (long)',
  )
  const lora = { rank: 4, alpha: 8, dropout: 0, targets: ['q_proj'] }
  await expect(
    decoderStudent({ ...options, lora }).train(
      { task, examples: [example('a', 'b', 'c')], classWeights: 'none' },
      context(),
    ),
  ).rejects.toThrow('no weights for an adapter')
})

test('predicts nothing for nothing, and stops when told to', async () => {
  const task: Task = { name: 't', kind: 'text', prompts, metric: 'token-f1' }
  const student = decoderStudent({ ...options, epochs: 1 })
  const model = await student.train(
    { task, examples: [example('a', 'b', 'c')], classWeights: 'none' },
    context(),
  )
  expect(await student.predict(model, [], context())).toEqual([])
  const aborted = createContext({ seed: 1, name: 'test', signal: AbortSignal.abort(new Error('enough')) })
  await expect(student.predict(model, [example('a', 'b', 'c')], aborted)).rejects.toThrow('enough')
})

test('arms of any size have about 800 updates, 100 of an adapter, within 3 to 100 passes', () => {
  const counts = [10, 70, 660, 5000]
  const [scratch, adapter] = [updatesOf(undefined, false), updatesOf(undefined, true)]
  // 70 examples in batches of 8 are 9 updates, 660 are 83, 5,000 are 625.
  expect(counts.map(examples => epochsFor(examples, 8, scratch))).toEqual([100, 89, 10, 3])
  // 100 updates are 50 passes of 2 and 11 of 9.
  expect(counts.map(examples => epochsFor(examples, 8, adapter))).toEqual([50, 11, 3, 3])
})
