import { expect, test } from 'vitest'
import { rougeL } from './rouge.ts'

// The sentences and figures of Lin 2004, section 3.1: reference "police killed the gunman".
test('scores the sentences of the ROUGE paper as it does', () => {
  expect(rougeL('police kill the gunman', 'police killed the gunman').f1).toBe(0.75)
  expect(rougeL('the gunman kill police', 'police killed the gunman').f1).toBe(0.5)
  expect(rougeL('the gunman police killed', 'police killed the gunman').f1).toBe(0.5)
})

test('parts precision from recall', () => {
  // Longest common subsequence "a c e": 3 of 5 said, 3 of 4 expected.
  expect(rougeL('a b c d e', 'a c x e')).toEqual({
    precision: 0.6,
    recall: 0.75,
    f1: (2 * 3) / (5 + 4),
  })
})

test('is 1 for equal texts, 0 without common words, and knows empty texts', () => {
  expect(rougeL('Lost card!', 'lost CARD').f1).toBe(1)
  expect(rougeL('lost card', 'top up').f1).toBe(0)
  expect(rougeL('', 'top up')).toEqual({ precision: 0, recall: 0, f1: 0 })
  expect(rougeL('', '?').f1).toBe(1)
})
