import { expect, test } from 'vitest'
import {
  accuracy,
  countLabels,
  f1,
  macroF1,
  macroF1WithoutEach,
  precision,
  recall,
} from './classification.ts'

// Expected values: scikit-learn 1.9.1 with labels=[a, b, c, d, e] and zero_division=0. Label e never occurs, and
// one answer (x) is none of the labels, as an answer that could not be read.
const labels = [...'abcde']
const predicted = [...'aabcbbacc', null]
const answers = [...'aaaabbbccd'].map((gold, index) => ({ gold, predicted: predicted[index]! }))

function expectAll(found: ArrayLike<number>, wanted: readonly number[]): void {
  for (const [index, value] of wanted.entries()) expect(found[index]).toBeCloseTo(value, 14)
}

test('F1, recall and precision of each label agree with scikit-learn', () => {
  const counts = countLabels(answers, labels)
  expectAll(counts.map(f1), [4 / 7, 2 / 3, 0.8, 0, 0])
  expectAll(counts.map(recall), [0.5, 2 / 3, 1, 0, 0])
  expectAll(counts.map(precision), [2 / 3, 2 / 3, 2 / 3, 0, 0])
  expect(counts.map(({ gold }) => gold)).toEqual([4, 3, 2, 1, 0])
})

test('accuracy and macro-F1 agree with scikit-learn', () => {
  expect(accuracy(answers)).toBeCloseTo(0.6, 14)
  expect(macroF1(answers, labels)).toBeCloseTo(0.4076190476190476, 14)
})

test('macro-F1 without each answer agrees with scikit-learn on the nine others', () => {
  const found = macroF1WithoutEach(
    answers.map(answer => [answer]),
    labels,
  )
  const wanted = [
    0.37333333333333335, 0.37333333333333335, 0.4533333333333333, 0.4666666666666666, 0.3742857142857143,
    0.3742857142857143, 0.4533333333333333, 0.38095238095238093, 0.38095238095238093, 0.4076190476190476,
  ]
  expect(found).toHaveLength(10)
  expectAll(found, wanted)
})

test('answers of one group are left out together', () => {
  const [without] = macroF1WithoutEach([answers.slice(0, 4), answers.slice(4)], labels)
  expect(without).toBeCloseTo(macroF1(answers.slice(4), labels), 14)
})
