import { expect, test } from 'vitest'
import { madeCandidate, realRow } from '../../test/made-candidate.ts'
import { chatRow } from '../data/chat.ts'
import type { Row } from '../data/row.ts'
import { createNoveltyCheck, type RougePolicy } from './novelty.ts'

function chat(...turns: readonly string[]): Row {
  const roles = ['user', 'assistant']
  const made = chatRow({ messages: turns.map((content, place) => ({ role: roles[place % 2], content })) })
  if (typeof made !== 'object') throw new TypeError('no conversation')
  return made.row
}

const known = chat('Write a short poem about the sea in winter.', 'Grey is the sea.')
const check = (rouge: Exclude<RougePolicy, 'off'> = 'auto', ...kept: Row[]) =>
  createNoveltyCheck({ rouge, kept: kept.map((row, index) => realRow(row, `real:${index}`)) })

test('an instruction with a word changed is not new, whatever the answer is', () => {
  const candidate = madeCandidate(chat('Write a short poem about the sea in summer.', 'Blue.'))
  // Eight of nine words in order on both sides: 2 * 8 / 18.
  expect(check('auto', known).check(candidate)).toEqual({
    pass: false,
    reason: 'not-novel',
    detail: 'its ROUGE-L with real:0 is 0.89',
  })
})

test('another instruction is new, though the answer is the same', () => {
  const candidate = madeCandidate(chat('What is the colour of the sea?', 'Grey is the sea.'))
  expect(check('auto', known).check(candidate).pass).toBe(true)
})

test('conversations that end alike are told apart by what the user said before', () => {
  const first = chat('How do I bake bread at home?', 'Knead it.', 'Thank you, go on.', 'Bake it.')
  const second = chat('Why is the sky blue at noon?', 'It scatters.', 'Thank you, go on.', 'Light.')
  expect(check('auto', first).check(madeCandidate(second)).pass).toBe(true)
  expect(check('auto', first).check(madeCandidate(first)).pass).toBe(false)
})

test('of two accepted instructions that are alike the second is rejected', () => {
  const novelty = check()
  const first = madeCandidate(known, { id: 'rules:1' })
  expect(novelty.check(first).pass).toBe(true)
  novelty.accept(first)
  expect(novelty.check(madeCandidate(known, { id: 'rules:2' }))).toMatchObject({
    detail: expect.stringContaining('rules:1'),
  })
})

const report = (bird: string): Row => ({
  remarks: `The crew saw a ${bird} on the runway and told the tower about it at once`,
  bird,
})

test('texts of one template pass unless the project gives a limit', () => {
  expect(check('auto', report('gull')).check(madeCandidate(report('duck'))).pass).toBe(true)
  expect(check(0.8, report('gull')).check(madeCandidate(report('duck')))).toMatchObject({
    reason: 'not-novel',
  })
  expect(check(0.97, report('gull')).check(madeCandidate(report('duck'))).pass).toBe(true)
})

test('rows of short values are never judged', () => {
  const row = { bird: 'gull', speed: 140 }
  expect(check(0.5, row).check(madeCandidate(row)).pass).toBe(true)
})
