import { expect, test } from 'vitest'
import { scoreItem } from './score.ts'
import { taskSchema, type Task } from './task.ts'

function taskOf(definition: object): Task {
  return { ...taskSchema.parse({ prompts: ['?'], ...definition }), name: 'sample' }
}
const tokenF1 = taskOf({ kind: 'text', response: '{{ a }}' })
const exactText = taskOf({ kind: 'text', response: '{{ a }}', metric: 'exact-match' })
const fieldF1 = taskOf({ kind: 'fields', fields: ['size', 'speed', 'phase'] })
const exactFields = taskOf({ kind: 'fields', fields: ['size', 'speed', 'phase'], metric: 'exact-match' })
const number = taskOf({ kind: 'number', answer: 'n' })
const label = taskOf({ kind: 'label', answer: 'a', labels: ['no', 'yes'] })

// By hand: "in climb phase" (the article and the full stop go) and "climb phase now of flight" share 2 of 3 and 5 words,
// so precision 2/5, recall 2/3, F1 = 2 · 2 / (3 + 5) = 1/2.
test('token F1 counts shared words, as SQuAD does', () => {
  expect(scoreItem(tokenF1, 'In the climb phase.', 'Climb phase, now of flight')).toBe(0.5)
})

// By hand: "to be or not to be" and "to to to" share "to" twice: F1 = 2 · 2 / (6 + 3).
test('token F1 counts a repeated word as often as both sides have it', () => {
  expect(scoreItem(tokenF1, 'to be or not to be', 'to to to')).toBeCloseTo(4 / 9, 12)
})

test('an answer that is not there, or not of the kind, scores nothing', () => {
  expect(scoreItem(tokenF1, 'A gull', null)).toBe(0)
  expect(scoreItem(tokenF1, 'A gull', ' ')).toBe(0)
  expect(scoreItem(fieldF1, '{"size":"Small"}', 'size: Small')).toBe(0)
  expect(scoreItem(label, 'yes', 'perhaps')).toBe(0)
})

test('exact match is blind to case, articles and punctuation', () => {
  expect(scoreItem(exactText, 'The gull.', 'a GULL')).toBe(1)
  expect(scoreItem(exactText, 'The gull.', 'the gulls')).toBe(0)
})

// By hand: wanted size and speed (phase is missing), given size, speed and phase; size is right, speed is wrong, phase is
// not wanted: F1 = 2 · 1 / (2 + 3).
test('field F1 counts right pairs of field and value, and missing values as nothing', () => {
  const gold = '{"size":"Small","speed":120,"phase":null}'
  expect(scoreItem(fieldF1, gold, '{"size":"small","speed":130,"phase":"Climb"}')).toBeCloseTo(2 / 5, 12)
  expect(scoreItem(fieldF1, gold, '{"size":"Small","speed":"120"}')).toBe(1)
  expect(scoreItem(exactFields, gold, '{"size":"Small","speed":"120"}')).toBe(1)
  expect(scoreItem(exactFields, gold, '{"size":"Small"}')).toBe(0)
})

test('a field that objects inherit is not an answer', () => {
  expect(scoreItem(fieldF1, '{"size":"Small"}', '{"size":"Small","constructor":"Small"}')).toBeCloseTo(
    2 / 3,
    12,
  )
})

test('absolute error is a distance, and no answer counts as 0', () => {
  expect(scoreItem(number, '120', '100 knots')).toBe(20)
  expect(scoreItem(number, '-3', '4')).toBe(7)
  expect(scoreItem(number, '120', 'no idea')).toBe(120)
})

test('a label is right or wrong', () => {
  expect(scoreItem(label, 'yes', 'Yes.')).toBe(1)
  expect(scoreItem(label, 'yes', 'no')).toBe(0)
})

const nested = '{"bird":{"size":"Large","count":2},"parts":["wing","engine","wing"]}'

// By hand: four other pairs of five, in any order; the same value at another path is wrong, a list's order is not.
test('field F1 goes into objects and lists', () => {
  expect(
    scoreItem(fieldF1, nested, '{"parts":["engine","wing","wing"],"bird":{"count":2,"size":"large"}}'),
  ).toBe(1)
  expect(scoreItem(fieldF1, nested, '{"bird":{"size":"Large"},"parts":["wing","engine"]}')).toBeCloseTo(
    6 / 8,
    12,
  )
  expect(scoreItem(fieldF1, nested, '{"size":"Large","parts":["wing"]}')).toBeCloseTo(2 / 7, 12)
  expect(scoreItem(exactFields, nested, nested.replace('engine', 'tail'))).toBe(0)
})

test('a number is the same as text or with other decimals, and not a near one', () => {
  expect(scoreItem(exactFields, '{"speed":120,"size":"1e2"}', '{"size":100,"speed":"120.0"}')).toBe(1)
  expect(scoreItem(fieldF1, '{"speed":120}', '{"speed":120.5}')).toBe(0)
  expect(scoreItem(fieldF1, '{"flag":true}', '{"flag":"True"}')).toBe(1)
  expect(scoreItem(fieldF1, '{"zip":"0123"}', '{"zip":"123"}')).toBe(0)
  expect(scoreItem(fieldF1, '{"id":"12345678901234567890"}', '{"id":"12345678901234567891"}')).toBe(0)
})

const chrfText = taskOf({ kind: 'text', response: '{{ a }}', metric: 'chrf' })
const rougeText = taskOf({ kind: 'text', response: '{{ a }}', metric: 'rouge-l' })

// chrF as in stats/chrf.test.ts; ROUGE-L by hand: "the cat on the mat", 5 of 6 and 6 words.
test('free text can be scored by characters or by word order', () => {
  expect(scoreItem(chrfText, 'the cat is on the mat', 'the cat sat on the mat')).toBeCloseTo(
    0.645779420625287,
    12,
  )
  expect(scoreItem(rougeText, 'the cat is on the mat', 'the cat sat on the mat')).toBeCloseTo(5 / 6, 12)
  expect(scoreItem(chrfText, 'the cat', null)).toBe(0)
})
