import type { Example } from '../data/example.ts'
import { confidentJoint } from '../stats/confident-learning.ts'
import type { Prediction } from '../student/student.ts'
import { answerOf } from './answer.ts'

/** An example whose label the student, trained on the others, confidently disputes. */
interface SuspectLabel {
  readonly row: string
  readonly given: string
  readonly suggested: string
  /** Probability of the given label. */
  readonly confidence: number
}

export interface LabelNoise {
  /** Examples whose labels were weighed; those of labels with too few examples were not. */
  readonly examples: number
  readonly disputed: number
  /** The disputed share of the examples by the calibrated joint of given and true labels. */
  readonly share: number
  /** The most doubtful first. Rows that may not leave the machine are counted in `disputed` alone. */
  readonly suspects: readonly SuspectLabel[]
}

/** A threshold is a mean over a label's examples: with fewer it means nothing. */
const fewestOfLabel = 5
/** A student that misses more of a label's examples than it finds has no say in whether they are right. */
const leastRecall = 0.5
const shown = 20

/**
 * Labels that are likely wrong, by confident learning on cross-validated probabilities (`repeats`: one list of answers
 * each, averaged). Only labels with five examples and a cross-validated recall
 * of a half are weighed. Null for answers without probabilities, or where fewer than two labels are left.
 */
export function findLabelNoise(
  examples: readonly Example[],
  repeats: readonly (readonly Prediction[])[],
): LabelNoise | null {
  if (repeats.some(answers => answers.some(({ probabilities }) => probabilities === undefined))) return null
  const members = Map.groupBy(examples.keys(), index => answerOf(examples[index]!))
  const labels = [...members]
    .filter(([label, own]) => own.length >= fewestOfLabel && recallOf(label, own, repeats) >= leastRecall)
    .map(([label]) => label)
    .sort()
  if (labels.length < 2) return null
  const places = new Map(labels.map((label, place) => [label, place]))
  const weighed = [...examples.keys()].filter(index => places.has(answerOf(examples[index]!)))
  const probabilities = weighed.flatMap(index => {
    const sums = labels.map(label =>
      repeats.reduce((sum, answers) => sum + (answers[index]!.probabilities![label] ?? 0), 0),
    )
    const total = sums.reduce((sum, each) => sum + each, 0)
    return sums.map(sum => (total > 0 ? sum / total : 1 / labels.length))
  })
  const given = weighed.map(index => places.get(answerOf(examples[index]!))!)
  const { suspects, calibrated } = confidentJoint({ given, probabilities, classes: labels.length })
  const wrong = calibrated.reduce(
    (sum, count, index) => sum + (index % (labels.length + 1) === 0 ? 0 : count),
    0,
  )
  return {
    examples: weighed.length,
    disputed: suspects.length,
    share: wrong / weighed.length,
    suspects: suspects
      .filter(({ item }) => examples[weighed[item]!]!.origin.share === 'anyone')
      .slice(0, shown)
      .map(({ item, given: own, suggested, confidence }) => ({
        row: rowOf(examples[weighed[item]!]!),
        given: labels[own]!,
        suggested: labels[suggested]!,
        confidence,
      })),
  }
}

function recallOf(
  label: string,
  members: readonly number[],
  repeats: readonly (readonly Prediction[])[],
): number {
  const found = repeats.map(answers => members.filter(index => answers[index]!.text === label).length)
  return found.reduce((sum, count) => sum + count, 0) / (members.length * repeats.length)
}

/** The row's name: an example's is that and its task. */
function rowOf({ id, task }: Example): string {
  return id.endsWith(`/${task}`) ? id.slice(0, -task.length - 1) : id
}
