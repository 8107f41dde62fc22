import type { Context } from '../../context.ts'
import type { SavePlace } from '../../model/training-save.ts'
import type { Project } from '../../project/schema.ts'
import type { PlannedStep } from '../plan.ts'
import type { Prepared } from './prepare.ts'
import type { PublishedReplicate, Replicate } from '../replicate.ts'
import type { RunReview } from '../review.ts'

/** What a step is made from. */
export interface MakerInput {
  readonly step: PlannedStep
  readonly project: Project
  /** Absolute; what the project names lies there. */
  readonly folder: string
  readonly seed: number
  readonly prepared: Prepared
  /** The replicate the step belongs to, and all of them. */
  readonly replicate: Replicate | PublishedReplicate | undefined
  readonly replicates: readonly Replicate[]
  /** What reviewers decided before this run; null where nothing. */
  readonly review: RunReview | null
  readonly context: Context
  /** Where a training of this step is kept while it runs. */
  savesOf(name: string): SavePlace
  /** The result of a step that this one needs, by its name. */
  need<Value>(name: string): Promise<Value>
}

/** Makes the result of one kind of step: plain data, apart from effects. */
export type Maker<Value> = (input: MakerInput) => Promise<Value>
