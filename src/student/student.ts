import type { Context } from '../context.ts'
import type { Example } from '../data/example.ts'
import type { SavePlace } from '../model/training-save.ts'
import type { Task } from '../task/task.ts'

/** What a student answered to one example's prompt. */
export interface Prediction {
  /** The example's id. */
  readonly id: string
  /** The answer as text, to be parsed by the task. */
  readonly text: string
  /** Probability of each label, for label tasks. */
  readonly probabilities?: Readonly<Record<string, number>>
}

export interface TrainingSet {
  readonly task: Task
  readonly examples: readonly Example[]
  /** `balanced` weighs each class by n / (classes x count), on top of the examples' own weights. */
  readonly classWeights: 'none' | 'balanced'
}

/** What helps a long training; a student that trains in seconds needs none of it. */
export interface TrainingAids {
  /** Never learned from: they say when to stop and which weights to keep. */
  readonly dev?: readonly Example[]
  readonly saves?: SavePlace
}

/**
 * A model that can be trained on examples of a task and asked. `Model` is plain data that can be saved: JSON, and arrays
 * of 32-bit floats.
 */
export interface Student<Model> {
  readonly name: string
  /** True, or the reason in plain words why this student cannot learn the task. */
  supports(task: Task): true | string
  train(set: TrainingSet, context: Context, aids?: TrainingAids): Promise<Model>
  predict(model: Model, examples: readonly Example[], context: Context): Promise<readonly Prediction[]>
}
