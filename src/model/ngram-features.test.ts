import { expect, test } from 'vitest'
import { fitNgrams, ngramRows } from './ngram-features.ts'
import type { SparseRows } from './sparse-rows.ts'

const training = [
  "My card hasn't arrived!",
  'card arrived? Card CARD was late',
  'top up a card, top up',
  'Où est ma carte 42',
]
const asked = ['my late card arrived late', 'unknown xyz']

function denseRow({ starts, indices, values, columns }: SparseRows, row: number): Float64Array {
  const dense = new Float64Array(columns)
  for (let entry = starts[row]!; entry < starts[row + 1]!; entry++) dense[indices[entry]!]! += values[entry]!
  return dense
}

function products(left: SparseRows, right: SparseRows): number[][] {
  return Array.from({ length: left.rows }, (_, a) =>
    Array.from({ length: right.rows }, (_, b) => {
      const one = denseRow(left, a)
      const other = denseRow(right, b)
      return one.reduce((sum, value, column) => sum + value * other[column]!, 0)
    }),
  )
}

/** The largest difference between two tables. */
function distance(actual: number[][], expected: number[][]): number {
  return Math.max(...expected.flatMap((row, a) => row.map((value, b) => Math.abs(value - actual[a]![b]!))))
}

const { vocabulary, rows: known } = fitNgrams(training)

// Expected figures: inner products of the rows of scikit-learn 1.7.2, of
// TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r'(?u)\b\w+\b') and
// TfidfVectorizer(analyzer='char_wb', ngram_range=(2, 4), sublinear_tf=True), added.
test('weighs n-grams as scikit-learn does', () => {
  expect(known.columns).toBe(32 + 137)
  const expected = [
    [1 + 1, 0.169823561977 + 0.425440089411, 0.039865919742 + 0.070567862768, 0.077330892337],
    [0.169823561977 + 0.425440089411, 1 + 1, 0.077256303533 + 0.116977396453, 0.119672293789],
    [0.039865919742 + 0.070567862768, 0.077256303533 + 0.116977396453, 1 + 1, 0.051687359517],
    [0.077330892337, 0.119672293789, 0.051687359517, 1 + 1],
  ]
  expect(distance(products(known, known), expected)).toBeLessThan(1e-6)
})

test('weighs texts with unknown n-grams as scikit-learn does', () => {
  const expected = [
    [
      0.294905138035 + 0.44361670718,
      0.559639232682 + 0.725995203389,
      0.046522501045 + 0.064314314313,
      0.128770016092,
    ],
    [0, 0, 0.230734692906, 0],
  ]
  expect(distance(products(ngramRows(vocabulary, asked), known), expected)).toBeLessThan(1e-6)
})

test('the rows of the texts it was fitted on are those it gives for them later', () => {
  expect(ngramRows(vocabulary, training)).toEqual(known)
})

test('a text without anything known is a row without entries', () => {
  const rows = ngramRows(vocabulary, ['', '   ', 'ΩΨ', 'card'])
  expect(rows.starts.slice(0, 4)).toEqual(Uint32Array.of(0, 0, 0, 0))
  expect(rows.starts[4]).toBeGreaterThan(0)
})

test('knows nothing of no texts', () => {
  expect(ngramRows(fitNgrams([]).vocabulary, ['card'])).toMatchObject({ rows: 1, columns: 0 })
  expect(ngramRows(fitNgrams(['']).vocabulary, ['card'])).toMatchObject({ rows: 1, columns: 0 })
})

test('characters of several bytes are parted whole', () => {
  // The word "ü" and the character n-grams " ü", "ü " and " ü "; a face is no word.
  expect(fitNgrams(['ü']).rows.columns).toBe(1 + 3)
  expect(fitNgrams(['😀']).rows.columns).toBe(3)
})
