import { expect, test } from 'vitest'
import { chrf } from './chrf.ts'

// Of sacrebleu 2.6.0: CHRF(char_order=6, word_order=0, beta=2).sentence_score(candidate, [reference]).score / 100.
test.each([
  ['the cat sat on the mat', 'the cat is on the mat', 0.645779420625],
  ['Gull struck the left wing.', 'A gull hit the left wing during climb.', 0.379189286821],
  ['gull', 'gull', 1],
  ['gu', 'gull', 0.471698113208],
  ['Möwe traf den Flügel', 'Möwe schlug gegen den Flügel', 0.395833017013],
  ['鳥が翼に当たった', '鳥が左の翼に衝突した', 0.125568181818],
  ['🦅 hit 🛬', '🦅 struck 🛬', 0.081081081081],
  ['a b c', 'abc', 1],
  ['abc', 'xyz', 0],
  ['', 'gull', 0],
  ['gull', '', 0],
  ['', '', 0],
])('chrF of "%s" against "%s" is that of sacrebleu', (candidate, reference, score) => {
  expect(chrf(candidate, reference)).toBeCloseTo(score, 11)
})
