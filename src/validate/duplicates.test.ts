import { expect, test } from 'vitest'
import { madeCandidate, realRow } from '../../test/made-candidate.ts'
import { createDuplicateCheck } from './duplicates.ts'

test('a row that repeats a real or an accepted one but for case and blanks is rejected and names it', () => {
  const duplicates = createDuplicateCheck([realRow({ bird: 'Rock pigeon', speed: 140 }, 'strikes:7')])
  expect(duplicates.check(madeCandidate({ bird: 'rock  PIGEON ', speed: 140 }))).toEqual({
    pass: false,
    reason: 'duplicate',
    detail: 'same values as strikes:7',
  })
  const gull = madeCandidate({ bird: 'Gull', speed: 140 }, { id: 'rules:1' })
  expect(duplicates.check(gull).pass).toBe(true)
  duplicates.accept(gull)
  expect(duplicates.check(madeCandidate({ speed: 140, bird: 'Gull' }, { id: 'rules:2' })).pass).toBe(false)
})

test('rows that differ in one value, in kind or in what is missing are no duplicates', () => {
  const duplicates = createDuplicateCheck([realRow({ bird: 'Gull', speed: 140, note: null })])
  for (const row of [
    { bird: 'Gull', speed: 141, note: null },
    { bird: 'Gull', speed: '140', note: null },
    { bird: 'Gull', speed: 140, note: 'null' },
    { bird: null, speed: 140, note: 'Gull' },
  ]) {
    expect({ row, ...duplicates.check(madeCandidate(row)) }).toEqual({ row, pass: true })
  }
})

test('word for word the same examples are duplicates though a column that they do not show differs', () => {
  const duplicates = createDuplicateCheck([])
  duplicates.accept(madeCandidate({ number: 1 }, { prompt: 'Which bird?', answer: 'Gull' }))
  expect(duplicates.check(madeCandidate({ number: 2 }, { prompt: 'Which bird?', answer: 'Gull' })).pass).toBe(
    false,
  )
  expect(duplicates.check(madeCandidate({ number: 2 }, { prompt: 'Which bird?', answer: 'Duck' })).pass).toBe(
    true,
  )
})
