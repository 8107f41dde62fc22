import { expect, test } from 'vitest'
import { chooseTraining, estimateTokens } from './training.ts'

test.each([
  // ceil(50 / 8) = 7 steps an epoch: 100 steps would be 15 epochs, of which 10 are allowed.
  { examples: 50, epochs: 10, steps: 70, warmupSteps: 3 },
  // 25 steps an epoch: 4 epochs are 100 steps.
  { examples: 200, epochs: 4, steps: 100, warmupSteps: 3 },
  { examples: 5000, epochs: 3, steps: 1875, warmupSteps: 57 },
])('$examples examples are trained on for $steps steps', ({ examples, ...rest }) => {
  expect(chooseTraining({ seed: 1, examples, longest: 10 })).toMatchObject(rest)
})

test.each([
  { longest: 10, sequenceLength: 512 },
  { longest: 513, sequenceLength: 768 },
  { longest: 1e6, sequenceLength: 32_768 },
])('a longest example of $longest tokens asks for $sequenceLength', ({ longest, sequenceLength }) => {
  expect(chooseTraining({ seed: 1, examples: 50, longest })).toMatchObject({ sequenceLength })
})

test('tokens are estimated by bytes, with room for the template', () => {
  // 10 bytes / 2.5 + 16, 3 characters of 3 bytes = ceil(9 / 2.5) + 16, and 16 for the end.
  const messages = [
    { role: 'user', content: '0123456789' },
    { role: 'assistant', content: '日本語' },
  ] as const
  expect(estimateTokens(messages)).toBe(4 + 16 + 4 + 16 + 16)
})
