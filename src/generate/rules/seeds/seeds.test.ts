import { expect, test } from 'vitest'
import { createContext } from '../../../context.ts'
import type { Attributes } from '../../../data/example.ts'
import type { Row, TracedRow } from '../../../data/row.ts'
import { readMarkup } from './markup.ts'
import { seedsOptions } from './options.ts'
import { type FittedSeeds, seedsGenerator } from './seeds.ts'
import { readSpans } from './spans.ts'

const schema = { rows: 0, columns: [] }

function traced(row: Row, index: number): TracedRow {
  const id = `requests:${index + 1}`
  return {
    id,
    group: id,
    row,
    origin: { kind: 'real', source: 'requests', number: index + 1, use: 'train', share: 'anyone' },
  }
}

function fit(options: unknown, rows: readonly Row[]): Promise<FittedSeeds> {
  const context = createContext({ seed: 1, name: 'fit' })
  return seedsGenerator.fit(seedsOptions.parse(options), { rows: rows.map(traced), schema }, context)
}

async function made(
  options: unknown,
  rows: readonly Row[],
  cell: Attributes,
  count: number,
): Promise<readonly Row[]> {
  // As a run keeps it between its steps.
  const fitted = JSON.parse(JSON.stringify(await fit(options, rows))) as FittedSeeds
  const context = createContext({ seed: 1, name: 'make' })
  return seedsGenerator.make(seedsOptions.parse(options), fitted, { cell, count }, context)
}

async function supports(options: unknown, rows: readonly Row[], cell: Attributes): Promise<true | string> {
  return seedsGenerator.supports(seedsOptions.parse(options), await fit(options, rows), cell)
}

const requests = [
  { intent: 'weather', marked: 'Will it rain in [city: Paris] on [day: Monday]?' },
  { intent: 'weather', marked: 'is it cold in [city: Rome]' },
  { intent: 'weather', marked: 'How hot is it on [day: Friday] at noon?' },
  { intent: 'music', marked: 'Play a [kind: song] by [artist: Nina]' },
  { intent: 'music', marked: 'play something by [artist: Ella] from the [year: sixties]' },
  { intent: 'music', marked: 'Hello, nothing marked here' },
].map(({ intent, marked }) => ({ intent, marked, text: readMarkup(marked).text }))

const options = {
  text: 'text',
  labels: ['intent'],
  slots: { markup: 'marked' },
  values: { city: ['{@cities}'], artist: ['{faker:person.firstName}'], kind: ['album', 'song'] },
  lists: { cities: ['Oslo', 'Lima', 'Cairo'] },
}

test('rows agree with the cell, and their markup with their text', async () => {
  const rows = await made(options, requests, { intent: 'weather' }, 60)
  expect(rows).toHaveLength(60)
  expect(new Set(rows.map(({ text }) => text)).size).toBe(60)
  for (const { intent, text, marked, ...rest } of rows) {
    expect(intent).toBe('weather')
    expect(rest).toEqual({})
    expect(readMarkup(String(marked)).text).toBe(text)
    expect(text).not.toMatch(/play/i)
  }
})

test('values come from seeds, lists and Faker, and wordings are recombined', async () => {
  const texts = (await made({ ...options, noise: 'off' }, requests, {}, 120)).map(({ text }) => String(text))
  expect(texts.some(text => /^is it cold in (?:Oslo|Lima|Cairo)$/.test(text))).toBe(true)
  expect(texts.some(text => text.includes('Paris'))).toBe(true)
  expect(texts.some(text => /^is it cold in \w+ on Monday/.test(text))).toBe(true)
  expect(texts.some(text => /^Play an album by \w+$/.test(text))).toBe(true)
  const artists = new Set(texts.flatMap(text => /by (\w+)/.exec(text)?.[1] ?? []))
  expect(artists.size).toBeGreaterThan(10)
})

test('without recombination every wording is that of one seed', async () => {
  const rows = await made({ ...options, recombine: 0, noise: 'off' }, requests, { intent: 'weather' }, 30)
  for (const { text } of rows) {
    expect(text).toMatch(
      /^(?:Will it rain in \w+ on \w+\?|is it cold in \w+|How hot is it on \w+ at noon\?)$/,
    )
  }
})

