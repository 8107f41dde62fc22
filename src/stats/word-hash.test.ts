import { expect, test } from 'vitest'
import { makeInstructions } from '../../bench/made-instructions.ts'
import { words } from './ngrams.ts'
import { wordHashes } from './word-hash.ts'

const texts = [
  'My card, has NOT arrived!',
  'under_scored 3.5 x-ray\ttabs\nlines',
  '  spaces  ',
  '',
  '?!',
  'naïve CAFÉ ﬁne Ω',
  'ascii then ümlaut',
]

test.each(texts)('there is a hash for each word of %j, the same for the same word', text => {
  const known = words(text)
  expect(wordHashes(text)).toHaveLength(known.length)
  expect([...wordHashes(text)]).toEqual(known.map(word => wordHashes(word)[0]))
})

test('text beyond ASCII gives its plain words the hashes they have elsewhere', () => {
  expect([...wordHashes('Lost card')]).toEqual([...wordHashes('LOST card é')].slice(0, 2))
})

test('different words have different hashes', () => {
  const known = new Set([...makeInstructions(5_000, 3)].flatMap(text => words(text)))
  expect(known.size).toBeGreaterThan(5_000)
  expect(new Set([...known].map(word => wordHashes(word)[0])).size).toBe(known.size)
})
