import { expect, test } from 'vitest'
import { createRandom } from '../../data/random.ts'
import { growTree, leafOf, packTree, unpackTree } from './tree.ts'

const rows = (count: number): Uint32Array => Uint32Array.from({ length: count }, (_, row) => row)

test('a number splits where the classes part', () => {
  const codes = Uint8Array.from({ length: 40 }, (_, row) => row % 20)
  const target = { width: 2, codes: Int32Array.from(codes, code => (code < 13 ? 0 : 1)) }
  const { tree, leaves } = growTree(rows(40), [{ codes, bins: 20, ordered: true, leaf: 2 }], target)
  expect(leaves).toHaveLength(2)
  for (let row = 0; row < 40; row++) expect(leafOf(tree, [codes], row)).toBe(codes[row]! < 13 ? 0 : 1)
})

test('categories split into sets, wherever they stand', () => {
  const codes = Uint8Array.from({ length: 90 }, (_, row) => row % 9)
  const answer = [2, 0, 1, 1, 0, 2, 2, 0, 1]
  const target = { width: 3, codes: Int32Array.from(codes, code => answer[code]!) }
  const { tree, leaves } = growTree(rows(90), [{ codes, bins: 9, ordered: false, leaf: 5 }], target)
  expect(leaves).toHaveLength(3)
  const leafOfClass = new Map<number, number>()
  for (let row = 0; row < 90; row++) {
    const leaf = leafOf(tree, [codes], row)
    const known = leafOfClass.get(target.codes[row]!) ?? leaf
    expect(leaf).toBe(known)
    leafOfClass.set(target.codes[row]!, known)
  }
})

test('every leaf keeps its fewest rows, and noise gives few leaves', () => {
  const random = createRandom(1, 'noise')
  const draw = (bins: number): Uint8Array =>
    Uint8Array.from({ length: 2000 }, () => random.integer(0, bins - 1))
  const predictors = [30, 12].map((bins, place) => ({
    codes: draw(bins),
    bins,
    ordered: place === 0,
    leaf: 25,
  }))
  const noise = growTree(rows(2000), predictors, { width: 4, codes: Int32Array.from(draw(4)) })
  const told = growTree(rows(2000), predictors, { width: 12, codes: Int32Array.from(predictors[1]!.codes) })
  for (const [range] of [...noise.leaves, ...told.leaves])
    expect(range!.end - range!.start).toBeGreaterThanOrEqual(25)
  expect(told.leaves).toHaveLength(12)
  // 2,000 rows would give up to 80 leaves of 25.
  expect(noise.leaves.length).toBeLessThan(40)
})

test('a rare class counts as much as its evidence', () => {
  // Ten of a thousand rows are of class 2, all in bin 7; Gini impurity would hardly change.
  const codes = Uint8Array.from({ length: 1000 }, (_, row) => (row < 10 ? 7 : row % 7))
  const target = { width: 3, codes: Int32Array.from(codes, (code, row) => (code === 7 ? 2 : row % 2)) }
  const { tree } = growTree(rows(1000), [{ codes, bins: 8, ordered: false, leaf: 5 }], target)
  const apart = leafOf(tree, [codes], 0)
  expect(rows(1000).filter(row => leafOf(tree, [codes], row) === apart)).toHaveLength(10)
})

test('points split where their means differ', () => {
  const codes = Uint8Array.from({ length: 60 }, (_, row) => row % 6)
  const points = Float64Array.of(0, 1, 0.1, 1, 3, -1, 3.1, -1)
  const target = {
    width: 2,
    points,
    codes: Int32Array.from(codes, (code, row) => (code < 3 ? 0 : 2) + (row % 2)),
  }
  const { tree } = growTree(rows(60), [{ codes, bins: 6, ordered: true, leaf: 20 }], target)
  const leaves = [0, 1, 2, 3, 4, 5].map(row => leafOf(tree, [codes], row))
  expect(leaves).toEqual([0, 0, 0, 1, 1, 1])
})

test('a tree comes back whole from its packed form', () => {
  const random = createRandom(2, 'pack')
  const predictors = [200, 9].map((bins, place) => ({
    codes: Uint8Array.from({ length: 500 }, () => random.integer(0, bins - 1)),
    bins,
    ordered: place === 0,
    leaf: 3,
  }))
  const codes = Int32Array.from(
    { length: 500 },
    (_, row) => (predictors[0]!.codes[row]! + 20 * predictors[1]!.codes[row]!) % 5,
  )
  const { tree } = growTree(rows(500), predictors, { width: 5, codes })
  expect(tree.predictor.length).toBeGreaterThan(5)
  const packed = packTree(
    tree,
    predictors.map(({ bins }) => bins),
  )
  expect(unpackTree(JSON.parse(JSON.stringify(packed)) as typeof packed)).toEqual(tree)
})
