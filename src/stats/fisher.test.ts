import { expect, test } from 'vitest'
import { fisherGreater } from './fisher.ts'

// scipy 1.17.1: fisher_exact([[marked, part - marked], [restMarked, rest - restMarked]], alternative='greater').
test.each([
  [{ marked: 7, part: 8, restMarked: 5, rest: 52 }, 1.5051468088856283e-5],
  [{ marked: 3, part: 20, restMarked: 30, rest: 180 }, 0.6771758290397831],
  [{ marked: 0, part: 5, restMarked: 2, rest: 9 }, 1],
  [{ marked: 20, part: 40, restMarked: 10, rest: 160 }, 8.159859997064657e-10],
])('the one-sided p value of %j is that of scipy', (parts, expected) => {
  expect(fisherGreater(parts) / expected).toBeCloseTo(1, 8)
})
