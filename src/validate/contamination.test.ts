import { expect, test } from 'vitest'
import { madeCandidate, realRow } from '../../test/made-candidate.ts'
import { contentOf } from '../data/content.ts'
import { fingerprintTexts } from '../data/fingerprint.ts'
import { createContaminationCheck } from './contamination.ts'

const sealed = { bird: 'Rock pigeon', phase: 'Climb', speed: 140 }
const sealedText = 'My card was swallowed by the machine in the station this morning, what should I do now?'
const fingerprints = fingerprintTexts(
  [
    contentOf(sealed),
    'Which damage did a rock pigeon do in the climb?',
    sealedText,
    contentOf({ text: sealedText, intent: 'x' }),
  ],
  'salt',
)
const check = createContaminationCheck(fingerprints, [])

test('a row with the values of a sealed one is rejected, one that differs in a value passes', () => {
  expect(check(madeCandidate(sealed))).toMatchObject({ pass: false, reason: 'contamination' })
  expect(check(madeCandidate({ ...sealed, bird: 'ROCK PIGEON' })).pass).toBe(false)
  expect(check(madeCandidate({ ...sealed, speed: 150 })).pass).toBe(true)
})

test('a prompt that equals a sealed one is rejected with the task', () => {
  const candidate = madeCandidate({ speed: 1 }, { prompt: 'which damage did a Rock Pigeon do in the climb' })
  expect(check(candidate)).toMatchObject({ detail: expect.stringContaining('task strike') })
})

const judge = (text: string): boolean => check(madeCandidate({ text, intent: 'lost' }, { prompt: text })).pass

test('a text that is cut out of a sealed one or runs beyond it is rejected, one of the same words is not', () => {
  expect(judge(sealedText)).toBe(false)
  expect(judge('my card was swallowed by the machine in the station')).toBe(false)
  expect(judge(`Hello. ${sealedText}`)).toBe(false)
  expect(judge('What should I do now? This morning in the station the machine swallowed my card.')).toBe(true)
})

const speak = (bird: string): string =>
  `In the evening during the climb out of the airport all of the crew saw it coming from the left and could do ` +
  `nothing before the ${bird} hit the nose.`

test('the words of a template that training rows are made with are no contamination', () => {
  const heldOut = fingerprintTexts(['gull', 'duck', 'owl'].map(speak), 'salt')
  const hawk = madeCandidate({ remarks: speak('hawk'), bird: 'hawk' }, { prompt: 'Damage?' })
  expect(createContaminationCheck(heldOut, [])(hawk).pass).toBe(false)
  const kept = [realRow({ remarks: speak('eagle'), bird: 'eagle' })]
  expect(createContaminationCheck(heldOut, kept)(hawk).pass).toBe(true)
  const gull = madeCandidate({ remarks: speak('gull'), bird: 'gull' }, { prompt: 'Damage?' })
  expect(createContaminationCheck(heldOut, kept)(gull).pass).toBe(false)
})