test('nothing but the rows it is fitted on, the lists and Faker is ever written', async () => {
  const parts = requests.slice(0, 3)
  const rows = await made({ ...options, values: { city: ['{@cities}'] } }, parts, {}, 200)
  const known = new Set(
    'will it rain in paris on monday is cold rome how hot friday at noon oslo lima cairo please hey'.split(
      ' ',
    ),
  )
  const clean = await made({ ...options, values: { city: ['{@cities}'] }, noise: 'off' }, parts, {}, 200)
  expect(rows.length).toBeGreaterThan(0)
  for (const { text } of clean) {
    expect(
      String(text)
        .toLowerCase()
        .match(/\p{L}+/gu)!
        .filter(word => !known.has(word)),
    ).toEqual([])
  }
})

test('the same seed writes the same rows', async () => {
  expect(await made(options, requests, {}, 40)).toEqual(await made(options, requests, {}, 40))
})

test('seeds are not made again', async () => {
  const texts = new Set(requests.map(({ text }) => text.toLowerCase()))
  for (const { text } of await made(options, requests, {}, 100))
    expect(texts.has(String(text).toLowerCase())).toBe(false)
})

test.each([
  [{ intent: 'wether' }, 'no seed has intent = wether. Did you mean "weather"?'],
  [{ mood: 'sad' }, 'the seeds decide intent, and "mood" is none of them'],
] as const)('the cell %j is refused with its reason', async (cell, reason) => {
  expect(await supports(options, requests, cell)).toContain(reason)
  expect(await made(options, requests, cell, 3)).toEqual([])
})

const orders = [
  {
    text: 'Two large pizzas for Anna at the office',
    count: 2,
    dish: 'pizza',
    name: 'Anna',
    place: 'office',
    paid: true,
  },
  { text: 'I want 3 soups for Ben', count: 3, dish: 'soup', name: 'Ben', place: null, paid: true },
  {
    text: 'Bring four salads, the name is Carla',
    count: 4,
    dish: 'salad',
    name: 'Carla',
    place: null,
    paid: true,
  },
]
const orderOptions = {
  text: 'text',
  slots: { columns: ['count', 'dish', 'name', 'place', 'paid'] },
  values: { dish: ['curry', 'taco'], name: ['Dora', 'Emil'] },
  noise: 'off',
}

test('an answer located in the text stays the answer to it', async () => {
  const rows = await made(orderOptions, orders, {}, 40)
  expect(rows).toHaveLength(40)
  const plurals: Record<string, string> = {
    pizza: 'pizzas',
    soup: 'soups',
    salad: 'salads',
    curry: 'curries',
    taco: 'tacos',
  }
  const numerals = ['zero', 'one', 'two', 'three', 'four']
  for (const { text, count, dish, name, place, paid } of rows) {
    expect(typeof count).toBe('number')
    expect(String(text).toLowerCase()).toMatch(
      new RegExp(`\\b(?:${String(count)}|${numerals[Number(count)]})\\b`),
    )
    expect(text).toContain(plurals[String(dish)])
    expect(text).toContain(name)
    expect(String(text).includes('office')).toBe(place === 'office')
    expect(paid).toBe(true)
  }
})

test('a cell may fix a value of the answer, where a wording has a place for it', async () => {
  const rows = await made(orderOptions, orders, { dish: 'noodle', place: 'office' }, 10)
  expect(rows).toHaveLength(10)
  for (const row of rows) {
    expect(row).toMatchObject({ dish: 'noodle', place: 'office' })
    expect(row['text']).toContain('noodles')
    expect(row['text']).toContain('office')
  }
  expect(await supports(orderOptions, orders, { paid: false })).toContain('no seed has a wording that fits')
})

test('a JSON answer is filled in with the values written', async () => {
  const answers = [
    { text: 'Fly from Rome to Oslo', answer: '{"route":{"from":"Rome","to":"Oslo"},"class":"economy"}' },
    {
      text: 'I go to Bonn, coming from Bern',
      answer: '{"route":{"from":"Bern","to":"Bonn"},"class":"economy"}',
    },
  ]
  const json = {
    text: 'text',
    slots: { json: 'answer' },
    values: { 'route.to': ['Lima', 'Cairo'] },
    noise: 'off',
  }
  const rows = await made(json, answers, {}, 6)
  expect(rows.length).toBeGreaterThan(3)
  for (const row of rows) {
    const answer = JSON.parse(String(row['answer'])) as {
      route: { from: string | null; to: string }
      class: string
    }
    expect(row['text']).toContain(`to ${answer.route.to}`)
    expect(/from (\w+)/.exec(String(row['text']))?.[1] ?? null).toBe(answer.route.from)
    expect(answer.class).toBe('economy')
  }
})

