import { expect, test } from 'vitest'
import { sealedReport } from '../../test/report-fixture.ts'
import { reportSchema, type Report } from './report-schema.ts'
import { reviewSection } from './section-review.ts'

type Review = NonNullable<Report['review']>
type Acceptance = Review['reviews'][number]['overall']

function acceptance(
  generator: string,
  [accepted, fixed, rejected]: readonly [number, number, number],
): Acceptance {
  const decided = accepted + fixed + rejected
  return {
    generator,
    decided,
    accepted,
    fixed,
    rejected,
    disputed: 0,
    rate: decided === 0 ? null : accepted / decided,
    interval: decided === 0 ? { low: 0, high: 1 } : { low: 0.2, high: 0.9 },
  }
}

const review: Review = {
  reviews: [
    {
      run: 'fields-1',
      mixture: 'mixed',
      blind: true,
      items: 60,
      decided: 41,
      reviewers: 2,
      acceptance: [
        acceptance('rules', [3, 1, 1]),
        acceptance('records', [0, 0, 0]),
        acceptance('real', [9, 0, 1]),
      ],
      overall: acceptance('all', [3, 1, 1]),
      alpha: 0.743,
      kappas: [{ items: 12, kappa: null }],
      disputes: 3,
      rejectedKinds: [
        {
          generator: 'rules',
          what: { soil: '<b>peat</b>' },
          decided: 4,
          rejected: 4,
          reasons: { odd: 1, 'no such soil': 3 },
          avoided: true,
        },
      ],
    },
  ],
  turnedDown: 13,
  fixes: 7,
  entered: [{ mixture: 'mixed', rows: 6 }],
}

/** The section's words, without markup. */
function textOf(report: Report): string {
  const markup = reviewSection(report)?.markup ?? ''
  return markup.replaceAll(/<[^>]*>/g, ' ').replaceAll(/[\s\u00a0]+/g, ' ')
}

test('the section tells acceptance with its interval, agreement, rejected kinds and what came of it', () => {
  const report = { ...sealedReport(), review }
  expect(reportSchema.safeParse(report).error).toBeUndefined()
  const text = textOf(report)
  expect(text).toContain('keeps 13 rows from coming in as they were')
  expect(text).toContain('7 rows were put right, which came in: 6 in “mixed”')
  expect(text).toContain('41 of 60 examples decided by 2 people')
  expect(text).toContain('60 % , 20 % to 90 % 3 of 5; 1 put right, 1 rejected')
  expect(text).toContain('records none decided')
  expect(text).toContain('real examples, mixed in 90 %')
  expect(text).toContain(
    'Cohen’s kappa not defined on 12 examples; Krippendorff’s alpha 0.74; they differ on 3 examples',
  )
  expect(text).toContain('soil = &lt;b&gt;peat&lt;/b&gt; rules 4 4 no such soil (3), odd (1) avoided')
})

test('a run that no review went before has no such section', () => {
  expect(reviewSection(sealedReport())).toBeNull()
})
