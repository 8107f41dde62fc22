import { existsSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { sharedData } from '../../test/scratch-folder.ts'
import { fingerprintTexts, matchFingerprints, normaliseText } from './fingerprint.ts'
import { readSource } from './read.ts'

const words = (from: number, count: number): string =>
  Array.from({ length: count }, (_, index) => `w${from + index}`).join(' ')

test('texts are compared without capitals, punctuation, spacing and compatibility forms', () => {
  expect(normaliseText('  Where’s   my CARD?!\n')).toBe('where s my card')
  expect(normaliseText('ﬁne ① Ｆｕｌｌ')).toBe('fine 1 full')
  expect(normaliseText('Cafe\u0301')).toBe(normaliseText('Café'))
  expect(normaliseText('?!')).toBe('')
})

test('a copy is found however it is written', () => {
  const marks = fingerprintTexts(['I am still waiting on my card?'], 'salt')
  expect(matchFingerprints('i am STILL waiting on my card', marks)).toEqual({ exact: true, overlap: 1 })
  expect(matchFingerprints('I am waiting on my card', marks).exact).toBe(false)
})

test('overlap is the share of 13-grams for long texts', () => {
  const marks = fingerprintTexts([words(0, 20)], 'salt')
  // 20 words have 8 13-grams; of w4 ... w23, the four that begin at w4 ... w7 are known.
  expect(matchFingerprints(words(4, 20), marks)).toEqual({ exact: false, overlap: 4 / 8 })
  expect(matchFingerprints(words(100, 20), marks)).toEqual({ exact: false, overlap: 0 })
})

test('overlap is the share of 5-grams for short texts, also where they are cut out of long ones', () => {
  const marks = fingerprintTexts([words(0, 20)], 'salt')
  expect(matchFingerprints(words(3, 8), marks)).toEqual({ exact: false, overlap: 1 })
  // 6 words have two 5-grams, w16 ... w20 with an unknown word and w15 ... w19.
  expect(matchFingerprints(words(15, 6), marks)).toEqual({ exact: false, overlap: 1 / 2 })
})

test('of fewer than five words only the whole counts', () => {
  const marks = fingerprintTexts(['lost card', words(0, 20)], 'salt')
  expect(matchFingerprints('Lost card!', marks)).toEqual({ exact: true, overlap: 1 })
  expect(matchFingerprints('w1 w2 w3', marks)).toEqual({ exact: false, overlap: 0 })
})

test('texts of punctuation alone match nothing', () => {
  expect(matchFingerprints('!!!', fingerprintTexts(['???', ''], 'salt'))).toEqual({
    exact: false,
    overlap: 0,
  })
})

test('scripts without spaces are compared sign by sign', () => {
  const marks = fingerprintTexts(['我的银行卡在哪里我还没有收到它'], 'salt')
  expect(matchFingerprints('请问我的银行卡在哪里', marks)).toEqual({ exact: false, overlap: 4 / 6 })
})

test('marks survive JSON, follow from texts and salt, and hold no text', () => {
  const texts = ['I have lost my card somewhere in Rome', 'What is my PIN']
  const marks = fingerprintTexts(texts, 'salt')
  expect(fingerprintTexts(texts.toReversed(), 'salt')).toEqual(marks)
  expect(fingerprintTexts(texts, 'other').texts).not.toBe(marks.texts)
  const copy = JSON.parse(JSON.stringify(marks))
  expect(matchFingerprints(texts[0]!, copy).exact).toBe(true)
  expect(JSON.stringify(marks)).not.toMatch(/lost|rome/i)
  // Two texts, no 13-gram, four 5-grams of the first: 6 bytes each.
  expect([marks.texts, marks.long, marks.short].map(packed => Buffer.from(packed, 'base64').length)).toEqual([
    12, 0, 24,
  ])
})

async function readTexts(file: string): Promise<string[]> {
  const whole = path.join(sharedData, 'banking77', file)
  const { rows } = await readSource({ name: 'b', path: whole, use: 'train', share: 'anyone', drop: [] })
  return rows.map(({ row }) => String(row['text']))
}

test.skipIf(!existsSync(sharedData))(
  'the 25 questions that BANKING77 has in both files are found',
  async () => {
    const marks = fingerprintTexts(await readTexts('train.csv'), 'banking/1')
    const found = (await readTexts('test.csv')).filter(text => matchFingerprints(text, marks).exact)
    // The same count by Python: normalised texts (NFKC, lower case, [\W_]+ to a space) of the test file that are in the train file.
    expect(found).toHaveLength(25)
  },
)

test('an overlap that is not above the one asked for is given as 0, one above it as it is', () => {
  const marked = fingerprintTexts(['a b c d e f g h'], 'salt')
  // Of the 5-grams of eight words, a b c d e and b c d e f are marked: 2 of 4.
  expect(matchFingerprints('a b c d e f x y', marked, 0.4).overlap).toBe(0.5)
  expect(matchFingerprints('a b c d e f x y', marked, 0.5).overlap).toBe(0)
  expect(matchFingerprints('a b c d e f g h', marked, 0.5)).toEqual({ exact: true, overlap: 1 })
})
