import type { Report } from '../report/report-schema.ts'

type Findings = Pick<Report, 'equivalents' | 'slices' | 'calibration' | 'preview'>

/**
 * What was found beside the verdicts, a line each: what the synthetic examples were worth in real ones, slices that they helped or
 * hurt, a student that overrates itself more or less. What chance may have done is told in the report alone.
 */
export function findingsOf({ equivalents, slices, calibration, preview }: Findings): readonly string[] {
  const found = [
    ...equivalents.filter(({ worth }) => worth !== null),
    ...slices.filter(({ tested }) => tested.some(({ pAdjusted }) => pAdjusted < 0.05)),
    ...calibration.filter(({ change: { interval } }) => interval.low > 0 || interval.high < 0),
  ].map(({ task, says }) => `${task}: ${says}`)
  if (preview === undefined) return found
  return [
    ...found,
    `Preview, exploratory: ${preview.says}`,
    ...preview.tasks.map(({ task, says }) => `Preview of ${task}: ${says}`),
  ]
}
