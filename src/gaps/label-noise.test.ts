import { expect, test } from 'vitest'
import type { Example } from '../data/example.ts'
import type { Prediction } from '../student/student.ts'
import { findLabelNoise } from './label-noise.ts'

function example(id: number, label: string, share: 'anyone' | 'local' = 'anyone'): Example {
  const origin = { kind: 'real', source: 's', number: id, use: 'train', share } as const
  const messages = [{ role: 'assistant', content: label }] as const
  return { id: `s:${id}/t`, group: `s:${id}`, task: 't', messages, attributes: {}, weight: 1, origin }
}

/** What a student says that finds `truth` with a probability of 0.9. */
const answer = ({ id }: Example, truth: 'a' | 'b'): Prediction => ({
  id,
  text: truth,
  probabilities: { a: truth === 'a' ? 0.9 : 0.1, b: truth === 'b' ? 0.9 : 0.1 },
})

const truths = Array.from({ length: 20 }, (_, index) => (index < 10 ? 'a' : 'b'))

test('a label that the other examples speak against is named with the row and the better label', () => {
  const examples = truths.map((truth, index) => example(index + 1, index === 3 ? 'b' : truth))
  const noise = findLabelNoise(examples, [examples.map((each, index) => answer(each, truths[index]!))])
  expect(noise).toMatchObject({ examples: 20, disputed: 1 })
  expect(noise!.suspects).toEqual([
    { row: 's:4', given: 'b', suggested: 'a', confidence: expect.closeTo(0.1, 10) },
  ])
})

test('a row that may not leave the machine is counted and not named', () => {
  const examples = truths.map((truth, index) =>
    index === 3 ? example(index + 1, 'b', 'local') : example(index + 1, truth),
  )
  const noise = findLabelNoise(examples, [examples.map((each, index) => answer(each, truths[index]!))])
  expect(noise).toMatchObject({ disputed: 1, suspects: [] })
})

test('a student that misses most of a label has no say in it', () => {
  const examples = truths.map((truth, index) => example(index + 1, truth))
  expect(findLabelNoise(examples, [examples.map(each => answer(each, 'a'))])).toBeNull()
  const silent = examples.map(({ id }) => ({ id, text: 'a' }))
  expect(findLabelNoise(examples, [silent])).toBeNull()
})
