import type { Context } from '../context.ts'
import type { Example } from '../data/example.ts'
import { UserError } from '../error.ts'
import { chatFormat, readCheckpoint, type ChatFiles } from '../model/checkpoint.ts'
import type { LearnedTurns, TokenizedExample } from '../model/conversation.ts'
import type { DecoderConfig } from '../model/decoder-config.ts'
import type { Weights } from '../model/decoder-weights.ts'
import { initialAdapter, mergeAdapter, type LoraOptions } from '../model/lora.ts'
import { preflight, type PreflightFinding } from '../model/preflight.ts'
import { scratchCheckpoint } from '../model/scratch.ts'
import {
  type EpochResult,
  trainDecoder,
  type TrainingResult,
  type TrainingSettings,
} from '../model/train-decoder.ts'
import { meanOf } from '../stats/moments.ts'
import { parseAnswer } from '../task/parse.ts'
import type { Task } from '../task/task.ts'
import { answerExamples } from './decoder-answer.ts'
import type { Student, TrainingAids, TrainingSet } from './student.ts'

export interface DecoderStudentOptions {
  /** A Hugging Face folder to start from; null for a small decoder from scratch. */
  readonly base: string | null
  /** An adapter beside the base model's weights; null to train them all. A decoder from scratch has none. */
  readonly lora: LoraOptions | null
  /** Which of the assistant's turns are learned. */
  readonly learn: LearnedTurns
  /** Passes over the examples; left out, as many as make about 800 updates, 100 of an adapter, from 3 to 100. */
  readonly epochs?: number | undefined
  /** Left out, 0.002 from scratch, 0.0005 for an adapter, 0.00005 for all weights of a base. */
  readonly learningRate?: number | undefined
  /** Examples of a batch. */
  readonly batch: number
  /** Batches of an update. */
  readonly accumulate: number
  readonly packing: boolean
  /** Longer examples are cut, in tokens; bounded by the model's context. */
  readonly limit: number
}

/** How a training went: what its curve is drawn from. */
export interface TrainingRecord {
  readonly updates: number
  /** Of those that were planned; fewer updates were taken where dev examples said to stop. */
  readonly planned: number
  /** Mean loss of parts of the updates, in nats a learned token, each up to and with update `upTo`. */
  readonly losses: readonly { readonly upTo: number; readonly loss: number }[]
  readonly epochs: readonly EpochResult[]
}

/** A trained decoder. */
export interface DecoderModel {
  readonly kind: 'decoder'
  /** With its labels where it has any. */
  readonly task: Task
  readonly answerTokens: number
  /** The adapter that `learned` is, beside the weights of the student's base; null where they are all weights. */
  readonly lora: LoraOptions | null
  readonly config: DecoderConfig
  readonly chat: ChatFiles
  readonly learned: Weights
  /** What was found in the examples before training. */
  readonly findings: readonly PreflightFinding[]
  readonly training: TrainingRecord
}

/** Whole weights of larger models are too much to train here. */
const MOST_WEIGHTS = 60_000_000

/**
 * Learns any task by telling the assistant's tokens: a decoder of the Llama family, from a base model or from scratch,
 * which answers in the task's own form (see `answerExamples`).
 */
export function decoderStudent(options: DecoderStudentOptions): Student<DecoderModel> {
  return {
    name: 'decoder',
    supports: () => true,
    train: (set, context, aids = {}) => train(set, { options, aids }, context),
    async predict(model, examples, context) {
      context.signal.throwIfAborted()
      if (examples.length === 0) return []
      const { task, config, chat, answerTokens } = model
      const format = chatFormat(chat, 'the trained decoder')
      const weights = await weightsOf(model, options.base)
      return answerExamples({ task, config, weights, format, answerTokens }, examples, context)
    },
  }
}

async function train(
  set: TrainingSet,
  { options, aids }: { readonly options: DecoderStudentOptions; readonly aids: TrainingAids },
  context: Context,
): Promise<DecoderModel> {
  context.signal.throwIfAborted()
  const { examples } = set
  if (examples.length === 0) throw new UserError(`The task ${set.task.name} has no examples to learn from.`)
  const task = withLabels(set)
  const { base, lora } = options
  if (base === null && lora !== null) {
    throw new UserError(
      'A decoder from scratch has no weights for an adapter.',
      'Name a base model, or leave the adapter out.',
    )
  }
  const start =
    base === null
      ? scratchCheckpoint(
          examples.map(({ messages }) => messages),
          context.random.stream('scratch'),
        )
      : await readCheckpoint(base)
  if (lora === null) assertSmall(start.weights)
  const format = chatFormat(start.chat, base ?? 'the new decoder')
  const limit = Math.min(options.limit, start.config.context)
  const checked = preflight(format, examples, { turns: options.learn, limit })
  for (const found of checked.findings) if (found.severity === 'warning') context.log(findingText(found))
  stopAtErrors(checked.findings)

  const dev = preflight(format, aids.dev ?? [], { turns: options.learn, limit }).examples
  const settings = settingsOf(options, checked.examples.length)
  const adapter = lora === null ? null : initialAdapter(start.config, lora, context.random.stream('adapter'))
  const result = await trainDecoder(
    {
      config: start.config,
      weights: start.weights,
      padId: format.padId,
      ...(lora !== null && adapter !== null && { lora: { options: lora, adapter } }),
    },
    {
      examples: weighted({ ...set, task }, checked.examples),
      dev,
      settings,
      context,
      ...(aids.saves && { saves: aids.saves }),
    },
  )
  return {
    kind: 'decoder',
    task,
    answerTokens: answerTokensOf(checked.examples, start.config.context),
    lora,
    config: start.config,
    chat: start.chat,
    learned: result.learned,
    findings: checked.findings,
    training: recordOf(result),
  }
}

