import { adapterOf, threadsOf } from '../student/create.ts'
import { epochsFor, updatesOf } from '../student/decoder-train.ts'
import type { DecoderSettings, StudentSettings } from '../student/options.ts'
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
/** Weights of a decoder from scratch, about: of its size, or of those that src/model/scratch.ts gives for so many examples. */
function scratchWeights({ size }: DecoderSettings, examples: number): number {
  if (size !== undefined) return size.layers * 13 * size.width ** 2 + 1500 * size.width
  if (examples < 500) return 2e5
  return examples < 3000 ? 8e5 : 4e6
}

/** Predicted seconds to train on so many examples. */
export function tuneSeconds({ student, base }: StudentTimes, examples: number): number {
  if (student.use === 'linear') return trainingSeconds(examples)
  const updates = updatesOf(student.updates, adapterOf(student) !== null)
  const epochs =
    student.epochs ?? epochsFor(Math.max(1, examples), student.batch * student.accumulate, updates)
  const weights = base?.weights ?? scratchWeights(student, examples)
  return 3 + (epochs * examples * exampleTokens * 6 * weights) / perSecond(base)
}

/** Predicted seconds to answer so many prompts. */
export function answerSeconds({ student, base }: StudentTimes, prompts: number, examples: number): number {
  if (student.use === 'linear') return prompts * 0.0003
  const weights = base?.weights ?? scratchWeights(student, examples)
  return 1 + (prompts * exampleTokens * 4 * weights) / perSecond(base)
}

function perSecond(base: BaseModel | null): number {
  return base === null ? perSecondFromScratch : perSecondOfBase
}

/** A process that trained the largest decoder from scratch alone took 1.2 GB, its own included. */
const scratchBytes = 1e9

/** What a student's decoder keeps busy while it is trained or asked; null for a student that is none. */
export function decoderOf({
  student,
  base,
}: StudentTimes): { readonly threads: number; readonly bytes: number } | null {
  if (student.use === 'linear') return null
  return { threads: threadsOf(student), bytes: base?.bytes ?? scratchBytes }
}
