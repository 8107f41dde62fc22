import { expect, test } from 'vitest'
import { exampleOf, sampleExport, twoTurns } from '../../test/export-sample.ts'
import { modelNamed } from './base-model.ts'
import type { DataExport } from './format.ts'
import { mlxFormat } from './mlx.ts'
import { openaiFormat } from './openai.ts'
import { checkExport } from './preflight.ts'
import { exportFormats } from './registry.ts'
import { togetherFormat } from './together.ts'
import { trlFormat } from './trl.ts'
import { unslothFormat } from './unsloth.ts'

test.each(exportFormats)('$name takes what is right', format => {
  expect(checkExport(format, sampleExport()).problems).toEqual([])
})

test.each([
  { last: { role: 'assistant', content: ' ' }, says: 'Examples with an empty question or answer: bad.' },
  { last: { role: 'user', content: 'And?' }, says: 'do not end with an answer' },
  { last: { role: 'system', content: 'Stop.' }, says: 'with a system message that is not the first: bad.' },
] as const)('a row that cannot be learned from is named, and not quoted: $says', ({ last, says }) => {
  const bad = exampleOf('bad', [{ role: 'user', content: 'Secret words' }, last])
  const { problems } = checkExport(trlFormat, sampleExport({ train: [bad] }))
  expect(problems.join('\n')).toContain(says)
  expect(problems.join('\n')).not.toContain('Secret')
})

test('two user turns in a row are a problem where the trainer drops them, else a caution', () => {
  const data = sampleExport({
    train: [
      exampleOf('twice', [
        { role: 'user', content: 'A' },
        { role: 'user', content: 'B' },
        { role: 'assistant', content: 'C' },
      ]),
      ...sampleExport().train,
    ],
  })
  expect(checkExport(togetherFormat, data).problems.join()).toContain('do not take turns')
  expect(checkExport(trlFormat, data).problems).toEqual([])
  expect(checkExport(trlFormat, data).cautions.join()).toContain('do not take turns')
})

test('what would be cut off is a problem, at the length of the model too', () => {
  const long = exampleOf('long', [
    { role: 'user', content: 'x'.repeat(2000) },
    { role: 'assistant', content: 'no' },
  ])
  const says = (change: Partial<DataExport>): string =>
    checkExport(trlFormat, sampleExport({ train: [long], ...change })).problems.join()
  expect(says({})).toContain('longer than 512 tokens, whose answers trainers would cut off: long.')
  const training = { ...sampleExport().training, sequenceLength: 1024 }
  expect(says({ training })).toBe('')
  expect(says({ training, base: { ...modelNamed('m'), contextLength: 256 } })).toContain(
    'longer than 256 tokens',
  )
})

test('too few examples, and a missing evaluation file where one is needed', () => {
  const few = sampleExport({ train: sampleExport().train.slice(0, 9) })
  expect(checkExport(openaiFormat, few).problems).toEqual([
    'OpenAI takes 10 training examples or more, and there are 9.',
  ])
  expect(checkExport(mlxFormat, sampleExport({ evaluation: [] })).problems.join()).toContain(
    'set `split.dev`',
  )
  expect(checkExport(trlFormat, sampleExport({ evaluation: [] }))).toMatchObject({
    problems: [],
    cautions: [expect.stringContaining('no evaluation file')],
  })
})

test('a system message that the model takes none of is a problem', () => {
  const data = sampleExport({ base: modelNamed('google/gemma-2-2b-it') })
  expect(checkExport(trlFormat, data).problems).toEqual([
    'google/gemma-2-2b-it takes no system message. Examples that have one: t0.',
  ])
})

test('weights and earlier answers that a format cannot carry are told', () => {
  const heavy = { ...exampleOf('heavy'), weight: 3 }
  const { cautions } = checkExport(
    unslothFormat,
    sampleExport({ train: [heavy, exampleOf('two', twoTurns)] }),
  )
  expect(cautions.join()).toContain('weigh other than 1, which Unsloth learns from like any other: heavy.')
  expect(cautions.join()).toContain('all of which Unsloth learns, not the last alone: two.')
  expect(checkExport(trlFormat, sampleExport()).cautions).toEqual([])
  const talks = sampleExport({ learnAll: new Set(['damage']) })
  expect(checkExport(trlFormat, talks).cautions.join()).toContain('of which TRL learns the last alone: t0.')
  expect(checkExport(unslothFormat, talks).cautions.join()).not.toContain('not the last alone')
})
