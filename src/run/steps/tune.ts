import type { Example } from '../../data/example.ts'
import { type Arm, makeArms } from '../../mix/arms.ts'
import { createStudent } from '../../student/create.ts'
import { placeStudent } from '../place-base.ts'
import type { Student } from '../../student/student.ts'
import { type TunedModels, tuneArm } from '../../tune/tune.ts'
import { type FilledMixture, renderFilled, renderRows } from './fill.ts'
import type { Maker, MakerInput } from './maker.ts'
import type { MixtureSearch } from './search.ts'

/** Arms of real rows alone. */
const plainArms = ['real', 'real-weighted', 'real-repeated']

/** One arm, trained: its models by task, and what it was trained on. */
export interface TunedArm {
  readonly arm: Omit<Arm, 'examples'>
  readonly models: TunedModels
  /** Examples by task. */
  readonly counts: Readonly<Record<string, { readonly real: number; readonly synthetic: number }>>
}

/** Trains the student on one arm in one replicate. */
export const makeTune: Maker<TunedArm> = async input => {
  const { step, project, prepared, replicate, context } = input
  const { examples, ...arm } = await armNamed(input, step.subject!)
  const how = { tasks: prepared.tasks, attributes: project.attributes, seed: replicate!.seed }
  const models = await tuneArm(
    {
      student: await studentOf(input),
      tasks: prepared.tasks,
      examples,
      dev: project.student.use === 'linear' ? [] : renderRows(prepared.dev, how),
      classWeights: arm.classWeights,
      savesOf: input.savesOf,
    },
    // What is questionable in the examples is told once; of the other arms the report tells.
    step.subject === 'real' && step.replicate === 0 ? context : { ...context, log: () => {} },
  )
  return { arm, models, counts: countExamples(prepared.tasks, examples) }
}

/** Real and synthetic examples by task. */
export function countExamples(
  tasks: readonly { readonly name: string }[],
  examples: readonly Example[],
): TunedArm['counts'] {
  const counts = tasks.map(({ name }) => {
    const own = examples.filter(({ task }) => task === name)
    const synthetic = own.filter(({ origin }) => origin.kind === 'synthetic').length
    return [name, { real: own.length - synthetic, synthetic }] as const
  })
  return Object.fromEntries(counts)
}

async function studentOf(input: MakerInput): Promise<Student<unknown>> {
  const { student } = input.project
  return student.use === 'linear'
    ? createStudent({ ...student, C: await strengthOf(input, student.C) })
    : createStudent(placeStudent(student, input.folder))
}

/**
 * Inverse strength of the student's penalty. Where the first mixture is searched, it is tuned in every arm: the arms of
 * real rows alone take what suited those, so that a mixture gets no credit for a penalty that its rivals were not given.
 */
async function strengthOf({ step, need }: MakerInput, declared: number): Promise<number> {
  const name = step.needs.find(other => other.startsWith('search:'))
  if (name === undefined) return declared
  const { choice, realC } = await need<MixtureSearch>(name)
  return plainArms.some(arm => arm === step.subject) ? realC : choice.C
}

/** Builds one arm of a replicate from the real rows and the fills that the step needs. */
export async function armNamed(input: MakerInput, name: string): Promise<Arm> {
  const { step, project, prepared, replicate } = input
  const how = { tasks: prepared.tasks, attributes: project.attributes, seed: replicate!.seed }
  const mixtures = await Promise.all(
    Object.keys(project.mixtures).map(async mixture => {
      const fill = `fill:${mixture}@${replicate!.index}`
      const synthetic = step.needs.includes(fill)
        ? [...renderFilled(await input.need<FilledMixture>(fill), how)]
        : []
      return { name: mixture, synthetic }
    }),
  )
  return makeArms(renderRows(replicate!.train, how), mixtures).find(arm => arm.name === name)!
}
