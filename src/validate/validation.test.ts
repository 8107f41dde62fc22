import { expect, test } from 'vitest'
import { madeCandidate, realRow } from '../../test/made-candidate.ts'
import { contentOf } from '../data/content.ts'
import { fingerprintTexts } from '../data/fingerprint.ts'
import { UserError } from '../error.ts'
import { type Task, taskSchema } from '../task/task.ts'
import { createValidation, type ValidationSettings } from './validation.ts'

const task: Task = {
  ...taskSchema.parse({
    kind: 'label',
    prompts: ['{{ bird }}'],
    answer: 'damage',
    labels: ['None', 'Minor'],
  }),
  name: 'strike',
}
const sealed = { bird: 'Sealed gull', speed: 200, damage: 'None' }

function validation(settings: Partial<ValidationSettings> = {}) {
  return createValidation({
    settings: {
      minimumLength: 1,
      maximumLength: 100,
      nearDuplicate: 0.85,
      rouge: 'auto',
      personalData: 'reject',
      contamination: 'reject',
      ...settings,
    },
    tasks: [task],
    constraints: row => (Number(row['speed']) > 400 ? 'speed <= 400' : null),
    fingerprints: fingerprintTexts([contentOf(sealed)], 'salt'),
    kept: [realRow({ bird: 'Known gull', speed: 100, damage: 'None' })],
    seed: 1,
  })
}

const good = { bird: 'Duck', speed: 120, damage: 'None' }
const planted = {
  cell: madeCandidate({ ...good, damage: 'Minor' }, { cell: { damage: 'None' }, answer: 'Minor' }),
  constraint: madeCandidate({ ...good, speed: 500 }),
  'chat-structure': madeCandidate(good, { answer: '' }),
  'too-long': madeCandidate(good, { answer: 'x'.repeat(101) }),
  'answer-schema': madeCandidate(good, { answer: 'Severe' }),
  'personal-data': madeCandidate({ ...good, bird: 'Duck, ask jane@birds.example' }),
  duplicate: madeCandidate({ bird: 'known gull', speed: 100, damage: 'None' }),
  contamination: madeCandidate(sealed),
  'near-duplicate': madeCandidate({ bird: 'Known gull', speed: 100.5, damage: 'None' }),
}

test.each(Object.entries(planted))('a planted fault is rejected as %s', (reason, candidate) => {
  expect(validation().judge(candidate)).toMatchObject({ pass: false, reason })
})

test('of equals the first is accepted, and so is one accepted before and only remembered', () => {
  const { judge, accept } = validation()
  expect(judge(madeCandidate(good, { id: 'rules:1' }))).toEqual({ pass: true })
  expect(judge(madeCandidate(good, { id: 'rules:2' }))).toMatchObject({ reason: 'duplicate' })
  accept(madeCandidate({ ...good, bird: 'Owl' }, { id: 'rules:3' }))
  expect(judge(madeCandidate({ ...good, bird: 'Owl' }, { id: 'rules:4' }))).toMatchObject({
    reason: 'duplicate',
  })
})

test('a rejected candidate is not remembered', () => {
  const { judge } = validation()
  expect(judge(madeCandidate(good, { answer: 'Severe' })).pass).toBe(false)
  expect(judge(madeCandidate(good)).pass).toBe(true)
})

test('nothing is noted where everything is rejected', () => {
  const { judge, noted } = validation()
  judge(planted.contamination)
  expect(noted()).toEqual([])
})

test('personal data are counted where the project only wants them reported, and not looked for where it is off', () => {
  const reporting = validation({ personalData: 'report' })
  expect(reporting.judge(planted['personal-data']).pass).toBe(true)
  expect(reporting.noted()).toMatchObject([{ reason: 'personal-data', count: 1 }])
  const off = validation({ personalData: 'off' })
  expect(off.judge(planted['personal-data']).pass).toBe(true)
  expect(off.noted()).toEqual([])
})

test('the contamination check cannot be put off without a reason, and then still counts', () => {
  expect(() => validation({ contamination: { off: '          ' } })).toThrow(UserError)
  const off = validation({ contamination: { off: 'the test rows are public anyway' } })
  expect(off.noted()).toMatchObject([{ reason: 'contamination', count: 0 }])
  expect(off.judge(planted.contamination).pass).toBe(true)
  expect(off.noted()).toMatchObject([
    { count: 1, note: expect.stringContaining('the test rows are public anyway') },
  ])
})
