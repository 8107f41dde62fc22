import { expect, test } from 'vitest'
import { parseAdvice, scaleAdvice } from './use-advice.ts'

const request = { use: true, generator: 'own', cell: { yield: 'good' }, count: 10 }
const advice = { version: 1, project: 'fields', data: 'abc', rows: 60, mixture: 'mixed', make: [request] }

test('an advice written by hand needs no more than its requests', () => {
  expect(parseAdvice(advice).make).toEqual([
    { ...request, yield: null, seconds: null, dollars: null, why: '' },
  ])
})

test('mistakes of shape are told all at once, each with its place, value and what would be right', () => {
  const wrong = {
    ...advice,
    make: [
      { ...request, count: -3 },
      { ...request, count: 2.5, use: 'yes' },
      { ...request, generater: 'own' },
    ],
  }
  expect(() => parseAdvice(wrong, 'advice.json')).toThrow(
    [
      'advice.json has 4 mistakes:',
      '',
      '  make[0].count is -3; it should be at least 0.',
      '  make[1].use is "yes"; it should be true or false.',
      '  make[1].count is 2.5; it should be a whole number from 0.',
      '  make[2].generater is not a part of an advice. Did you mean "generator"?',
    ].join('\n'),
  )
})

test('in a fold the counts are in proportion, and their sum is as near as it can be', () => {
  const used = {
    rows: 100,
    requests: [7, 7, 6].map(count => ({ generator: 'own', cell: {}, count })),
  }
  // Four fifths of 20 are 16; 5.6, 5.6 and 4.8 leave two rows, which go to the largest remainders.
  expect(scaleAdvice(used, 80).map(({ count }) => count)).toEqual([6, 5, 5])
  expect(scaleAdvice(used, 100)).toBe(used.requests)
})
