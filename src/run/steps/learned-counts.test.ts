import { expect, test } from 'vitest'
import { countLearned } from './learned-counts.ts'

const counts = {
  damaged: { real: 60, synthetic: 600 },
  severity: { real: 58, synthetic: 600 },
  answer: { real: 60, synthetic: 590 },
}

test('an arm holds the examples of all tasks that were learned, and of no other', () => {
  expect(countLearned(counts, ['damaged', 'severity'])).toEqual({ real: 118, synthetic: 1200 })
})

test('where nothing was learned, it holds those of every task', () => {
  expect(countLearned(counts, [])).toEqual({ real: 178, synthetic: 1790 })
})