/** Parts of the updates that a curve shows. */
const CURVE_PARTS = 60

function recordOf({ losses, epochs, planned }: TrainingResult): TrainingRecord {
  const size = Math.ceil(losses.length / CURVE_PARTS)
  return {
    updates: losses.length,
    planned,
    losses: Array.from({ length: Math.ceil(losses.length / size) }, (_, part) => {
      const own = losses.slice(part * size, (part + 1) * size)
      return { upTo: part * size + own.length, loss: meanOf(own) }
    }),
    epochs,
  }
}

/** The task with every label that was seen, declared ones first. */
function withLabels({ task, examples }: TrainingSet): Task {
  if (task.kind !== 'label') return task
  const seen = new Set(examples.map(example => labelOf(task, example)))
  return { ...task, labels: [...new Set([...(task.labels ?? []), ...[...seen].sort()])] }
}

function labelOf(task: Task, { id, messages }: Example): string {
  const answer = messages.findLast(({ role }) => role === 'assistant')?.content.trim()
  if (answer === undefined) {
    throw new UserError(`The example ${id} of the task ${task.name} has no answer to learn from.`)
  }
  const parsed = task.kind === 'label' && task.labels !== undefined ? parseAnswer(task, answer) : null
  return typeof parsed === 'string' ? parsed : answer
}

/** Balanced classes weigh n / (classes x count) on top of the examples' own weights. */
function weighted(
  { task, examples, classWeights }: TrainingSet,
  tokenized: readonly TokenizedExample[],
): readonly TokenizedExample[] {
  if (classWeights === 'none' || task.kind !== 'label') return tokenized
  const labels = new Map(examples.map(example => [example.id, labelOf(task, example)]))
  const counts = new Map<string, number>()
  for (const { id } of examples) counts.set(labels.get(id)!, (counts.get(labels.get(id)!) ?? 0) + 1)
  return tokenized.map(example => {
    const share = examples.length / (counts.size * counts.get(labels.get(example.id)!)!)
    return { ...example, weight: example.weight * share }
  })
}

/** Epochs without a lesser dev loss that are waited for. */
const PATIENCE = 3

/**
 * Passes over so many examples that make about 800 updates, from 3 to 100; 100 updates of an adapter, whose base knows
 * the language already (bench/tune-200.ts).
 */
export function epochsFor(
  examples: number,
  { perUpdate, adapter }: { readonly perUpdate: number; readonly adapter: boolean },
): number {
  const updates = adapter ? 100 : 800
  return Math.max(3, Math.min(100, Math.round(updates / Math.ceil(examples / perUpdate))))
}

function settingsOf(options: DecoderStudentOptions, examples: number): TrainingSettings {
  const { accumulate, batch, packing, base, lora } = options
  const epochs =
    options.epochs ?? epochsFor(examples, { perUpdate: batch * accumulate, adapter: lora !== null })
  const learningRate = options.learningRate ?? (base === null ? 2e-3 : lora === null ? 5e-5 : 5e-4)
  const batches = { rows: batch, packing, buckets: 4 }
  return {
    epochs,
    batches,
    accumulate,
    learningRate,
    warmup: 0.05,
    optimizer: { weightDecay: 0.01 },
    clip: 1,
    patience: PATIENCE,
  }
}

/** Throws a UserError with the errors among the findings, where there are any. */
export function stopAtErrors(findings: readonly PreflightFinding[]): void {
  const errors = findings.filter(({ severity }) => severity === 'error')
  if (errors.length === 0) return
  throw new UserError(
    `The training examples cannot be learned: ${errors.map(findingText).join('; ')}.`,
    'Correct or remove these examples.',
  )
}

/** A finding with the first of the examples that it is about. */
export function findingText({ check, message, examples }: PreflightFinding): string {
  if (examples.length === 0) return `${check}: ${message}`
  const some = `${examples.slice(0, 3).join(', ')}${examples.length > 3 ? ', …' : ''}`
  return `${check}: ${examples.length} examples ${message} (${some})`
}

/** Half as long again as the longest answer that was learned, at least 16 tokens, and at most half of the context. */
function answerTokensOf(examples: readonly TokenizedExample[], context: number): number {
  const longest = Math.max(...examples.map(({ ids, learned }) => ids.length - learned.lastIndexOf(0) - 1))
  return Math.min(Math.max(16, Math.ceil(longest * 1.5)), Math.floor(context / 2))
}

function assertSmall(weights: Weights): void {
  const count = Object.values(weights).reduce((sum, values) => sum + values.length, 0)
  if (count <= MOST_WEIGHTS) return
  throw new UserError(
    `The base model has ${Math.round(count / 1e6)} million weights; at most ${MOST_WEIGHTS / 1e6} million can all be trained.`,
    'Train an adapter instead: set `lora`.',
  )
}

async function weightsOf({ learned, lora, config }: DecoderModel, base: string | null): Promise<Weights> {
  if (lora === null) return learned
  if (base === null) throw new RangeError('an adapter is asked without its base model')
  const { weights } = await readCheckpoint(base)
  return mergeAdapter(config, lora, { weights, adapter: learned })
}
