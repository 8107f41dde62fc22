import { expect, test } from 'vitest'
import { scarceReport, sealedReport } from '../../test/report-fixture.ts'
import { writeAnswer } from './answer.ts'
import type { Report } from './report-schema.ts'

type Uplift = Report['uplift'][number]

function withUplift(change: Partial<Uplift>): Report {
  const report = sealedReport()
  return { ...report, uplift: [{ ...report.uplift[0]!, ...change }] }
}

test('a task that was helped is said with points, interval, what it is read against and where it was measured', () => {
  expect(writeAnswer(withUplift({})).helped).toBe(
    'Synthetic examples helped with "damaged": +6.1 points of macro-F1 (95 % interval 1.9 to 10.3) over the best training on real examples alone, measured on 1,440 sealed real rows.',
  )
})

test('no evidence is not called help, whatever the sign', () => {
  const { helped } = writeAnswer(
    withUplift({ verdict: 'no-evidence', value: 0.01, interval: { low: -0.05, high: 0.07 } }),
  )
  expect(helped).toMatch(
    /^There is no evidence that synthetic examples helped with "damaged": \+1\.0 point of macro-F1 \(95 % interval −5\.0 to 7\.0\)/,
  )
})

test('harm is called harm, and the scarce regime says that nothing was sealed', () => {
  const answer = writeAnswer(scarceReport())
  expect(answer.helped).toBe(
    'Synthetic examples hurt "damaged": −8.4 points of macro-F1 (95 % interval −15.1 to −1.7) over the best training on real examples alone, measured by cross-validation on 80 real examples, with none to spare for a sealed test.',
  )
  expect(answer.next).toBe(
    'Train "damaged" without the synthetic examples, and collect more real ones as they come.',
  )
})

test('help smaller than what is worth the trouble says so', () => {
  const { helped } = writeAnswer(withUplift({ value: 0.031, interval: { low: 0.01, high: 0.052 } }))
  expect(helped).toMatch(/, which is less than the 5\.0 points that were to be worth it\.$/)
})

test('several tasks make one sentence', () => {
  const { helped } = writeAnswer(sealedReport())
  expect(helped.match(/\.(?= |$)/g)).toHaveLength(1)
  expect(helped).toContain('; there is no evidence that synthetic examples helped with "severity"')
})

test('a run without any comparison says why', () => {
  const report = sealedReport()
  const { helped } = writeAnswer({ ...report, uplift: [], tasks: report.tasks.slice(2, 3) })
  expect(helped).toBe(
    'Whether synthetic examples helped was not measured: the linear student learns label tasks alone; this one asks for a JSON object.',
  )
})

test('data that cannot show what is worth it ask for rows, one or many', () => {
  const blind = { verdict: 'no-evidence', smallestDetectable: { before: 0.08, after: 0.092 } } as const
  expect(writeAnswer(withUplift({ ...blind, rowsToCollect: 2860 })).next).toBe(
    'Label 2,860 more real rows for "damaged": with the 1,440 at hand only a difference of 9.2 points or more would show, and 5.0 points would be worth it.',
  )
  expect(writeAnswer(withUplift({ ...blind, rowsToCollect: 1 })).next).toMatch(/^Label 1 more real row for /)
  expect(writeAnswer(withUplift({ ...blind, rowsToCollect: 300, replicatesToRun: 12 })).next).toMatch(
    /^Label 300 more real rows for "damaged" and run it with 12 seeds: /,
  )
  expect(writeAnswer(withUplift({ ...blind, rowsToCollect: 0, replicatesToRun: 12 })).next).toMatch(
    /^Run "damaged" again with 12 seeds: /,
  )
  expect(writeAnswer(withUplift({ verdict: 'no-evidence', rowsToCollect: null })).next).toMatch(
    /^Collect real examples of damage = Destroyed /,
  )
})

test('what is missing counts empty and thin cases and names the widest gap', () => {
  const report = sealedReport()
  expect(writeAnswer(report).missing).toBe(
    'Among the 60 real examples, 2 cases that the target asks for have no example at all and 2 have too few; the widest gap is damage = Destroyed (none where the target asks for about 3).',
  )
  const one = { ...report, gaps: { ...report.gaps, rows: 1, ranked: report.gaps.ranked.slice(0, 1) } }
  expect(writeAnswer(one).missing).toBe(
    'Among the 1 real example, 1 case that the target asks for has no example at all; the widest gap is damage = Destroyed (none where the target asks for about 1).',
  )
  const thin = { ...report, gaps: { ...report.gaps, ranked: report.gaps.ranked.slice(3) } }
  expect(writeAnswer(thin).missing).toBe(
    'Among the 60 real examples, 1 case has too few; the widest gap is damage = Minor (5 where the target asks for about 15).',
  )
  const none = { ...report, gaps: { ...report.gaps, ranked: [] } }
  expect(writeAnswer(none).missing).toBe(
    'Nothing is missing: the 60 real examples cover every value and pair as the target asks.',
  )
})

test('a learning curve that tells what more examples bring is said after what to collect', () => {
  const report = sealedReport()
  const more = { gain: 0.05, examples: 127, low: 60, high: null }
  const curves = report.gaps.curves.map(curve => ({ ...curve, more }))
  const ofKinds = withUplift({})
  expect(writeAnswer({ ...ofKinds, gaps: { ...ofKinds.gaps, curves } }).next).toMatch(
    / As real examples of every kind come in, about 130 more \(60 or more\) should bring "damaged" 5\.0 points of macro-F1\.$/,
  )
  const silent = report.gaps.curves.map(curve => ({ ...curve, more: null }))
  expect(writeAnswer({ ...ofKinds, gaps: { ...ofKinds.gaps, curves: silent } }).next).not.toContain('come in')
})

test('what to collect next names a second kind that the first does not hold already', () => {
  const report = sealedReport()
  const [destroyed] = report.gaps.ranked
  const part = { ...destroyed!, cell: { ...destroyed!.cell, 'phase of flight': 'En route' } }
  const ranked = [destroyed!, part, ...report.gaps.ranked.slice(2)]
  const none = withUplift({ verdict: 'no-evidence', rowsToCollect: null })
  expect(writeAnswer({ ...none, gaps: { ...report.gaps, ranked } }).next).toMatch(
    /^Collect real examples of damage = Destroyed and of damage = Substantial next, about 3 of the first\./,
  )
  expect(writeAnswer({ ...none, gaps: { ...report.gaps, ranked: [destroyed!, part] } }).next).toMatch(
    /^Collect real examples of damage = Destroyed next, about 3 of them\./,
  )
})

test('a difference larger than the scores leave room for is never said to show', () => {
  const blind = { verdict: 'no-evidence', rowsToCollect: 300, rivalScore: 0.6 } as const
  const closing = (after: number, rivalScore = 0.6): string =>
    writeAnswer(withUplift({ ...blind, rivalScore, smallestDetectable: { before: 4.515, after } })).next
  expect(closing(1.359)).toBe(
    'Label 300 more real rows for "damaged": the 1,440 at hand are too few to show even the largest possible difference, and 5.0 points would be worth it.',
  )
  expect(closing(0.08, 0.97)).toBe(
    'Label 300 more real rows for "damaged": with the 1,440 at hand only a difference of 8.0 points or more would show, while a score of 97.0 leaves room for 3.0 points, and 5.0 points would be worth it.',
  )
})
