import { countWeights } from '../../model/memory.ts'
import type { Report } from '../../report/report-schema.ts'
import { previewSays, previewTaskSays } from '../../report/preview-says.ts'
import type { DecoderModel } from '../../student/decoder.ts'
import type { MakerInput } from './maker.ts'
import { type PreviewedTask, REAL } from './preview.ts'
import type { TunedArm } from './tune.ts'

type Preview = NonNullable<Report['preview']>

/** The preview as the report has it; nothing where none was made. */
export async function reportPreview(input: MakerInput): Promise<Pick<Report, 'preview'>> {
  const { step, project, prepared, need } = input
  const settings = project.preview
  if (settings === undefined || !step.needs.includes('preview')) return {}
  const trained = step.needs.filter(name => name.startsWith('preview-tune:'))
  const training: Preview['training'][number][] = []
  let weights = 0
  for (const name of trained.filter(each => each.endsWith('@0'))) {
    const { arm, models } = await need<TunedArm>(name)
    const [model] = Object.values(models) as DecoderModel[]
    if (model === undefined) continue
    const { updates, planned, losses, epochs } = model.training
    weights = Math.max(weights, countWeights(model.config))
    training.push({ arm: arm.name, updates, planned, losses: [...losses], epochs: [...epochs] })
  }
  const measured = await need<readonly PreviewedTask[]>('preview')
  const ofRows = prepared.sealed.count
  const preview = {
    base: settings.student.base,
    weights,
    full: settings.full,
    seeds: new Set(trained.map(name => name.slice(name.lastIndexOf('@')))).size,
    rows: settings.full ? ofRows : Math.min(settings.testRows, ofRows),
    ofRows,
    tasks: measured.map(each =>
      reportTask(each, prepared.tasks.find(({ name }) => name === each.task)!.kind),
    ),
    training,
  }
  return { preview: { ...preview, says: previewSays(preview) } }
}

function reportTask(measured: PreviewedTask, kind: string): Preview['tasks'][number] {
  const { task, metric, items, floor, isError, summaries, differences } = measured
  const arms = summaries.map(({ arm, scores, unparsed }) => {
    const own = differences.find(each => each.arm === arm)
    return {
      arm,
      figures: Object.entries(scores)
        .toSorted(([a], [b]) => Number(b === metric) - Number(a === metric))
        .map(([name, { mean, sd, interval }]) => ({
          metric: name,
          mean,
          sd,
          interval: asInterval(interval),
        })),
      unparsed: unparsed.share,
      difference: own === undefined ? null : { value: own.value, interval: asInterval(own.interval) },
    }
  })
  const learned = arms.some(({ figures: [first] }) =>
    isError ? first!.interval!.high < floor : first!.interval!.low > floor,
  )
  const reported = { task, kind, metric, items, floor, learned, arms }
  return { ...reported, says: previewTaskSays(reported, REAL) }
}

function asInterval([low, high]: readonly [number, number]): { low: number; high: number } {
  return { low, high }
}
