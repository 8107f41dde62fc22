import type { Example } from '../data/example.ts'
import { UserError } from '../error.ts'
import { fitLogistic, logisticProbabilities } from '../model/logistic.ts'
import { fitNgrams, ngramRows, type NgramVocabulary } from '../model/ngram-features.ts'
import { packNumbers, unpackFloats, unpackIntegers } from '../model/packed-numbers.ts'
import { parseAnswer } from '../task/parse.ts'
import type { Task } from '../task/task.ts'
import type { Prediction, Student, TrainingSet } from './student.ts'

/** A trained linear student, as JSON. Packed members are base64 of little-endian 32-bit numbers. */
export interface LinearModel {
  readonly kind: 'linear'
  /** Every label, in report order. */
  readonly labels: readonly string[]
  /** Those seen in training, in the same order: the classes of the regression. */
  readonly learned: readonly string[]
  /** Packed; the members of an NgramVocabulary. */
  readonly vocabulary: {
    readonly hashes: string
    readonly inverseFrequencies: string
  }
  /** Packed floats; the members of a LogisticModel. */
  readonly coefficients: string
  readonly intercepts: string
}

/**
 * Learns label tasks from what is asked, all messages but the assistant's: hashed runs of 1–2 words and 2–4 characters
 * weighted by sublinear TF-IDF, and multinomial logistic regression. `C` is the inverse strength of its L2 penalty, > 0.
 */
export function linearStudent(options: { readonly C: number }): Student<LinearModel> {
  return {
    name: 'linear',
    supports,
    async train(set, context) {
      context.signal.throwIfAborted()
      return train(set, options.C)
    },
    async predict(model, examples, context) {
      context.signal.throwIfAborted()
      return predict(model, examples)
    },
  }
}

function supports(task: Task): true | string {
  return (
    task.kind === 'label' ||
    `the linear student answers with one of a known set of labels, and a ${task.kind} task has none`
  )
}

/** Throws a UserError for a task of another kind, and where there is nothing to learn from. */
function train({ task, examples, classWeights }: TrainingSet, C: number): LinearModel {
  const verdict = supports(task)
  if (verdict !== true) throw new UserError(`The task ${task.name} cannot be learned: ${verdict}.`)
  if (examples.length === 0) throw new UserError(`The task ${task.name} has no examples to learn from.`)

  const answers = examples.map(example => labelOf(task, example))
  const seen = new Set(answers)
  const labels = [...new Set([...declaredLabels(task), ...[...seen].sort()])]
  const learned = labels.filter(label => seen.has(label))
  const places = new Map(learned.map((label, index) => [label, index]))

  const { vocabulary, rows } = fitNgrams(examples.map(askedText))
  const model = fitLogistic(
    {
      rows,
      targets: answers.map(answer => places.get(answer)!),
      classes: learned.length,
    },
    { C, classWeights, weights: examples.map(example => example.weight) },
  )
  return {
    kind: 'linear',
    labels,
    learned,
    vocabulary: {
      hashes: packNumbers(vocabulary.hashes),
      inverseFrequencies: packNumbers(vocabulary.inverseFrequencies),
    },
    coefficients: packNumbers(Float32Array.from(model.coefficients)),
    intercepts: packNumbers(Float32Array.from(model.intercepts)),
  }
}

function predict(model: LinearModel, examples: readonly Example[]): readonly Prediction[] {
  const { learned } = model
  const vocabulary: NgramVocabulary = {
    hashes: unpackIntegers(model.vocabulary.hashes),
    inverseFrequencies: unpackFloats(model.vocabulary.inverseFrequencies),
  }
  const probabilities = logisticProbabilities(
    {
      classes: learned.length,
      coefficients: unpackFloats(model.coefficients),
      intercepts: unpackFloats(model.intercepts),
    },
    ngramRows(vocabulary, examples.map(askedText)),
  )
  return examples.map(({ id }, row) => {
    const own = probabilities.subarray(row * learned.length, (row + 1) * learned.length)
    const byLabel = new Map(learned.map((label, index) => [label, own[index]!]))
    return {
      id,
      text: learned[own.indexOf(Math.max(...own))]!,
      probabilities: Object.fromEntries(model.labels.map(label => [label, byLabel.get(label) ?? 0])),
    }
  })
}

function askedText(example: Example): string {
  return example.messages
    .filter(message => message.role !== 'assistant')
    .map(message => message.content)
    .join('\n')
}

/** The label that the last assistant turn names; a turn that names none of the declared ones is a label of its own. */
function labelOf(task: Task, example: Example): string {
  const answer = example.messages.findLast(message => message.role === 'assistant')?.content.trim()
  if (answer === undefined) {
    throw new UserError(`The example ${example.id} of the task ${task.name} has no answer to learn from.`)
  }
  const parsed = declaredLabels(task).length > 0 ? parseAnswer(task, answer) : null
  return typeof parsed === 'string' ? parsed : answer
}

function declaredLabels(task: Task): readonly string[] {
  return task.kind === 'label' ? (task.labels ?? []) : []
}
