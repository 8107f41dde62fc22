import type { PlanInput, PlannedStep, StepDraft } from './plan.ts'
import type { ReplicateSteps } from './plan-replicate.ts'
import { answerSeconds, decoderOf, tuneSeconds } from './student-time.ts'

/** What a preview follows from. */
interface PreviewPassage {
  readonly prepare: PlannedStep
  readonly evaluate: PlannedStep
  readonly passages: readonly ReplicateSteps[]
  readonly step: (draft: StepDraft) => PlannedStep
}

/**
 * Plans the preview of a decoder beside the project's student: one decoder an arm, for all its tasks, in the first seeds,
 * asked a part of the sealed rows. None without sealed rows, or where the project wants none.
 */
export function planPreview(
  input: PlanInput,
  { prepare, evaluate, passages, step }: PreviewPassage,
): PlannedStep[] {
  const { project, sizes, regime } = input
  const { preview } = project
  const [first] = Object.entries(project.mixtures)
  if (preview === undefined || first === undefined || regime !== 'sealed') return []
  const times = { student: preview.student, base: input.previewBase }
  const student =
    input.previewBase === null ? preview.student : { ...preview.student, content: input.previewBase.hash }
  const tasks = preview.tasks ?? Object.keys(project.tasks)
  const options = { student, tasks, attributes: project.attributes }
  const seeds = preview.full ? passages.length : Math.min(preview.seeds, passages.length)
  const testRows = preview.full ? null : preview.testRows
  const steps = passages.slice(0, seeds).flatMap((passage, replicate) => {
    const tunes = passage.tunes
      .filter(({ subject }) => preview.full || subject === 'real' || subject === first[0])
      .map(tune => {
        const fills = passage.fills.filter(fill => tune.needs.includes(fill.name))
        const rows = sizes.train * (fills.length > 0 ? 1 + first[1].perReal : 1)
        return step({
          kind: 'preview-tune',
          subject: tune.subject!,
          replicate,
          needs: [prepare, ...fills],
          options,
          local: tune.local,
          seconds: tuneSeconds(times, rows * tasks.length),
          decoder: decoderOf(times),
        })
      })
    const asked = Math.min(testRows ?? sizes.test, sizes.test) * tasks.length
    const answer = step({
      kind: 'preview-answer',
      replicate,
      needs: [prepare, ...tunes],
      options: { student, tasks, testRows },
      local: passage.answer.local || tunes.some(({ local }) => local),
      seconds: tunes.length * answerSeconds(times, asked, sizes.train * tasks.length),
      decoder: decoderOf(times),
    })
    return [...tunes, answer]
  })
  const measure = step({
    kind: 'preview',
    needs: [prepare, evaluate, ...steps.filter(({ kind }) => kind === 'preview-answer')],
    options: { tasks, attributes: project.attributes },
    seconds: 0.3,
  })
  return [...steps, measure]
}
