import { expect, test } from 'vitest'
import { makeInstructions } from '../../bench/made-instructions.ts'
import { createRandom } from '../data/random.ts'
import { words } from './ngrams.ts'
import { createRougeIndex } from './rouge-index.ts'

/** The definition, by the textbook's table: of the highest scores above the threshold the first. */
function findByAllPairs(text: readonly string[], texts: readonly (readonly string[])[], threshold: number) {
  let best: { key: string; score: number } | undefined
  for (const [number, other] of texts.entries()) {
    const table = Array.from({ length: text.length + 1 }, () => new Uint16Array(other.length + 1))
    for (const [i, word] of text.entries()) {
      for (const [j, rival] of other.entries()) {
        const longer = Math.max(table[i]![j + 1]!, table[i + 1]![j]!)
        table[i + 1]![j + 1] = word === rival ? table[i]![j]! + 1 : longer
      }
    }
    const common = table.at(-1)!.at(-1)!
    const score = text.length + other.length === 0 ? 1 : (2 * common) / (text.length + other.length)
    if (score > threshold && score > (best?.score ?? 0)) best = { key: String(number), score }
  }
  return best
}

function expectExact(texts: readonly (readonly string[])[], threshold: number): number {
  const index = createRougeIndex({ threshold })
  let found = 0
  for (const [number, text] of texts.entries()) {
    const match = index.findAbove(text)
    expect({ number, match }).toEqual({
      number,
      match: findByAllPairs(text, texts.slice(0, number), threshold),
    })
    if (match !== undefined) found++
    index.add(String(number), text)
  }
  return found
}

test('finds the same as a comparison of all pairs of instructions', () => {
  const texts = [...makeInstructions(600, 7)].map(text => words(text))
  const found = expectExact(texts, 0.7)
  expect(found).toBeGreaterThan(20)
  expect(found).toBeLessThan(580)
})

test.each([0.1, 0.35, 0.5, 2 / 3, 0.7, 0.95])(
  'is exact at the threshold %d, for texts of few words',
  threshold => {
    const random = createRandom(1, `few words ${threshold}`)
    // Few different words, so that repeats, equal scores and scores at the very threshold come up.
    const texts = Array.from({ length: 250 }, () =>
      Array.from({ length: random.integer(0, 12) }, () => random.pick(['a', 'b', 'c', 'd', 'e', 'f'])),
    )
    expect(expectExact(texts, threshold)).toBeGreaterThan(20)
  },
)

test('is exact for texts of more words than a bit-vector has bits', () => {
  const random = createRandom(2, 'long')
  const pool = Array.from({ length: 400 }, (_, number) => `w${number}`)
  const original = Array.from({ length: 150 }, () => random.pick(pool))
  const texts = Array.from({ length: 60 }, (_, number) =>
    original
      .slice(0, random.integer(20, 150))
      .map(word => (random.next() < number / 100 ? random.pick(pool) : word)),
  )
  expect(expectExact(texts, 0.7)).toBeGreaterThan(5)
})

test('a score at the threshold is not above it', () => {
  const index = createRougeIndex({ threshold: 0.7 })
  // Seven of ten words in common: 2 * 7 / 20.
  index.add('ten', words('a b c d e f g h i j'))
  expect(index.findAbove(words('a b c d e f g x y z'))).toBeUndefined()
  expect(index.findAbove(words('a b c d e f g h y z'))).toEqual({ key: 'ten', score: 0.8 })
})

test('the order of the words counts', () => {
  const index = createRougeIndex({ threshold: 0.7 })
  index.add('order', words('police killed the gunman'))
  expect(index.findAbove(words('the gunman killed police'))).toBeUndefined()
})

test('refuses a threshold that would compare everything', () => {
  expect(() => createRougeIndex({ threshold: 0.05 })).toThrow(RangeError)
  expect(() => createRougeIndex({ threshold: 1 })).toThrow(RangeError)
  expect(() => createRougeIndex({ threshold: Number.NaN })).toThrow(RangeError)
})
