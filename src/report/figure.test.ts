import { expect, test } from 'vitest'
import {
  cellText,
  countText,
  differenceText,
  durationText,
  fixed,
  intervalText,
  plural,
  probabilityText,
  proseHtml,
  scoreText,
  shareText,
  unitText,
} from './figure.ts'

test('fractions are shown as points, with a sign where they are differences', () => {
  expect(scoreText('macro-f1', 0.6321)).toBe('63.2')
  expect(differenceText('macro-f1', 0.061)).toBe('+6.1')
  expect(differenceText('macro-f1', -0.084)).toBe('−8.4')
  expect(intervalText('macro-f1', { low: -0.0521, high: 0.0764 })).toBe('−5.2 to 7.6')
})

test('a difference that rounds to zero has no sign', () => {
  expect(differenceText('accuracy', 0.0004)).toBe('0.0')
  expect(differenceText('accuracy', -0.0004)).toBe('0.0')
})

test('an error in its own unit is not multiplied', () => {
  expect(scoreText('mean-absolute-error', 1234.5)).toBe('1,235')
  expect(differenceText('mean-absolute-error', -0.12345)).toBe('−0.123')
  expect(unitText('mean-absolute-error', 2)).toBe('')
})

test('one point is a point', () => {
  expect([0.01, -0.01, 0.012, 0, 0.0101].map(value => unitText('accuracy', value))).toEqual([
    'point',
    'point',
    'points',
    'points',
    'point',
  ])
  expect([plural(1, 'class', 'classes'), plural(2000, 'class', 'classes')]).toEqual([
    '1 class',
    '2,000 classes',
  ])
})

test('shares, counts, times and chances keep sensible precision', () => {
  expect([0, 0.004, 0.083, 0.33, 1].map(shareText)).toEqual(['0 %', '0.4 %', '8.3 %', '33 %', '100 %'])
  expect([0.04, 8.34, 9.97, 59.4, 59.9, 60, 125, 3599.8, 7800].map(durationText)).toEqual([
    '0.0 s',
    '8.3 s',
    '10 s',
    '59 s',
    '1 min',
    '1 min',
    '2 min 5 s',
    '1 h 0 min',
    '2 h 10 min',
  ])
  expect([0.00004, 0.0123, 1].map(probabilityText)).toEqual(['< 0.001', '0.012', '1.000'])
  expect([countText(1440), fixed(-0.04, 1), fixed(-2, 0)]).toEqual(['1,440', '0.0', '−2'])
})

test('a cell is named by its values, missing ones included', () => {
  expect(cellText({ damage: 'Minor', speed: null, engines: 2 })).toBe(
    'damage = Minor, speed = missing, engines = 2',
  )
  expect(cellText({})).toBe('any')
})

test('a sentence keeps its intervals on one line and its markup harmless', () => {
  expect(proseHtml('"a<b": 1.9 to 10.3').markup).toBe('“a&lt;b”: <span class="unbroken">1.9 to 10.3</span>')
})
