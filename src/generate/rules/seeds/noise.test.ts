import { expect, test } from 'vitest'
import { createRandom } from '../../../data/random.ts'
import { addNoise } from './noise.ts'
import { fitNoise, shrunkRate, takeFiller } from './noise-fit.ts'
import type { NoiseModel } from './noise-model.ts'
import { fitTypos, mistakeFrom, mistype } from './typo.ts'

const sentences = [
  "They don't know where the Paris train goes tomorrow",
  'Tell Maria that the museum opens tomorrow',
  "What's the weather like near London tomorrow",
  'Bring the large umbrella from the Vienna kitchen tomorrow',
  "They're playing football behind the Berlin station",
  'Where does the morning concert happen with Anna',
]

/** Known words, so that every mistyped one has its twin. */
const vocabulary = sentences

const known: NoiseModel = {
  casing: { sentence: 0.5, plain: 0.2, lower: 0.25, upper: 0.05 },
  endDropped: 0.6,
  apostropheDropped: 0.3,
  typo: 0.06,
  typos: { replaced: 0.4, 'left-out': 0.3, added: 0.2, exchanged: 0.1 },
  before: 0.15,
  after: 0.1,
  fillers: { before: { hey: 3, please: 1 }, after: { thanks: 1 } },
  moods: { hey: ['question', 'statement', 'request'], please: ['question', 'statement', 'request'] },
  abbreviations: { tomorrow: { rate: 0.4, ways: { tmrw: 3, tmr: 1 } } },
}

function write(text: string, model: NoiseModel, count: number): readonly string[] {
  const random = createRandom(1, text)
  const segments = [{ text, slot: null }]
  return Array.from({ length: count }, () =>
    addNoise(segments, model, { mark: null, random })
      .map(segment => segment.text)
      .join(''),
  )
}

test('the rates of a known channel are measured from what it wrote', () => {
  const texts = sentences.flatMap(sentence => write(sentence, known, 1000))
  const fitted = fitNoise(texts, {}, vocabulary)
  // Six sentences a thousand times: the standard errors are below 0.01; words of 4 letters or more number about 30,000.
  for (const casing of ['sentence', 'plain', 'lower', 'upper'] as const) {
    expect(Math.abs(fitted.casing[casing] - known.casing[casing])).toBeLessThan(0.03)
  }
  expect(Math.abs(fitted.endDropped - known.endDropped)).toBeLessThan(0.02)
  expect(Math.abs(fitted.apostropheDropped - known.apostropheDropped)).toBeLessThan(0.03)
  expect(Math.abs(fitted.typo - known.typo)).toBeLessThan(0.01)
  for (const kind of ['replaced', 'left-out', 'added', 'exchanged'] as const) {
    expect(Math.abs(fitted.typos[kind] - known.typos[kind])).toBeLessThan(0.06)
  }
  expect(Math.abs(fitted.before - known.before)).toBeLessThan(0.03)
  expect(Math.abs(fitted.after - known.after)).toBeLessThan(0.03)
  expect(Math.abs(fitted.abbreviations['tomorrow']!.rate - 0.4)).toBeLessThan(0.03)
  const { hey, please } = fitted.fillers.before
  expect(hey! / (hey! + please!)).toBeGreaterThan(0.65)
  const { tmrw, tmr } = fitted.abbreviations['tomorrow']!.ways
  expect(tmrw! / (tmrw! + tmr!)).toBeGreaterThan(0.65)
})

test('a filler goes before what it was seen before: a plea is not put before a question or a statement', () => {
  const seeds = [
    'Please renew Emma for me',
    'Hey, renew Dracula',
    'Hey where is Emma?',
    'please put it aside',
  ]
  const model = { ...fitNoise(seeds, {}), before: 1, typo: 0 }
  const beginnings = (text: string): readonly string[] => [
    ...new Set(write(text, model, 200).map(written => written.split(/[ ,]/)[0]!.toLowerCase())),
  ]
  expect(beginnings('renew The Hobbit').toSorted()).toEqual(['hey', 'please'])
  expect(beginnings('until when can I come in')).toEqual(['hey'])
  expect(beginnings('I need Middlemarch')).toEqual(['i'])
})

test('few clean texts leave every rate near clean writing', () => {
  const fitted = fitNoise(['Where is Anna?', 'She is in Rome.'], {})
  expect(fitted.typo).toBeLessThan(0.005)
  expect(fitted.before).toBeLessThan(0.01)
  expect(fitted.casing.sentence).toBeGreaterThan(0.8)
  expect(fitted.abbreviations['tomorrow']!.rate).toBeLessThan(0.01)
})

test('a rate is drawn to its prior by as many observations as the prior weighs', () => {
  // By hand: (3 + 0.1 x 10) / (10 + 10).
  expect(shrunkRate(3, 10, { rate: 0.1, strength: 10 })).toBeCloseTo(0.2, 12)
})

test.each([
  ['weather', 'wether', 'left-out'],
  ['weather', 'weatther', 'added'],
  ['weather', 'waether', 'exchanged'],
  ['weather', 'wezther', 'replaced'],
  ['weather', 'feather', null],
  ['movie', 'movies', null],
  ['rated', 'rates', null],
  ['weather', 'whether', null],
])('%s written as %s is %s', (right, written, mistake) => {
  expect(mistakeFrom(right, written)).toBe(mistake)
})

test('mistyped words are recognised as the mistake that was made', () => {
  const random = createRandom(1, 'typos')
  for (const kind of ['replaced', 'left-out', 'added', 'exchanged'] as const) {
    for (let round = 0; round < 50; round++)
      expect(mistakeFrom('doctrine', mistype('doctrine', kind, random))).toBe(kind)
  }
})

test('rare words without a frequent twin are no typing mistakes', () => {
  const texts = ['Zurich Geneva Lugano', ...Array.from({ length: 10 }, () => 'weather report')]
  // By hand: 20 frequent words, none wrong, and the prior of 0.4 in 200.
  expect(fitTypos(texts, []).typo).toBeCloseTo(0.4 / 220, 12)
  // One of 21 wrong.
  expect(fitTypos([...texts, 'wether'], []).typo).toBeCloseTo(1.4 / 221, 12)
})

test('fillers are taken from either end, never out of the middle', () => {
  expect(takeFiller('Please, play it', ['please'], 'before')).toEqual({ filler: 'please', rest: 'play it' })
  expect(takeFiller('Play it, please.', ['please'], 'after')).toEqual({ filler: 'please', rest: 'Play it.' })
  expect(takeFiller('He pleased me', ['please'], 'before').filler).toBeNull()
  expect(takeFiller('please', ['please'], 'before').filler).toBeNull()
})

test('slots stay known under noise', () => {
  const random = createRandom(1, 'slots')
  const segments = [
    { text: 'Fly to ', slot: null },
    { text: 'Amsterdam', slot: 'city' },
  ]
  for (let round = 0; round < 200; round++) {
    const made = addNoise(segments, known, { mark: '.', random })
    const city = made.find(({ slot }) => slot === 'city')
    expect(city!.text.toLowerCase()).toMatch(/^a.{6,9}m$/)
  }
})
