import { expect, test } from 'vitest'
import { didYouMean, nearestWord, oneOf } from './did-you-mean.ts'

test.each([
  ['trian', 'train'],
  ['training', 'train'],
  ['cvs', 'csv'],
  ['Damage', 'damage'],
  ['evalute', 'evaluate'],
  ['xyz', undefined],
  ['te', undefined],
])('%s is taken for %s', (word, meant) => {
  expect(nearestWord(word, ['test', 'train', 'csv', 'damage', 'evaluate'])).toBe(meant)
})

test('nothing is asked where nothing is near', () => {
  expect(didYouMean('sede', ['seed', 'json'])).toBe(' Did you mean "seed"?')
  expect(didYouMean('colour', ['seed', 'json'])).toBe('')
})

test('lists read as sentences do', () => {
  expect(oneOf(['a'])).toBe('a')
  expect(oneOf(['a', 'b', 'c'])).toBe('a, b or c')
  expect(oneOf(Array.from({ length: 14 }, (_, index) => String(index)))).toBe(
    '0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 or 3 more',
  )
})
