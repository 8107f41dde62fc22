import { expect, test } from 'vitest'
import { planRungs, pruneArms } from './halving.ts'
import { realOnly } from './search-arms.ts'

const amounts = [0, 1, 2, 3, 5, 8, 10]
const declared = { perReal: 10, keep: 'all' } as const

/** The amounts with these scores. */
function scored(...scores: readonly number[]) {
  return scores.map((score, index) => ({ perReal: amounts[index]!, keep: 'all' as const, score }))
}

const now = scored(0.5, 0.52, 0.58, 0.56, 0.6, 0.54, 0.51)

test('one rung below 300 rows, three from there on, and more where the first would hold 300', () => {
  expect(planRungs(299)).toEqual([299])
  expect(planRungs(300)).toEqual([33, 100, 300])
  expect(planRungs(900)).toEqual([100, 300, 900])
  expect(planRungs(2700)).toEqual([100, 300, 900, 2700])
})

test('where two rungs agree, the best third goes on, and real only and the declared amount with it', () => {
  const { correlation, kept } = pruneArms(scored(0.4, 0.41, 0.48, 0.46, 0.5, 0.44, 0.42), now, [
    realOnly,
    declared,
  ])
  // By hand: the ranks differ for the amounts 1 and 10 alone, by one each: 1 - 6 * 2 / (7 * 48).
  expect(correlation).toBeCloseTo(1 - 12 / 336, 12)
  expect(kept.map(({ perReal }) => perReal)).toEqual([0, 2, 5, 10])
})

test('where they do not, or have no order, nothing is left out', () => {
  const against = pruneArms(scored(0.5, 0.49, 0.42, 0.44, 0.4, 0.46, 0.48), now, [realOnly, declared])
  expect(against.correlation).toBeLessThan(0)
  expect(against.kept).toHaveLength(7)
  const flat = pruneArms(scored(0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5), now, [realOnly, declared])
  expect(flat).toMatchObject({ correlation: null })
  expect(flat.kept).toHaveLength(7)
})
