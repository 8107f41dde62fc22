import type { Report } from '../report/report-schema.ts'

type Findings = Pick<Report, 'equivalents' | 'slices' | 'calibration'>

/**
 * What was measured beside the verdicts, a line each: what the synthetic examples were worth in real ones, where they helped and
 * hurt, whether the student overrates itself.
 */
export function findingsOf({ equivalents, slices, calibration }: Findings): readonly string[] {
  return [...equivalents, ...slices, ...calibration].map(({ task, says }) => `${task}: ${says}`)
}