test('spans are those of the text that was written, under noise too', async () => {
  const rows = [
    { home_town: 'Ulm', text: 'fly to Åland', spans: '[[7, 12, "place"]]' },
    { home_town: 'Ulm', text: 'Please go to Rome', spans: '[[13, 17, "place"]]' },
  ]
  const spans = {
    text: 'text',
    slots: { spans: 'spans' },
    values: { place: ['Oslo', 'New York', '{home_town}'] },
  }
  const written = await made(spans, rows, {}, 20)
  for (const row of written) {
    const [mark] = readSpans(String(row['spans']), String(row['text']))
    expect(String(row['text']).slice(mark!.start, mark!.end).toLowerCase()).toMatch(
      /^(?:.land|rome|oslo|new york|ulm)$/,
    )
  }
  expect(written.some(row => /ulm/i.test(String(row['text'])))).toBe(true)
})

test('slots that are alike stand for one another, unseen ones too, and the annotation follows', async () => {
  const alike = {
    ...options,
    alike: [['city', 'state']],
    values: { ...options.values, state: ['Utah'] },
    noise: 'off',
  }
  const rows = await made(alike, requests, { intent: 'weather' }, 60)
  const swapped = rows.filter(({ text }) => String(text).includes('Utah'))
  expect(swapped.length).toBeGreaterThan(5)
  for (const { marked } of swapped) expect(marked).toContain('[state: Utah]')
})

test('rows without annotation are wording alone, and their rows are not annotated either', async () => {
  const some = [
    ...requests.slice(0, 3),
    { intent: 'weather', marked: null, text: 'Tell me of snow, is it cold in Bern' },
  ]
  const rows = await made({ ...options, synonyms: [['snow', 'hail']], noise: 'off' }, some, {}, 60)
  const bare = rows.filter(({ text }) => String(text).includes('Bern'))
  expect(bare.map(({ text, marked }) => [text, marked])).toEqual([
    ['Tell me of hail, is it cold in Bern', null],
  ])
  const others = rows.filter(row => !bare.includes(row))
  for (const { marked, text } of others) expect(readMarkup(String(marked)).text).toBe(text)
})

test('values of a slot follow the label, unless it is shared', async () => {
  const rows = [
    { kind: 'a', text: 'one X', spans: '[[4, 5, "s"]]' },
    { kind: 'a', text: 'three X', spans: '[[6, 7, "s"]]' },
    { kind: 'b', text: 'two Y', spans: '[[4, 5, "s"]]' },
  ]
  const base = { text: 'text', labels: ['kind'], slots: { spans: 'spans' }, noise: 'off' }
  expect(await made(base, rows, { kind: 'a' }, 5)).toEqual([])
  const shared = await made({ ...base, shared: ['s'] }, rows, { kind: 'a' }, 5)
  expect(shared.map(({ text }) => text).toSorted()).toEqual(['one Y', 'three Y'])
})

test('mistakes are told with their place', async () => {
  const rows = [{ text: 'in Paris', marked: 'in [city Paris]' }]
  await expect(fit({ text: 'text', slots: { markup: 'marked' } }, rows)).rejects.toThrow(
    'Source requests, record 1: "[" at character 4',
  )
  const other = [{ text: 'in Paris', marked: 'in [city: Rome]' }]
  await expect(fit({ text: 'text', slots: { markup: 'marked' } }, other)).rejects.toThrow(
    'is not the text without its marks',
  )
  await expect(fit({ text: 'txt' }, rows)).rejects.toThrow('Did you mean "text"?')
  await expect(fit({ text: 'text' }, [{ text: null }])).rejects.toThrow('No training row has a text')
})

test.each([
  [{ values: { city: ['{@citys}'] } }, 'Did you mean "cities"?'],
  [{ values: { city: ['{faker:location.cty}'] } }, 'Did you mean "city"?'],
  [{ values: { city: [{ value: 'Rome', when: { mood: 'sad' } }] } }, '"mood" is none of them'],
  [{ synonyms: [{ words: ['a', 'b'], when: { mood: 'sad' } }] }, '"mood" is none of them'],
  [{ slots: { markup: 'a', spans: 'b' } }, 'exactly one of'],
] as const)('the options %j are refused', (wrong, reason) => {
  const parsed = seedsOptions.safeParse({ ...options, ...wrong })
  expect(JSON.stringify(parsed.error?.issues ?? [])).toContain(reason.replaceAll('"', '\\"'))
})
