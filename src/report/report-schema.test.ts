import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { scarceReport, sealedReport, timing } from '../../test/report-fixture.ts'
import { reportSchema } from './report-schema.ts'
import { timingSchema } from './timing-schema.ts'

test('a report comes back from its JSON as it went in', () => {
  for (const report of [sealedReport(), scarceReport()]) {
    expect(reportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report)
  }
  expect(timingSchema.parse(JSON.parse(JSON.stringify(timing())))).toEqual(timing())
})

test('the committed JSON Schema is the one of the code', () => {
  const committed: unknown = JSON.parse(readFileSync(new URL('report.schema.json', import.meta.url), 'utf8'))
  expect(committed, 'regenerate it with `node scripts/write-report-schema.ts`').toEqual(
    JSON.parse(JSON.stringify(z.toJSONSchema(reportSchema))),
  )
})

test('a sample that descends from local data is refused', () => {
  const report = sealedReport()
  const sampleAccepted = [{ generator: 'synthesizer', share: 'local', row: { species: 'Osprey' } }]
  const parsed = reportSchema.safeParse({ ...report, generation: { ...report.generation, sampleAccepted } })
  expect(parsed.error?.issues.map(issue => issue.path.join('.'))).toEqual([
    'generation.sampleAccepted.0.share',
  ])
})

test('a time in the report is refused: reports of equal runs are equal', () => {
  const parsed = reportSchema.safeParse({ ...sealedReport(), seconds: 12 })
  expect(parsed.success).toBe(false)
})
