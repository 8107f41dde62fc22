import { expect, test } from 'vitest'
import {
  fixing,
  madeDecision,
  madeItem,
  madeRealItem,
  madeReview,
  rejecting,
} from '../../test/made-review.ts'
import { settleItems } from './consensus.ts'
import type { Answered, Decision } from './decision.ts'
import type { ReviewItem } from './item.ts'
import { summariseReview, type ReviewSummary } from './summary.ts'

function summarise(items: readonly ReviewItem[], decisions: readonly Decision[]): ReviewSummary {
  const review = madeReview(items)
  return summariseReview(review, settleItems(review, decisions), ['soil'])
}

const drawn = Array.from({ length: 10 }, (_, index) =>
  madeItem(`row${index}`, { generator: index < 6 ? 'rules' : 'records' }),
)
const chosen = Array.from({ length: 10 }, (_, index) => madeItem(`chosen${index}`, { part: 'chosen' }))

test('acceptance is counted from the drawn part alone, by generator, with its Wilson interval', () => {
  const decisions = [
    ...drawn.slice(0, 3).map(item => madeDecision(item, 'anna', 'accept')),
    madeDecision(drawn[3]!, 'anna', fixing('poor')),
    madeDecision(drawn[4]!, 'anna', rejecting('wrong')),
    ...drawn.slice(6).map(item => madeDecision(item, 'anna', 'accept')),
    ...chosen.map(item => madeDecision(item, 'anna', rejecting('wrong'))),
  ]
  const { acceptance, overall, decided } = summarise([...drawn, ...chosen], decisions)
  expect(decided).toBe(19)
  expect(acceptance.map(({ generator }) => generator)).toEqual(['records', 'rules'])
  const [records, rules] = acceptance
  // statsmodels.stats.proportion.proportion_confint(4, 4, method='wilson') and (3, 5, …), statsmodels 0.15.0
  expect(records).toMatchObject({ decided: 4, accepted: 4, rate: 1 })
  expect(records!.interval[0]).toBeCloseTo(0.5101091635454025, 10)
  expect(records!.interval[1]).toBeCloseTo(1, 10)
  expect(rules).toMatchObject({ decided: 5, accepted: 3, fixed: 1, rejected: 1, rate: 0.6 })
  expect(rules!.interval[0]).toBeCloseTo(0.2307242812760129, 10)
  expect(rules!.interval[1]).toBeCloseTo(0.8823792257673522, 10)
  expect(overall).toMatchObject({ decided: 9, accepted: 7 })
})

test('real examples of a blind review stand apart from the generators', () => {
  const real = madeRealItem('sand')
  const { acceptance, overall } = summarise([drawn[0]!, real], [madeDecision(real, 'anna', rejecting('odd'))])
  expect(acceptance.find(({ generator }) => generator === 'real')).toMatchObject({ decided: 1, rejected: 1 })
  expect(overall.decided).toBe(0)
  expect(overall.rate).toBeNull()
})

test('two reviewers give agreement and a list of disputes, which count as not accepted', () => {
  const answers: readonly [Answered | 'accept', Answered | 'accept'][] = [
    ['accept', 'accept'],
    ['accept', rejecting('wrong')],
    [fixing('poor'), fixing('poor')],
    [rejecting('odd'), rejecting('wrong')],
  ]
  const decisions = answers.flatMap(([first, second], index) => [
    madeDecision(drawn[index]!, 'ben', second),
    madeDecision(drawn[index]!, 'anna', first),
  ])
  const { agreement, disputes, overall } = summarise(drawn, [
    ...decisions,
    madeDecision(drawn[5]!, 'anna', 'accept'),
  ])
  // sklearn.metrics.cohen_kappa_score(['a','a','f','r'], ['a','r','f','r']): observed 3/4, by chance 5/16, so 7/11.
  expect(agreement.pairs).toEqual([
    { reviewers: ['anna', 'ben'], items: 4, kappa: expect.closeTo(7 / 11, 12) as number },
  ])
  expect(disputes).toEqual([
    {
      item: 'ex-row1',
      example: 'rules:row1/yield',
      answers: [
        { reviewer: 'anna', decision: 'accept' },
        { reviewer: 'ben', decision: 'reject' },
      ],
      local: false,
    },
  ])
  expect(overall).toMatchObject({ decided: 5, accepted: 2, fixed: 1, rejected: 1, disputed: 1 })
})

test('the majority decides, two different fixes are a dispute, and the last word of a reviewer counts', () => {
  const [item] = drawn
  const outcomeOf = (...decisions: readonly Decision[]): unknown =>
    settleItems(madeReview([item!]), decisions)[0]!.outcome
  const by = (reviewer: string, answered: Answered | 'accept'): Decision =>
    madeDecision(item!, reviewer, answered)
  expect(outcomeOf()).toEqual({ kind: 'undecided' })
  expect(outcomeOf(by('anna', 'accept'), by('ben', rejecting('x')), by('cleo', 'accept'))).toEqual({
    kind: 'accept',
  })
  expect(outcomeOf(by('anna', fixing('one')), by('ben', fixing('two')))).toEqual({ kind: 'disputed' })
  expect(outcomeOf(by('anna', fixing('one')), by('ben', fixing('one')))).toEqual({ kind: 'fix', text: 'one' })
  expect(outcomeOf(by('anna', rejecting('x')), by('anna', 'accept'))).toEqual({ kind: 'accept' })
})

test('a decision on content that has changed since does not count', () => {
  const [item] = drawn
  const decision = { ...madeDecision(item!, 'anna', 'accept'), content: 'another' }
  expect(summarise([item!], [decision]).decided).toBe(0)
})
