import type { Context } from '../context.ts'
import type { Example } from '../data/example.ts'
import type { Random } from '../data/random.ts'
import { UserError } from '../error.ts'
import type { Prediction, Student, TrainingSet } from './student.ts'

interface CrossValidateOptions {
  /** Parts, >= 2: each is predicted by a model of the others. */
  readonly folds: number
  /** Which group goes to which fold follows from it alone. */
  readonly random: Random
  readonly context: Context
}

/**
 * What the student answers to each example when trained on the folds that the example is not in; in the examples'
 * order. Groups are never parted. The groups of each label of a label task are spread evenly over the folds
 * (stratified cross-validation, Kohavi 1995). Throws a UserError where there are fewer groups than folds.
 */
export async function crossValidate<Model>(
  student: Student<Model>,
  set: TrainingSet,
  options: CrossValidateOptions,
): Promise<readonly Prediction[]> {
  const { folds, random, context } = options
  if (!Number.isInteger(folds) || folds < 2) throw new RangeError(`${folds} folds: at least 2 are needed`)
  const foldOf = dealGroups(set, folds, random)
  const predictions = new Map<Example, Prediction>()
  for (let fold = 0; fold < folds; fold++) {
    context.signal.throwIfAborted()
    const inner = { ...context, random: random.stream(`fold ${fold + 1}`) }
    const training = set.examples.filter(example => foldOf.get(example.group) !== fold)
    const heldOut = set.examples.filter(example => foldOf.get(example.group) === fold)
    const model = await student.train({ ...set, examples: training }, inner)
    const answers = await student.predict(model, heldOut, inner)
    for (const [index, example] of heldOut.entries()) predictions.set(example, answers[index]!)
    context.progress(fold + 1, folds)
  }
  return set.examples.map(example => predictions.get(example)!)
}

/**
 * The fold of each group: label by label the groups are shuffled and dealt out in turn, on from where the last label
 * ended. Throws a UserError where there are fewer groups than folds.
 */
export function dealGroups(set: TrainingSet, folds: number, random: Random): ReadonlyMap<string, number> {
  const labels = new Map<string, string>()
  for (const example of set.examples) {
    if (!labels.has(example.group)) labels.set(example.group, stratum(set, example))
  }
  if (labels.size < folds) {
    throw new UserError(
      `The task ${set.task.name} has ${labels.size} groups of training examples, too few for ${folds} folds.`,
      'Give more real rows, or fewer folds.',
    )
  }
  const groups = Map.groupBy(labels.keys(), group => labels.get(group)!)
  const dealt = [...groups.keys()].sort().flatMap(label => random.shuffle(groups.get(label)!))
  return new Map(dealt.map((group, index) => [group, index % folds]))
}

function stratum(set: TrainingSet, example: Example): string {
  if (set.task.kind !== 'label') return ''
  return example.messages.findLast(message => message.role === 'assistant')?.content.trim() ?? ''
}
