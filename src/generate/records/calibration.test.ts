import { expect, test } from 'vitest'
import { calibrate } from './calibration.ts'

/** One leaf that holds all rows, as where a tree found nothing: 60 of the first item, 40 of the second. */
const leaves = {
  tree: {
    predictor: Int32Array.of(-1),
    right: Int32Array.of(0),
    offset: Int32Array.of(0),
    sets: new Uint8Array(),
  },
  starts: Uint32Array.of(0, 2),
  items: Uint32Array.of(0, 1),
  counts: Uint32Array.of(600, 400),
}

/** A thousand rows, of which bin 1 of the predictor holds half; item 1 makes up 30 % of bin 1 and 50 % of bin 2. */
const bins = Uint8Array.from({ length: 1000 }, (_, row) => (row < 500 ? 1 : 2))
const codes = Int32Array.from({ length: 1000 }, (_, row) => (row % 10 < (row < 500 ? 3 : 5) ? 1 : 0))
const predictor = { codes: bins, bins: 3, ordered: false, leaf: 5 }
const rows = Uint32Array.from(bins.keys())

test('weighed items have the shares that they have with each bin', () => {
  const groups = Uint8Array.of(0, 1)
  const [found] = calibrate(leaves, { rows, predictors: [predictor], codes, groups })
  const shareOfSecond = (bin: number): number => {
    const [first, second] = [0, 1].map(
      item => leaves.counts[item]! * found!.factors[bin * found!.groups + item]!,
    )
    return second! / (first! + second!)
  }
  expect(shareOfSecond(1)).toBeCloseTo(0.3, 2)
  expect(shareOfSecond(2)).toBeCloseTo(0.5, 2)
  expect(found!.factors[0]).toBe(1)
})

test('two predictors are calibrated together, each for what the other leaves', () => {
  const twin = { ...predictor, codes: bins.slice() }
  const groups = Uint8Array.of(0, 1)
  const found = calibrate(leaves, { rows, predictors: [predictor, twin], codes, groups })
  const odds = found.reduce(
    (product, { factors }) => (product * factors[1 * 2 + 1]!) / factors[1 * 2]!,
    400 / 600,
  )
  // Taken twice, the odds would be 0.3 / 0.7 over 400 / 600, squared.
  expect(odds / (1 + odds)).toBeCloseTo(0.3, 2)
})

test('too few rows for a table of pairs are left alone', () => {
  const wide = { ...predictor, bins: 200 }
  expect(calibrate(leaves, { rows, predictors: [wide], codes, groups: Uint8Array.of(0, 1) })).toEqual([])
})
