import type { Context } from '../context.ts'
import type { Example } from '../data/example.ts'
import { UserError } from '../error.ts'
import { chatFormat, readCheckpoint, type ChatFiles, type Checkpoint } from '../model/checkpoint.ts'
import type { LearnedTurns, TokenizedExample } from '../model/conversation.ts'
import type { DecoderConfig } from '../model/decoder-config.ts'
import type { Weights } from '../model/decoder-weights.ts'
import { initialAdapter, mergeAdapter, type LoraOptions } from '../model/lora.ts'
import { packNumbers, unpackFloats } from '../model/packed-numbers.ts'
import { preflight, type PreflightFinding } from '../model/preflight.ts'
import { scratchCheckpoint } from '../model/scratch.ts'
import { trainDecoder, type TrainingSettings } from '../model/train-decoder.ts'
import { parseAnswer } from '../task/parse.ts'
import type { Task } from '../task/task.ts'
import { answerExamples } from './decoder-answer.ts'
import type { Student, TrainingSet } from './student.ts'

export interface DecoderStudentOptions {
  /** A Hugging Face folder to start from; null for a small decoder from scratch. */
  readonly base: string | null
  /** An adapter beside the base model's weights; null to train them all. A decoder from scratch has none. */
  readonly lora: LoraOptions | null
  /** Which of the assistant's turns are learned. */
  readonly learn: LearnedTurns
  /** Passes over the examples. */
  readonly epochs: number
  readonly learningRate: number
  /** Examples of a batch. */
  readonly batch: number
  /** Batches of an update. */
  readonly accumulate: number
  readonly packing: boolean
  /** Longer examples are cut, in tokens; bounded by the model's context. */
  readonly limit: number
}

/** A trained decoder, as JSON. Packed members are base64 of little-endian 32-bit floats. */
export interface DecoderModel {
  readonly kind: 'decoder'
  /** With its labels where it has any. */
  readonly task: Task
  readonly answerTokens: number
  /** The folder of the frozen weights that the adapter belongs to; null where `learned` are all weights. */
  readonly base: { readonly folder: string; readonly lora: LoraOptions } | null
  readonly config: DecoderConfig
  readonly chat: ChatFiles
  /** Packed, by name. */
  readonly learned: Readonly<Record<string, string>>
}

/** Whole weights of larger models are no plain data that could be saved as JSON. */
const MOST_WEIGHTS = 60_000_000

/**
 * Learns any task by telling the assistant's tokens: a decoder of the Llama family, from a base model or from scratch,
 * which answers in the task's own form (see `answerExamples`).
 */
export function decoderStudent(options: DecoderStudentOptions): Student<DecoderModel> {
  return {
    name: 'decoder',
    supports: () => true,
    train: (set, context) => train(set, options, context),
    async predict(model, examples, context) {
      context.signal.throwIfAborted()
      if (examples.length === 0) return []
      const { task, config, chat, answerTokens } = model
      const format = chatFormat(chat, model.base?.folder ?? 'the trained decoder')
      const weights = await weightsOf(model)
      return answerExamples({ task, config, weights, format, answerTokens }, examples, context)
    },
  }
}

async function train(
  set: TrainingSet,
  options: DecoderStudentOptions,
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
  report(checked.findings, context)

  const settings = settingsOf(options)
  const adapter = lora === null ? null : initialAdapter(start.config, lora, context.random.stream('adapter'))
  const { learned } = await trainDecoder(
    {
      config: start.config,
      weights: start.weights,
      padId: format.padId,
      ...(lora !== null && adapter !== null && { lora: { options: lora, adapter } }),
    },
    { examples: weighted({ ...set, task }, checked.examples), dev: [], settings, context },
  )
  return {
    kind: 'decoder',
    task,
    answerTokens: answerTokensOf(checked.examples, start.config.context),
    base: base !== null && lora !== null ? { folder: base, lora } : null,
    config: start.config,
    chat: start.chat,
    learned: Object.fromEntries(Object.entries(learned).map(([name, values]) => [name, packNumbers(values)])),
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

function settingsOf(options: DecoderStudentOptions): TrainingSettings {
  const { epochs, learningRate, accumulate, batch, packing } = options
  const batches = { rows: batch, packing, buckets: 4 }
  return {
    epochs,
    batches,
    accumulate,
    learningRate,
    warmup: 0.05,
    optimizer: { weightDecay: 0.01 },
    clip: 1,
  }
}

/** Warnings are told; errors stop the training before it begins. */
function report(findings: readonly PreflightFinding[], context: Context): void {
  const errors = findings.filter(({ severity }) => severity === 'error')
  for (const finding of findings) if (finding.severity === 'warning') context.log(shown(finding))
  if (errors.length === 0) return
  throw new UserError(
    `The training examples cannot be learned: ${errors.map(shown).join('; ')}.`,
    'Correct or remove these examples.',
  )
}

function shown({ check, message, examples }: PreflightFinding): string {
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

async function weightsOf({ learned, base, config }: DecoderModel): Promise<Weights> {
  const unpacked = Object.fromEntries(
    Object.entries(learned).map(([name, packed]) => [name, unpackFloats(packed)]),
  )
  if (base === null) return unpacked
  const start: Checkpoint = await readCheckpoint(base.folder)
  return mergeAdapter(config, base.lora, { weights: start.weights, adapter: unpacked })
}
