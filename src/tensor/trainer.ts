import type { Program } from './compile.ts'
import type { Schedule } from './schedule.ts'
import type { NamedValues, Session } from './session.ts'
import { stepFeeds, type TrainStep } from './train-step.ts'
import { UserError } from '../error.ts'

/** What one update did. */
export interface TrainedStep {
  /** Counted from 1. */
  readonly step: number
  /** The mean over the batches of the update. */
  readonly loss: number
  /** Before clipping. */
  readonly gradientNorm: number
  readonly learningRate: number
  /** The further outputs of each batch. */
  readonly outputs: readonly NamedValues[]
}

/** Programs of a training step under a name, as a session takes them. */
export function trainPrograms(name: string, { update, accumulate }: TrainStep): Record<string, Program> {
  return { [`${name} update`]: update, ...(accumulate && { [`${name} accumulate`]: accumulate }) }
}

/** Takes steps on a session that holds the parameters and the training state. */
export interface Trainer {
  /** One update from as many batches as the step accumulates. Throws where the loss or a gradient is not finite. */
  step(name: string, batches: readonly NamedValues[]): Promise<TrainedStep>
}

/** `steps` are the training steps by name, such as one for each length; their programs are loaded in the session. */
export function createTrainer(options: {
  readonly session: Session
  readonly steps: Readonly<Record<string, TrainStep>>
  readonly schedule: Schedule
  /** Steps taken before, when training goes on. By default 0. */
  readonly taken?: number
}): Trainer {
  const { session, steps, schedule } = options
  let taken = options.taken ?? 0
  return {
    async step(name, batches) {
      const step = steps[name]
      if (step === undefined) throw new RangeError(`no training step is called ${name}`)
      if (batches.length !== step.batches)
        throw new RangeError(`${name}: ${batches.length} batches for an update of ${step.batches}`)
      const learningRate = schedule(taken + 1)
      const outputs: NamedValues[] = []
      for (const batch of batches.slice(0, -1)) outputs.push(await session.run(`${name} accumulate`, batch))
      const scalars = stepFeeds(step, { step: taken + 1, learningRate })
      outputs.push(await session.run(`${name} update`, { ...batches.at(-1), ...scalars }))
      taken++
      const loss = outputs.reduce((sum, { loss }) => sum + loss![0]!, 0) / outputs.length
      const gradientNorm = outputs.at(-1)!['gradient norm']![0]!
      assertFinite(taken, { loss, 'gradient norm': gradientNorm })
      return { step: taken, loss, gradientNorm, learningRate, outputs }
    },
  }
}

function assertFinite(step: number, figures: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(figures))
    if (!Number.isFinite(value))
      throw new UserError(
        `training came apart at step ${step}: the ${name} is ${value}`,
        'Lower the learning rate, warm up for longer, or clip the gradients.',
      )
}
