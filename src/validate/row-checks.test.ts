import { expect, test } from 'vitest'
import { madeCandidate, realRow } from '../../test/made-candidate.ts'
import { compileConstraints } from '../task/constraint.ts'
import { checkCell } from './cell.ts'
import { createConstraintCheck } from './constraint.ts'
import { createLengthCheck } from './length.ts'

test('a row agrees with the cell it was asked for in every attribute, by value and kind', () => {
  const cell = { damage: 'None', speed: 140 }
  expect(checkCell(madeCandidate({ damage: 'None', speed: 140, size: 'Small' }, { cell })).pass).toBe(true)
  expect(checkCell(madeCandidate({ damage: 'Minor', speed: 140 }, { cell }))).toEqual({
    pass: false,
    reason: 'cell',
    detail: 'asked for damage = None, got Minor',
  })
  expect(checkCell(madeCandidate({ damage: 'None', speed: '140' }, { cell })).pass).toBe(false)
  expect(checkCell(madeCandidate({ damage: null, speed: 140 }, { cell })).pass).toBe(false)
  expect(checkCell(madeCandidate({ speed: 140 }, { cell })).pass).toBe(false)
})

test('a real row has no cell to agree with', () => {
  expect(checkCell({ traced: realRow({ damage: 'Minor' }), examples: [] }).pass).toBe(true)
})

test('a row that breaks a condition is rejected with the condition', () => {
  const check = createConstraintCheck(compileConstraints(['speed is none or speed <= 400']))
  expect(check(madeCandidate({ speed: 400 })).pass).toBe(true)
  expect(check(madeCandidate({ speed: null })).pass).toBe(true)
  expect(check(madeCandidate({ speed: 401 }))).toEqual({
    pass: false,
    reason: 'constraint',
    detail: 'speed is none or speed <= 400',
  })
})

test('answers are measured in characters, both ends included, prompts not at all', () => {
  const check = createLengthCheck({ minimum: 2, maximum: 4 })
  const judge = (answer: string) => check(madeCandidate({}, { prompt: 'a long prompt', answer }))
  expect(judge('ab').pass).toBe(true)
  expect(judge('🦅🦅🦅🦅').pass).toBe(true)
  expect(judge('a')).toMatchObject({ reason: 'too-short', detail: 'answer of 1 characters, fewest 2' })
  expect(judge('abcde')).toMatchObject({ reason: 'too-long' })
})
