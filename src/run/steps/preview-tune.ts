import { createDecoder } from '../../student/create.ts'
import type { TrainingSet } from '../../student/student.ts'
import type { ResolvedTask } from '../../task/render.ts'
import { placeStudent } from '../place-base.ts'
import { renderRows } from './fill.ts'
import type { Maker, MakerInput } from './maker.ts'
import { armNamed, countExamples, type TunedArm } from './tune.ts'

/** Trains one decoder on all tasks of one arm in one seed. */
export const makePreviewTune: Maker<TunedArm> = async input => {
  const { step, project, folder, prepared, replicate, context } = input
  const { examples, ...arm } = await armNamed(input, step.subject!)
  const tasks = previewTasks(input)
  const sets = tasks.flatMap((task): TrainingSet[] => {
    const own = examples.filter(example => example.task === task.name)
    return own.length === 0 ? [] : [{ task, examples: own, classWeights: arm.classWeights }]
  })
  const dev = renderRows(prepared.dev, { tasks, attributes: project.attributes, seed: replicate!.seed })
  const models =
    sets.length === 0
      ? {}
      : await createDecoder(placeStudent(project.preview!.student, folder)).trainTogether(
          sets,
          // What is questionable in the examples the report tells.
          { ...context, log: () => {} },
          { dev, saves: input.savesOf('all') },
        )
  return { arm, models, counts: countExamples(tasks, examples) }
}

/** The tasks that a preview is of. */
export function previewTasks({
  project,
  prepared,
}: Pick<MakerInput, 'project' | 'prepared'>): readonly ResolvedTask[] {
  const names = project.preview?.tasks
  return names === undefined ? prepared.tasks : prepared.tasks.filter(({ name }) => names.includes(name))
}
