import type { Report } from '../report/report-schema.ts'

type Findings = Pick<Report, 'equivalents'>

/** What was measured beside the verdicts, a line each: what the synthetic examples were worth in real ones. */
export function findingsOf({ equivalents }: Findings): readonly string[] {
  return equivalents.map(({ task, says }) => `${task}: ${says.slice(0, 1).toLowerCase()}${says.slice(1)}`)
}
