import { expect, test } from 'vitest'
import { sealedReport } from '../../test/report-fixture.ts'
import { type Report, reportSchema } from './report-schema.ts'
import { searchSection } from './section-search.ts'

type Search = NonNullable<Report['search']>[number]
type Arm = Search['passes'][number]['rungs'][number]['arms'][number]

function arm(
  perReal: number,
  keep: Arm['keep'],
  [score, difference, standardError]: readonly [number, number, number],
): Arm {
  return { perReal, keep, C: 20, score, difference, standardError }
}

const pass: Search['passes'][number] = {
  replicate: 0,
  rows: 900,
  unsearched: null,
  choice: { perReal: 3, keep: 'half', C: 20, outcome: 'found' },
  asked: 1.59,
  detectable: 0.05,
  rungs: [
    { rows: 100, repeats: 5, correlation: null, pruned: 0, arms: [] },
    { rows: 300, repeats: 2, correlation: 0.8, pruned: 2, arms: [] },
    {
      rows: 900,
      repeats: 2,
      correlation: 1,
      pruned: 0,
      arms: [
        arm(0, 'all', [0.6, 0, 0]),
        arm(3, 'half', [0.66, 0.06, 0.02]),
        arm(10, 'all', [0.59, -0.01, 0.03]),
      ],
    },
  ],
}

const search: Search = {
  mixture: 'mixed <b>',
  says: 'Synthetic rows, the better half of 3 for each real row, scored 6.0 points above real only.',
  tasks: ['damage'],
  following: [],
  metrics: ['macro-f1'],
  declared: { perReal: 10, keep: 'all' },
  passes: [pass],
}

/** The section's words, without markup. */
function textOf(searches: readonly Search[]): string {
  const report = { ...sealedReport(), search: searches }
  expect(reportSchema.safeParse(report).error).toBeUndefined()
  const markup = searchSection(report)?.markup ?? ''
  return markup.replaceAll(/<[^>]*>/g, ' ').replaceAll(/[\s\u00a0]+/g, ' ')
}

test('the section draws the curve, names what was chosen, and tells every amount and rung', () => {
  const text = textOf([search])
  expect(text).toContain('mixed &lt;b&gt;')
  expect(text).toContain('1.5: the better half of 3 66.0 +6.0 2.0 yes')
  expect(text).toContain('none: real only 60.0')
  expect(text).toContain('10 59.0 −1.0 3.0')
  expect(text).toMatch(/chosen .*real only .*all .*half/)
  expect(text).toContain(
    '300 rows, in an order that agrees with the one before by 0.80, after which 2 amounts went no further',
  )
})

test('of several folds it tells the means and how often each amount was chosen', () => {
  const other = {
    ...pass,
    replicate: 1,
    choice: { perReal: 0, keep: 'all', C: 20, outcome: 'real-only' },
  } as const
  const text = textOf([{ ...search, passes: [pass, other, { ...pass, replicate: 2 }] }])
  expect(text).toContain('none: real only 60.0 1 of 3')
  expect(text).toContain('the better half of 3 66.0 +6.0 2.0 2 of 3')
})

test('where nothing could be compared it says so without a drawing, and without a search there is no section', () => {
  const choice = { perReal: 10, keep: 'all', C: 20, outcome: 'unsearched' } as const
  const text = textOf([
    { ...search, says: 'Nothing was compared.', passes: [{ ...pass, choice, rungs: [] }] },
  ])
  expect(text).toContain('Nothing was compared.')
  expect(text).not.toContain('chosen')
  expect(searchSection(sealedReport())).toBeNull()
})
