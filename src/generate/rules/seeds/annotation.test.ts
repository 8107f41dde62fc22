import { expect, test } from 'vitest'
import { fillAnswer, leavesOf, locateAnswer } from './locate.ts'
import { readMarkup, writeMarkup } from './markup.ts'
import { readSpans, writeSpans } from './spans.ts'

const shown = (text: string, { marks }: { marks: readonly { start: number; end: number; slot: string }[] }) =>
  marks.map(({ start, end, slot }) => [slot, text.slice(start, end)])

test('markup is read as its plain text and slots', () => {
  const { text, marks } = readMarkup('Weather in [city: New York] and [ city:Rome ] \\[now\\]')
  expect(text).toBe('Weather in New York and Rome [now]')
  expect(shown(text, { marks })).toEqual([
    ['city', 'New York'],
    ['city', 'Rome'],
  ])
  expect(marks.map(({ key }) => key)).toEqual(['city', 'city#2'])
})

test('markup that is written is read again', () => {
  const segments = [
    { text: 'Play ', slot: null },
    { text: 'a [live] \\ cut', slot: 'track' },
    { text: ' now', slot: null },
  ]
  const { text, marks } = readMarkup(writeMarkup(segments))
  expect(text).toBe('Play a [live] \\ cut now')
  expect(shown(text, { marks })).toEqual([['track', 'a [live] \\ cut']])
})

test.each([
  ['in [city Paris]', '"[" at character 4'],
  ['in [city: ]', '"[" at character 4'],
  ['in Paris]', '"]" at character 9'],
])('the markup %j is refused with its place', (markup, place) => {
  expect(() => readMarkup(markup)).toThrow(place)
})

test('spans count Unicode characters, and are written as they are read', () => {
  const text = '🌧 in Åland 🌧'
  const marks = readSpans('[{"start": 5, "end": 10, "slot": "country"}]', text)
  expect(shown(text, { marks })).toEqual([['country', 'Åland']])
  const segments = [
    { text: '🌧 in ', slot: null },
    { text: 'Åland', slot: 'country' },
  ]
  expect(JSON.parse(writeSpans(segments))).toEqual([{ start: 5, end: 10, slot: 'country' }])
})

const readShort = (json: string) => readSpans(json, 'to Paris').map(({ slot, start }) => [slot, start])

test("other tools' names for the slot are read", () => {
  expect(readShort('[{"start": 3, "end": 8, "label": "city"}]')).toEqual([['city', 3]])
  expect(readShort('[{"start": 3, "end": 8, "entity": "city", "score": 1}]')).toEqual([['city', 3]])
  expect(readShort('[[3, 8, "city"]]')).toEqual([['city', 3]])
})

test.each([
  ['{', 'not JSON'],
  ['{"start": 1}', 'not a list such as'],
  ['[[3, 9, "city"]]', '3 to 9 ("city") does not lie in the text, which has 8 characters'],
  ['[[3, 3, "city"]]', 'does not lie in the text'],
  ['[[0, 4, "a"], [3, 8, "b"]]', '"a" and "b" overlap'],
])('the spans %j are refused', (json, reason) => {
  expect(() => readSpans(json, 'to Paris')).toThrow(reason)
})

const values = (given: Record<string, string | number | boolean | null>) =>
  Object.entries(given).map(([key, value]) => ({ key, slot: key, value }))

test('answers are found whatever their case, number, blanks and numerals', () => {
  const text = 'Two Gulls and a snow-goose hit the BOEING 737 on 3 flights near york'
  const { marks, fixed } = locateAnswer(
    text,
    values({
      count: 2,
      species: 'gull',
      other: 'Snow Goose',
      type: 'Boeing 737',
      flights: 3,
      city: 'York',
      damaged: true,
      note: 'nothing like it',
      missing: null,
    }),
  )
  expect(shown(text, { marks })).toEqual([
    ['count', 'Two'],
    ['species', 'Gulls'],
    ['other', 'snow-goose'],
    ['type', 'BOEING 737'],
    ['flights', '3'],
    ['city', 'york'],
  ])
  expect(Object.fromEntries(marks.map(({ slot, forms }) => [slot, forms]))).toMatchObject({
    count: ['numeral', 'capital'],
    species: ['plural', 'capital'],
    type: ['upper'],
    flights: [],
    city: ['lower'],
  })
  expect(fixed).toEqual({ damaged: true, note: 'nothing like it' })
})

test('only whole words are found, the longest value first, at every place', () => {
  const text = 'York is not New York, nor Yorkshire; york it is'
  const { marks } = locateAnswer(text, values({ a: 'York', b: 'New York' }))
  expect(shown(text, { marks })).toEqual([
    ['a', 'York'],
    ['b', 'New York'],
    ['a', 'york'],
  ])
})

test('a plural answer is found in the singular', () => {
  const text = 'one pizza, one box'
  expect(shown(text, locateAnswer(text, values({ a: 'pizzas', b: 'boxes' })))).toEqual([
    ['a', 'pizza'],
    ['b', 'box'],
  ])
})

test('a JSON answer is taken apart and put together by path', () => {
  const json = '{"where":{"city":"Paris"},"dishes":["soup","fish"],"table":null}'
  expect(leavesOf(json)).toEqual([
    { key: 'where.city', slot: 'where.city', value: 'Paris' },
    { key: 'dishes.0', slot: 'dishes', value: 'soup' },
    { key: 'dishes.1', slot: 'dishes', value: 'fish' },
    { key: 'table', slot: 'table', value: null },
  ])
  expect(fillAnswer(json, { 'where.city': 'Rome', 'dishes.1': 'rice' })).toBe(
    '{"where":{"city":"Rome"},"dishes":[null,"rice"],"table":null}',
  )
})
