import { createContext } from '../../context.ts'
import type { Outcome } from '../../evaluate/outcome.ts'
import { chooseRival, type Rival } from '../../evaluate/rival.ts'
import type { ResolvedTask } from '../../task/render.ts'
import { crossValidate } from '../../student/cross-validate.ts'
import { createStudent, proxySettings } from '../../student/create.ts'
import { learnableTasks } from '../../tune/tune.ts'
import { toAnswer } from './answer.ts'
import { renderRows } from './fill.ts'
import type { Maker, MakerInput } from './maker.ts'
import { metricOf } from './metrics.ts'

/** Answers of the arms without synthetic examples to training rows that they were not trained on. */
export type RivalOutcomes = readonly Outcome[]

const repeats = 3
/** The arms without synthetic examples, and how they weigh classes. */
const plainArms = [
  ['real', 'none'],
  ['real-weighted', 'balanced'],
] as const
/** How the arms without synthetic examples weigh classes. */
export const classWeightsOf: ReadonlyMap<string, 'none' | 'balanced'> = new Map(plainArms)

/** Folds of each repeat, pooled in one outcome. */
export const pilotFolds = 5

/**
 * Cross-validates the arms without synthetic examples on the real training rows alone: what the rival is chosen by,
 * and the pilot for the smallest effect that the data could show.
 */
export const makeRival: Maker<RivalOutcomes> = async ({
  step,
  project,
  prepared,
  replicate,
  seed,
  context,
}) => {
  const student = createStudent(proxySettings(project.student))
  const { learned } = learnableTasks(student, prepared.tasks)
  const examples = renderRows(replicate!.train, {
    tasks: learned,
    attributes: project.attributes,
    seed: replicate!.seed,
  })
  const outcomes: Outcome[] = []
  const total = learned.length * plainArms.length * repeats
  for (const task of learned) {
    const own = examples.filter(example => example.task === task.name)
    for (const [arm, classWeights] of plainArms) {
      for (let repeat = 0; repeat < repeats; repeat++) {
        const inner = createContext({
          seed,
          name: `${step.name}/${task.name}/${repeat}`,
          signal: context.signal,
        })
        const predictions = await crossValidate(
          student,
          { task, examples: own, classWeights },
          { folds: pilotFolds, random: inner.random, context: inner },
        )
        const given = new Map(predictions.map(({ id, text }) => [id, text]))
        outcomes.push({
          task: task.name,
          arm,
          replicate: repeat,
          answers: own.map(example => toAnswer(task, example, given.get(example.id) ?? '')),
        })
        context.progress(outcomes.length, total)
      }
    }
  }
  return outcomes
}

/** The better arm without synthetic examples, by cross-validation on the training rows of one replicate. */
export async function rivalOf(
  need: MakerInput['need'],
  task: ResolvedTask,
  replicate: number,
): Promise<Rival> {
  const outcomes = (await need<RivalOutcomes>(`rival@${replicate}`)).filter(each => each.task === task.name)
  if (outcomes.length === 0)
    return { arm: plainArms[0][0], scores: {}, why: 'a task without labels has no classes to weight' }
  return chooseRival({
    metric: metricOf(task),
    candidates: plainArms.map(([arm]) => ({
      arm,
      outcomes: outcomes.filter(each => each.arm === arm),
    })),
  })
}
