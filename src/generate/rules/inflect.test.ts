import { expect, test } from 'vitest'
import { articleOf, pluralOf, singularOf, titleOf } from './inflect.ts'

// By ear: the sound decides, not the letter.
test.each([
  [
    'a',
    [
      'gull',
      'unit',
      'European starling',
      'one-way street',
      'UH-60',
      'B-737',
      'useful tool',
      '7',
      'union',
      'usual',
      'SAAB',
      'hawk',
      'user',
    ],
  ],
  [
    'an',
    [
      'owl',
      'hour',
      'honest crew',
      'MD-80',
      'F-16',
      'EMB-120',
      'A-320',
      'umbrella',
      'uninjured bird',
      '8',
      '11',
      '18-wheeler',
      'American crow',
      'island',
      'Ålesund flight',
      'X-ray',
      'unusual bird',
      'unidentified bird',
      'utter surprise',
    ],
  ],
] as const)('"%s" stands before its words', (article, words) => {
  const wrong = words.filter(word => articleOf(word) !== article)
  expect(wrong).toEqual([])
})

test.each([
  ['gull', 'gulls'],
  ['Canada goose', 'Canada geese'],
  ['White-tailed deer', 'White-tailed deer'],
  ['GOOSE', 'GEESE'],
  ['finch', 'finches'],
  ['fox', 'foxes'],
  ['canary', 'canaries'],
  ['turkey', 'turkeys'],
  ['Mouse', 'Mice'],
  ['aircraft', 'aircraft'],
  ['wolf', 'wolves'],
  ['BUS', 'BUSES'],
])('the plural of %s is %s', (one, many) => {
  expect(pluralOf(one)).toBe(many)
})

test('a title has large first letters, also after an apostrophe only where a word begins', () => {
  expect(titleOf("CHICAGO O'HARE ÎLE-de-france")).toBe("Chicago O'hare Île-De-France")
})

test.each([
  ['gulls', 'gull'],
  ['Canada geese', 'Canada goose'],
  ['cities', 'city'],
  ['boxes', 'box'],
  ['buses', 'bus'],
  ['houses', 'house'],
  ['GLASSES', 'GLASS'],
  ['deer', 'deer'],
  ['gull', 'gull'],
])('the singular of %s is %s', (phrase, singular) => {
  expect(singularOf(phrase)).toBe(singular)
})
