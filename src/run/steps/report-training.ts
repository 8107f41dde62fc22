import type { Report } from '../../report/report-schema.ts'
import type { DecoderModel } from '../../student/decoder.ts'
import { findingText } from '../../student/decoder-train.ts'
import type { MakerInput } from './maker.ts'
import type { TunedArm } from './tune.ts'

/** The losses of the first replicate's decoders, and in sentences what was found in their examples; neither where there are none. */
export async function reportTraining({
  step,
  project,
  need,
}: MakerInput): Promise<{ readonly training: Pick<Report, 'training'>; readonly notes: readonly string[] }> {
  if (project.student.use !== 'decoder') return { training: {}, notes: [] }
  const names = step.needs.filter(name => name.startsWith('tune:') && name.endsWith('@0'))
  const training: NonNullable<Report['training']>[number][] = []
  const notes: string[] = []
  for (const name of names) {
    const { arm, models } = await need<TunedArm>(name)
    for (const [task, model] of Object.entries(models)) {
      const { findings, training: record } = model as DecoderModel
      training.push({
        task,
        arm: arm.name,
        updates: record.updates,
        planned: record.planned,
        losses: [...record.losses],
        epochs: [...record.epochs],
      })
      notes.push(...findings.map(found => `Before "${arm.name}" learned "${task}": ${findingText(found)}.`))
    }
  }
  return { training: { training }, notes }
}
