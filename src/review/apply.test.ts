import { expect, test } from 'vitest'
import {
  fixing,
  madeDecision,
  madeItem,
  madeRealItem,
  madeReview,
  rejecting,
  yieldTask,
} from '../../test/made-review.ts'
import { hashOf } from '../data/hash.ts'
import type { Example } from '../data/example.ts'
import type { Row } from '../data/row.ts'
import {
  createReviewCheck,
  type Directives,
  directivesFor,
  directivesOf,
  isContradicted,
  whyAvoided,
} from './apply.ts'
import { settleItems } from './consensus.ts'
import type { Decision } from './decision.ts'
import type { ReviewItem } from './item.ts'

function direct(items: readonly ReviewItem[], decisions: readonly Decision[]): Directives {
  return directivesOf(settleItems(madeReview(items), decisions), {
    tasks: [yieldTask],
    columns: ['soil', 'crop'],
    ids: ['plot'],
    derive: (row: Row) => ({ ...row, verdict: row['yield'] === 'good' ? 'keep' : 'drop' }),
  })
}

/** A new candidate with the item's origin, and the examples that it is given. */
function candidate(
  item: ReviewItem,
  row: Row = item.row!,
  examples: readonly Example[] = [],
): Parameters<ReturnType<typeof createReviewCheck>>[0] {
  return { traced: { id: 'rules:new', group: 'rules:new', row, origin: item.example.origin }, examples }
}

test('a fix becomes a row with the better answer, whose parents name the example it was', () => {
  const item = madeItem('clay', { cell: { yield: 'good' }, row: { verdict: 'keep' } })
  const { fixes, turnedDown } = direct([item], [madeDecision(item, 'anna', fixing('poor'))])
  expect(fixes).toHaveLength(1)
  const [fix] = fixes
  expect(fix!.traced.row).toEqual({ soil: 'clay', yield: 'poor', verdict: 'drop' })
  expect(fix!.traced.origin).toEqual({
    ...item.example.origin,
    cell: { yield: 'poor' },
    parents: ['rules:clay/yield'],
  })
  expect(fix!.traced.id).toMatch(/^rules:[0-9a-f]{16}$/)
  expect(fix!.traced.id).not.toBe(item.example.group)
  expect(fix!.examples[0]!.messages.map(({ content }) => content)).toEqual(['Soil clay?', 'poor'])
  expect(turnedDown).toMatchObject([{ reason: 'fixed-by-reviewer' }])
})

test('what was rejected, put right or is disputed does not come in again, whatever it is called', () => {
  const items = ['clay', 'sand', 'loam', 'peat'].map(name => madeItem(name))
  const [clay, sand, loam, peat] = items as [ReviewItem, ReviewItem, ReviewItem, ReviewItem]
  const check = createReviewCheck(
    direct(items, [
      madeDecision(clay, 'anna', rejecting('no such soil')),
      madeDecision(sand, 'anna', fixing('poor')),
      madeDecision(loam, 'anna', 'accept'),
      madeDecision(loam, 'ben', rejecting('odd')),
      madeDecision(peat, 'anna', 'accept'),
    ]),
  )
  expect(check(candidate(clay, { yield: 'good', soil: 'clay', crop: null }))).toMatchObject({
    reason: 'rejected-by-reviewer',
    detail: 'no such soil',
  })
  expect(check(candidate(sand))?.reason).toBe('fixed-by-reviewer')
  expect(check(candidate(loam))?.reason).toBe('disputed-by-reviewers')
  expect(check(candidate(peat))).toBeNull()
  expect(check(candidate(clay, { soil: 'clay', yield: 'poor' }))).toBeNull()
})

test('a row that only its name tells apart says the same, and what was shown is turned down whatever else the row holds', () => {
  const item = madeItem('clay', { row: { plot: 'plot-1' } })
  const check = createReviewCheck(direct([item], [madeDecision(item, 'anna', rejecting('odd'))]))
  const reasonOf = (row: Row, examples: readonly Example[]): string | undefined =>
    check(candidate(item, row, examples))?.reason
  expect(reasonOf({ soil: 'clay', yield: 'good', plot: 'plot-2' }, [])).toBe('rejected-by-reviewer')
  const renamed = { ...item.example, id: 'rules:new/yield' }
  expect(reasonOf({ soil: 'clay', yield: 'good', rain: 12 }, [renamed])).toBe('rejected-by-reviewer')
  expect(reasonOf({ soil: 'clay', yield: 'good', rain: 12 }, [])).toBeUndefined()
})

