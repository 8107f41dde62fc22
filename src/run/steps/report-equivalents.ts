import { writeEquivalent } from '../../report/equivalent-text.ts'
import type { Report } from '../../report/report-schema.ts'
import type { Evaluation } from './evaluate.ts'
import type { MakerInput } from './maker.ts'
import type { TunedArm } from './tune.ts'

type Equivalent = Report['equivalents'][number]

/** What the synthetic examples were worth, with as many of them as the first replicate had. */
export async function reportEquivalents(
  { need }: MakerInput,
  { equivalents }: Evaluation,
): Promise<Equivalent[]> {
  return Promise.all(
    equivalents.map(async ({ why, points, law, armInterval, ...rest }) => {
      const { counts } = await need<TunedArm>(`tune:${rest.arm}@0`)
      const { synthetic } = counts[rest.task]!
      return {
        ...rest,
        synthetic,
        points: points.map(reportPoint),
        law: law.map(reportPoint),
        armInterval: { low: armInterval[0], high: armInterval[1] },
        says: writeEquivalent({ ...rest, synthetic }, why),
      }
    }),
  )
}

function reportPoint({
  interval: [low, high],
  ...point
}: Evaluation['equivalents'][number]['points'][number]): Equivalent['points'][number] {
  return { ...point, interval: { low, high } }
}
