import { z } from 'zod'

/** What `timing.json` holds: measured, so different in every run, and kept out of the report. */
export const timingSchema = z.strictObject({
  steps: z.array(
    z.strictObject({
      name: z.string(),
      /** Wall-clock seconds. */
      seconds: z.number().min(0),
      /** Taken from an earlier run. */
      skipped: z.boolean(),
      /** Peak resident bytes. */
      memory: z.number().min(0).optional(),
    }),
  ),
  /** Seconds of the whole run. */
  total: z.number().min(0),
  /** Seconds that the plan foretold. */
  predicted: z.number().min(0).optional(),
})

export type Timing = Readonly<z.output<typeof timingSchema>>
