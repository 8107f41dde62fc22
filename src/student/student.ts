import type { Context } from '../context.ts'
import type { Example } from '../data/example.ts'
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

/** A model that can be trained on examples of a task and asked. `Model` is plain data that can be saved as JSON. */
export interface Student<Model> {
  readonly name: string
  /** True, or the reason in plain words why this student cannot learn the task. */
  supports(task: Task): true | string
  train(set: TrainingSet, context: Context): Promise<Model>
  predict(model: Model, examples: readonly Example[], context: Context): Promise<readonly Prediction[]>
}
