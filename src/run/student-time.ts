import { adapterOf } from '../student/create.ts'
import { epochsFor } from '../student/decoder.ts'
import type { StudentSettings } from '../student/options.ts'
import type { BaseModel } from './base-model.ts'
import { trainingSeconds } from './plan.ts'

/** What the times of a student are predicted from. */
export interface StudentTimes {
  readonly student: StudentSettings
  readonly base: BaseModel | null
}

/** Tokens of an example, as far as they can be known before any is read. */
const exampleTokens = 60
/** Set so that 800 updates of 8 short requests, from scratch, are foretold in 26 s; 23 were measured on two busy cores. */
const perSecondFromScratch = 2e10
/** Set so that 50 such updates of an adapter beside 135 million weights are foretold in 132 s; 136 were measured there. */
const perSecondOfBase = 1.5e11
/** Weights of a decoder from scratch, by the sizes that src/model/scratch.ts gives for so many examples. */
const scratchWeights = (examples: number): number => (examples < 500 ? 2e5 : examples < 3000 ? 8e5 : 4e6)

/** Predicted seconds to train on so many examples. */
export function tuneSeconds({ student, base }: StudentTimes, examples: number): number {
  if (student.use === 'linear') return trainingSeconds(examples)
  const perUpdate = student.batch * student.accumulate
  const adapter = adapterOf(student) !== null
  const epochs = student.epochs ?? epochsFor(Math.max(1, examples), { perUpdate, adapter })
  const weights = base?.weights ?? scratchWeights(examples)
  return 3 + (epochs * examples * exampleTokens * 6 * weights) / perSecond(base)
}

/** Predicted seconds to answer so many prompts. */
export function answerSeconds({ student, base }: StudentTimes, prompts: number, examples: number): number {
  if (student.use === 'linear') return prompts * 0.0003
  const weights = base?.weights ?? scratchWeights(examples)
  return 1 + (prompts * exampleTokens * 4 * weights) / perSecond(base)
}

function perSecond(base: BaseModel | null): number {
  return base === null ? perSecondFromScratch : perSecondOfBase
}
