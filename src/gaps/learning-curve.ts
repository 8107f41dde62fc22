import type { Context } from '../context.ts'
import type { Example } from '../data/example.ts'
import { dealGroups } from '../student/cross-validate.ts'
import type { Prediction, Student, TrainingSet } from '../student/student.ts'
import { orderEvenly } from './even-order.ts'

/** The student's answers to all examples, each by a model that was trained on `size` examples of other groups. */
export interface CurvePoint {
  /** Training examples, the mean over folds and repeats. */
  readonly size: number
  /** A list a repeat, in the examples' order. */
  readonly answers: readonly (readonly Prediction[])[]
}

export interface CurveDesign {
  /** Parts of the examples that the largest subset holds, each in (0, 1], rising: the last is 1. */
  readonly shares: readonly number[]
  /** Each fold is answered by students of growing subsets of the others, >= 2. */
  readonly folds: number
  /** Other folds and other subsets each time, >= 1. */
  readonly repeats: number
}

/** Trainings of all points together: examples times outputs. About 20 seconds of one core for the linear student. */
const mostWork = 3e6
const smallestPart = Math.SQRT1_2 ** 5
/** Smaller training sets than this, or than two a label, say nothing of what more examples bring. */
const fewestExamples = 10

/** Parts of so many examples that are worth training on, rising by the square root of two from `least`; 1 is the last. */
export function partsOf(examples: number, labels: number, least: number): readonly number[] {
  return Array.from({ length: 1 + Math.round(-2 * Math.log2(least)) }, (_, index) => Math.SQRT1_2 ** index)
    .filter(share => share * examples >= Math.max(fewestExamples, 2 * labels))
    .toReversed()
}

/**
 * How a curve over so many examples with so many labels is grown: up to six sizes and five folds, and with fewer than
 * 1,000 examples all of it twice. `examples` is how many of them the work allows.
 */
export function designCurve(examples: number, labels: number): CurveDesign & { readonly examples: number } {
  const folds = 5
  const repeats = examples < 1000 ? 2 : 1
  const outputs = labels > 2 ? labels : 1
  const perExample = repeats * folds * 0.8 * outputs * (1 / (1 - Math.SQRT1_2))
  const used = Math.min(examples, Math.max(200, Math.floor(mostWork / perExample)))
  const largest = used * (1 - 1 / folds)
  return { shares: partsOf(largest, labels, smallestPart), folds, repeats, examples: used }
}

/**
 * The student on growing subsets of the training examples. In each repeat the examples are dealt into folds; for each fold
 * the others are put in an order whose every beginning has the labels in their shares, and the student is trained on its
 * beginnings. Nested subsets make neighbouring points comparable; all points are scored on all examples.
 * Throws a UserError where there are fewer groups than folds.
 */
export async function growLearningCurve<Model>(
  student: Student<Model>,
  set: TrainingSet,
  design: CurveDesign & { readonly context: Context },
): Promise<readonly CurvePoint[]> {
  const { shares, folds, repeats, context } = design
  const points = shares.map(() => ({
    trained: 0,
    answers: Array.from({ length: repeats }, () => new Map<Example, Prediction>()),
  }))
  for (let repeat = 0; repeat < repeats; repeat++) {
    const random = context.random.stream(`repeat ${repeat + 1}`)
    const foldOf = dealGroups(set, folds, random)
    for (let fold = 0; fold < folds; fold++) {
      const inner = { ...context, random: random.stream(`fold ${fold + 1}`) }
      const heldOut = set.examples.filter(({ group }) => foldOf.get(group) === fold)
      const ordered = orderEvenly(
        set.examples.filter(({ group }) => foldOf.get(group) !== fold),
        inner.random,
      )
      for (const [index, share] of shares.entries()) {
        context.signal.throwIfAborted()
        const examples = ordered.slice(0, Math.max(1, Math.round(share * ordered.length)))
        const model = await student.train({ ...set, examples }, inner)
        const answers = await student.predict(model, heldOut, inner)
        for (const [place, example] of heldOut.entries())
          points[index]!.answers[repeat]!.set(example, answers[place]!)
        points[index]!.trained += examples.length
        context.progress((repeat * folds + fold) * shares.length + index + 1, repeats * folds * shares.length)
      }
    }
  }
  return points.map(({ trained, answers }) => ({
    size: trained / (repeats * folds),
    answers: answers.map(given => set.examples.map(example => given.get(example)!)),
  }))
}
