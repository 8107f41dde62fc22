import { createContext } from '../../context.ts'
import { orderEvenly } from '../../gaps/even-order.ts'
import { partsOf } from '../../gaps/learning-curve.ts'
import { createStudent } from '../../student/create.ts'
import { placeStudent } from '../place-base.ts'
import { learnableTasks, type TunedModels } from '../../tune/tune.ts'
import { renderRows } from './fill.ts'
import { scoredReplicate } from '../replicate.ts'
import type { Maker } from './maker.ts'
import { classWeightsOf, rivalOf } from './rival.ts'

/** The student trained on one part of the real examples of each task. */
export interface GrownPart {
  /** `1/8 of real`, after the rival's arm. */
  readonly arm: string
  readonly share: number
  readonly models: TunedModels
  /** Training examples by task. */
  readonly examples: Readonly<Record<string, number>>
}

/** What the student made of the real examples of one replicate. */
export interface GrownParts {
  readonly parts: readonly GrownPart[]
  /** All real examples, by task. */
  readonly examples: Readonly<Record<string, number>>
}

const smallestPart = 1 / 8

/**
 * Trains the student, as the replicate's rival is trained, on growing parts of the replicate's real examples. Each replicate
 * draws parts of its own: nested ones, in which each answer has its share. The whole is the rival's own arm.
 */
export const makeGrow: Maker<GrownParts> = async input => {
  const { step, project, prepared, seed, need } = input
  const passage = scoredReplicate(input.replicate)
  const student = createStudent(placeStudent(project.student, input.folder))
  const { learned } = learnableTasks(student, prepared.tasks)
  const how = { tasks: learned, attributes: project.attributes, seed: passage.seed }
  const real = renderRows(passage.train, how)
  const parts = new Map<number, { models: Record<string, unknown>; examples: Record<string, number> }>()
  const counts: Record<string, number> = {}
  for (const [index, task] of learned.entries()) {
    const context = createContext({
      ...input.context,
      seed: passage.seed,
      name: `${step.name}/${task.name}`,
    })
    const rival = await rivalOf(need, task, prepared.regime === 'sealed' ? 0 : passage.index)
    const own = orderEvenly(
      real.filter(example => example.task === task.name),
      context.random.stream('order'),
    )
    counts[task.name] = own.length
    const labels = task.kind === 'label' ? task.labels!.length : 1
    const shares = partsOf(own.length, labels, smallestPart).filter(share => share < 1)
    for (const share of shares) {
      context.signal.throwIfAborted()
      const examples = own.slice(0, Math.round(share * own.length))
      const part = parts.get(share) ?? { models: {}, examples: {} }
      part.models[task.name] = await student.train(
        { task, examples, classWeights: classWeightsOf.get(rival.arm)! },
        createContext({ ...context, seed, name: step.name, log: () => {} }),
        { saves: input.savesOf(`${task.name}-${share.toFixed(3)}`) },
      )
      part.examples[task.name] = examples.length
      parts.set(share, part)
    }
    input.context.progress(index + 1, learned.length)
  }
  const grown = [...parts].toSorted(([a], [b]) => a - b)
  return {
    parts: grown.map(([share, part]) => ({ arm: `real x ${share.toFixed(3)}`, share, ...part })),
    examples: counts,
  }
}
