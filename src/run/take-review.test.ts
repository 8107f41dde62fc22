import { expect, test } from 'vitest'
import { fixing, madeDecision, madeItem, madeReview, rejecting, yieldTask } from '../../test/made-review.ts'
import type { Row } from '../data/row.ts'
import { directivesOf } from '../review/apply.ts'
import { settleItems } from '../review/consensus.ts'
import type { Answered } from '../review/decision.ts'
import type { ReviewItem } from '../review/item.ts'
import { fingerprintTexts } from '../data/fingerprint.ts'
import { createValidation } from '../validate/validation.ts'
import { type TakenReview, takeReview } from './take-review.ts'

const cells: readonly { readonly cell: Row; readonly count: number }[] = [
  { cell: { yield: 'good' }, count: 5 },
  { cell: { yield: 'poor' }, count: 5 },
]

const clay = madeItem('clay', { cell: { yield: 'good' } })

/** Takes decisions in for one replicate, whose generators are fitted as `fits` says. */
function take(
  decided: readonly (readonly [ReviewItem, Answered | 'accept'])[],
  fits: Readonly<Record<string, string>>,
): TakenReview {
  const items = decided.map(([item]) => item)
  const decisions = decided.map(([item, answered]) => madeDecision(item, 'anna', answered))
  const directives = directivesOf(settleItems(madeReview(items), decisions), {
    tasks: [yieldTask],
    columns: [],
    ids: [],
    derive: row => row,
  })
  return takeReview(
    { directives, summaries: [] },
    {
      fits: new Set(Object.values(fits)),
      generators: Object.keys(fits),
      cells,
      validation: createValidation({
        settings: {
          minimumLength: 1,
          maximumLength: 100,
          nearDuplicate: 1,
          personalData: 'off',
          contamination: 'reject',
          rouge: 'off',
        },
        tasks: [yieldTask],
        constraints: row => (row['soil'] === 'nowhere' ? 'soil is not nowhere' : null),
        fingerprints: fingerprintTexts(['poor sealed'], 'salt'),
        kept: [],
        seed: 1,
      }),
      toCandidate: (traced, answers) => ({
        traced,
        examples: answers.map(({ task, messages }) => ({
          ...clay.example,
          id: `${traced.id}/${task}`,
          group: traced.group,
          messages,
          attributes: {},
        })),
      }),
    },
  )
}

test('a row that was put right comes in where its generator is fitted as it was, and fills its new case', async () => {
  const same = take([[clay, fixing('poor')]], { rules: 'fit-1' })
  expect(same.fixed.accepted.map(({ row }) => row)).toEqual([{ soil: 'clay', yield: 'poor' }])
  expect(same.cells).toEqual([
    { cell: { yield: 'good' }, count: 5 },
    { cell: { yield: 'poor' }, count: 4 },
  ])
  expect(same.fixed.cells).toMatchObject([{ cell: { yield: 'poor' }, wanted: 1, accepted: 1 }])
  const other = take([[clay, fixing('poor')]], { rules: 'fit-of-another-fold' })
  expect(other.fixed.accepted).toEqual([])
  expect(other.cells).toEqual(cells)
})

test('a row that was put right is judged like all others', async () => {
  const nowhere = madeItem('nowhere', { cell: { yield: 'good' } })
  const { fixed, cells: left } = take([[nowhere, fixing('poor')]], { rules: 'fit-1' })
  expect(fixed.accepted).toEqual([])
  expect(fixed.rejected).toMatchObject([{ reason: 'constraint' }])
  expect(left).toEqual(cells)
})

test('what was turned down is turned down before all else, in every fold', async () => {
  const taken = take([[clay, rejecting('no such soil')]], { rules: 'fit-of-another-fold' })
  const traced = {
    id: 'rules:1',
    group: 'rules:1',
    row: { soil: 'clay', yield: 'good' },
    origin: clay.example.origin,
  }
  expect(taken.judge({ traced, examples: [] })).toEqual({
    pass: false,
    reason: 'rejected-by-reviewer',
    detail: 'no such soil',
  })
  const sand = { ...traced, id: 'rules:2', group: 'rules:2', row: { soil: 'sand', yield: 'good' } }
  expect(taken.judge({ traced: sand, examples: [madeItem('sand').example] }).pass).toBe(true)
})

test('a generator is kept from a case that it gets wrong only where another may make it', async () => {
  const wrong = Array.from(
    { length: 4 },
    (_, index) => [madeItem(`row${index}`, { cell: { yield: 'good' } }), rejecting('odd')] as const,
  )
  const two = take(wrong, { rules: 'fit-1', records: 'fit-2' })
  expect(two.whyAvoided('rules', { yield: 'good' })).toContain('4 of 4')
  expect(two.whyAvoided('records', { yield: 'good' })).toBeNull()
  expect(two.whyAvoided('rules', { yield: 'poor' })).toBeNull()
  const alone = take(wrong, { rules: 'fit-1' })
  expect(alone.whyAvoided('rules', { yield: 'good' })).toBeNull()
})