test('a fix to what another decision turned down is contradicted, one to anything else is not', () => {
  const clay = madeItem('clay', { row: { verdict: 'keep' } })
  const twin = madeItem('twin', { row: { soil: 'clay', yield: 'poor', verdict: 'drop' } })
  const sand = madeItem('sand', { row: { verdict: 'keep' } })
  const directives = direct(
    [clay, twin, sand],
    [
      madeDecision(clay, 'anna', fixing('poor')),
      madeDecision(twin, 'anna', rejecting('odd')),
      madeDecision(sand, 'anna', fixing('poor')),
    ],
  )
  expect(directives.fixes.map(fix => isContradicted(directives, fix))).toEqual([true, false])
})

test('decisions on real examples change nothing', () => {
  const real = madeRealItem('sand')
  expect(direct([real], [madeDecision(real, 'anna', rejecting('odd'))])).toEqual({
    fixes: [],
    turnedDown: [],
    avoided: [],
    ids: ['plot'],
  })
})

test('of a row with two examples, the fix of one does not save the rejection of the other', () => {
  const item = madeItem('clay')
  const other: ReviewItem = {
    ...item,
    id: 'ex-other',
    example: { ...item.example, id: 'rules:clay/other', task: 'other' },
  }
  const { fixes, turnedDown } = direct(
    [item, other],
    [madeDecision(item, 'anna', fixing('poor')), madeDecision(other, 'anna', rejecting('odd'))],
  )
  expect(fixes).toEqual([])
  expect(turnedDown).toMatchObject([{ reason: 'rejected-by-reviewer' }])
})

test('the time of a decision changes nothing that follows from it', () => {
  const item = madeItem('clay')
  const decision = madeDecision(item, 'anna', fixing('poor'))
  expect(hashOf(direct([item], [{ ...decision, at: '2030-01-01T00:00:00Z' }]))).toBe(
    hashOf(direct([item], [decision])),
  )
})

/** Rows of two crops; all of the one are rejected, all of the other accepted. */
function byCrop(count: number, cell: (crop: string) => Row): Directives {
  const items = Array.from({ length: 2 * count }, (_, index) => {
    const crop = index % 2 === 0 ? 'rye' : 'oat'
    return madeItem(`row${index}`, { row: { crop }, cell: cell(crop) })
  })
  const decisions = items.map((item, index) =>
    madeDecision(item, 'anna', index % 2 === 0 ? rejecting('no rye here') : 'accept'),
  )
  return direct(items, decisions)
}

test('a case that is wrong four times in four is not asked of its generator again, three of three may be', () => {
  const directives = byCrop(4, crop => ({ crop }))
  expect(whyAvoided(directives, 'rules', { crop: 'rye' })).toBe(
    'reviewers rejected 4 of 4 of its examples of this case',
  )
  expect(whyAvoided(directives, 'rules', { crop: 'oat' })).toBeNull()
  expect(whyAvoided(directives, 'records', { crop: 'rye' })).toBeNull()
  expect(
    whyAvoided(
      byCrop(3, crop => ({ crop })),
      'rules',
      { crop: 'rye' },
    ),
  ).toBeNull()
})

test('rows that hold a value whose rows were rejected are turned down, unless the value was asked for', () => {
  const directives = byCrop(4, () => ({}))
  const check = createReviewCheck(directives)
  const fresh = (crop: string, cell: Row): ReturnType<typeof check> =>
    check(candidate(madeItem('new', { row: { crop }, cell }), { soil: 'new', yield: 'good', crop }))
  expect(fresh('rye', {})).toEqual({
    reason: 'kind-rejected-by-reviewers',
    detail: 'its value in column crop: 4 of 4 were rejected',
  })
  expect(fresh('oat', {})).toBeNull()
  expect(fresh('rye', { crop: 'rye' })).toBeNull()
})

test('a value that all rows share is not to blame', () => {
  const items = Array.from({ length: 6 }, (_, index) => madeItem(`row${index}`, { row: { crop: 'rye' } }))
  const { avoided } = direct(
    items,
    items.map(item => madeDecision(item, 'anna', rejecting('bad'))),
  )
  expect(avoided.map(({ level }) => level)).toEqual(['case'])
})

test('directives of other generators do not concern a mixture', () => {
  const items = [madeItem('clay'), madeItem('sand', { generator: 'records' })]
  const directives = direct(
    items,
    items.map(item => madeDecision(item, 'anna', rejecting('bad'))),
  )
  expect(directivesFor(directives, ['records'])!.turnedDown).toHaveLength(1)
  expect(directivesFor(directives, ['other'])).toBeUndefined()
})
