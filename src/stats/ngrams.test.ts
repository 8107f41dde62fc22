import { expect, test } from 'vitest'
import { characterNgrams, normaliseText, wordNgrams, words } from './ngrams.ts'

test('normalises width, case and white space but not punctuation', () => {
  expect(normaliseText('  Ｃａｒｄ\t NOT\n arrived?! ')).toBe('card not arrived?!')
})

test('finds the words of any script, without punctuation', () => {
  expect(words('Où est—my_card #42? Καλημέρα')).toEqual(['où', 'est', 'my_card', '42', 'καλημέρα'])
})

test('keeps combining marks within their word', () => {
  expect(words('हिन्दी भाषा')).toEqual(['हिन्दी', 'भाषा'])
})

test('runs n-grams over neighbouring words, with repeats', () => {
  expect(wordNgrams('the cat, the cat sat', 2)).toEqual(['the cat', 'cat the', 'the cat', 'cat sat'])
})

test('has no n-gram longer than the text', () => {
  expect(wordNgrams('two words', 3)).toEqual([])
  expect(characterNgrams('', 1)).toEqual([])
})

test('counts characters as code points', () => {
  expect(characterNgrams('A😀b', 2)).toEqual(['a😀', '😀b'])
})

test('refuses a size that is no positive integer', () => {
  expect(() => wordNgrams('a b', 0)).toThrow(RangeError)
  expect(() => characterNgrams('a b', 1.5)).toThrow(RangeError)
})
