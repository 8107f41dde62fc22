import { expect, test } from 'vitest'
import { madeCandidate, realRow } from '../../test/made-candidate.ts'
import type { Row } from '../data/row.ts'
import type { Candidate } from './candidate.ts'
import { createNearDuplicateCheck } from './near-duplicates.ts'

const narrative =
  'The crew heard a thump during the climb out and felt a short vibration in the left engine, so they levelled off, ran ' +
  'the checklist, told the tower about it and came back to the field, where a mechanic found blood and feathers on the fan.'

const near = (...kept: Row[]) =>
  createNearDuplicateCheck({
    threshold: 0.85,
    seed: 1,
    kept: kept.map((row, index) => realRow(row, `real:${index}`)),
  })

const strike = {
  airport: 'NEW ORLEANS INTL',
  aircraft: 'B-737-300',
  phase: 'Climb',
  size: 'Small',
  speed: 140,
  cost: 0,
}

test('records of many categories that differ in a single one are not near-duplicates', () => {
  const check = near(strike).check
  expect(check(madeCandidate({ ...strike, size: 'Large' })).pass).toBe(true)
  expect(check(madeCandidate({ ...strike, phase: null })).pass).toBe(true)
})

test('a record that repeats another with its numbers jittered by less than 1 % is one', () => {
  const check = near(strike, { ...strike, airport: 'X', speed: 300, cost: 20_000 }).check
  expect(check(madeCandidate({ ...strike, speed: 141 }))).toMatchObject({
    reason: 'near-duplicate',
    detail: 'all numbers within 1 % of real:0, the rest equal',
  })
  expect(check(madeCandidate({ ...strike, airport: 'X', speed: 301, cost: 19_900 })).pass).toBe(false)
  expect(check(madeCandidate({ ...strike, speed: 150 })).pass).toBe(true)
  expect(check(madeCandidate({ ...strike, cost: 5 })).pass).toBe(true)
  expect(check(madeCandidate({ ...strike, speed: null })).pass).toBe(true)
})

test('numbers far from zero are judged by the range of their column: years apart are not close', () => {
  const check = near({ make: 'T', year: 1990 }, { make: 'U', year: 1999 }).check
  expect(check(madeCandidate({ make: 'T', year: 1993 })).pass).toBe(true)
})

test('jittered numbers are found wherever they lie on the scale', () => {
  for (let size = 1; size < 400; size++) {
    const value = 1.037 ** size
    const { check } = near({ a: value, b: -3 * value }, { a: 0, b: 0 }, { a: 1e9, b: -1e9 })
    const jittered = { a: value * 1.0095, b: -3 * value * 0.9905 }
    expect({ size, ...check(madeCandidate(jittered)) }).toMatchObject({ size, pass: false })
  }
})

test('of a pair of accepted rows the first is kept and the second rejected', () => {
  const duplicates = near()
  const first = madeCandidate(strike, { id: 'rules:1' })
  const second = madeCandidate({ ...strike, speed: 141 }, { id: 'rules:2' })
  expect(duplicates.check(first).pass).toBe(true)
  duplicates.accept(first)
  expect(duplicates.check(second)).toMatchObject({ detail: expect.stringContaining('rules:1') })
})

test('a long text with a word changed is a near-duplicate, one with the same words in other sentences is not', () => {
  const check = near({ remarks: narrative, bird: 'Gull' }).check
  const changed = narrative.replace('thump', 'bang')
  expect(check(madeCandidate({ remarks: changed, bird: 'Gull' }))).toMatchObject({ reason: 'near-duplicate' })
  const rewritten = narrative.split(' ').toReversed().join(' ')
  expect(check(madeCandidate({ remarks: rewritten, bird: 'Gull' })).pass).toBe(true)
})

test('the same text with another label or another record number is a near-duplicate: no prompt shows the difference', () => {
  const { check } = near({ remarks: narrative, damage: 'None', number: 1 })
  const candidate = madeCandidate({ remarks: narrative, damage: 'Severe', number: 2 }, { prompt: narrative })
  expect(check(candidate).pass).toBe(false)
})

const speak = (bird: string, speed: number): string =>
  `${narrative} It was a ${bird}, hit at ${speed} knots in the evening.`

test('texts of one template are told apart by the values they speak of', () => {
  const row = (bird: string, speed: number) => ({ remarks: speak(bird, speed), bird, speed })
  const judge = (made: Row) =>
    near(row('gull', 140)).check(madeCandidate(made, { prompt: String(made['remarks']) })).pass
  expect(judge(row('rock pigeon', 140))).toBe(true)
  expect(judge(row('gull', 180))).toBe(true)
  expect(judge(row('gull', 141))).toBe(false)
  expect(judge({ ...row('gull', 140), remarks: speak('gull', 140).replace('thump', 'bang') })).toBe(false)
})

const render = (row: Row, id: string): Candidate =>
  madeCandidate(row, { id, prompt: `${narrative} The bird was a ${row['bird']}, the phase ${row['phase']}.` })

test('rendered with one template, different short records all pass and their repeats do not', () => {
  const duplicates = near()
  const rows = ['gull', 'duck', 'owl', 'hawk'].flatMap(bird =>
    ['Climb', 'Approach'].map(phase => ({ bird, phase })),
  )
  for (const [index, row] of rows.entries()) {
    const candidate = render(row, `rules:${index}`)
    expect(duplicates.check(candidate).pass).toBe(true)
    duplicates.accept(candidate)
  }
  expect(rows.filter((row, index) => duplicates.check(render(row, `rules:again${index}`)).pass)).toEqual([])
})
