import { writeFileSync } from 'node:fs'
import { z } from 'zod'
import { reportSchema } from '../src/report/report-schema.ts'

writeFileSync(
  new URL('../src/report/report.schema.json', import.meta.url),
  `${JSON.stringify(z.toJSONSchema(reportSchema), null, 2)}\n`,
)
