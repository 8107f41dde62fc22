import { expect, test } from 'vitest'
import { betterHalf } from './better-half.ts'

test('each stratum keeps its better half, whatever the scores of the others', () => {
  const rows = [
    { id: 'a1', stratum: 'a', score: 0.1 },
    { id: 'a2', stratum: 'a', score: 0.3 },
    { id: 'b1', stratum: 'b', score: 0.9 },
    { id: 'b2', stratum: 'b', score: 0.8 },
    { id: 'b3', stratum: 'b', score: 0.95 },
    { id: 'b4', stratum: 'b', score: 0.7 },
  ]
  expect([...betterHalf(rows)].toSorted()).toEqual(['a2', 'b1', 'b3'])
})

test('odd strata give and take in turn, so that half of all is kept', () => {
  const rows = ['a', 'b', 'c', 'd', 'e'].flatMap(stratum =>
    [0.5, 0.5, 0.5].map((score, index) => ({ id: `${stratum}${index}`, stratum, score })),
  )
  const kept = betterHalf(rows)
  expect(kept.size).toBe(8)
  expect([...kept].filter(id => id.startsWith('a'))).toEqual(['a0', 'a1'])
  expect([...kept].filter(id => id.startsWith('b'))).toEqual(['b0'])
})
