import type { Context } from '../context.ts'
import type { Example } from '../data/example.ts'
import { UserError } from '../error.ts'
import { type Checkpoint, chatFormat, readCheckpoint } from '../model/checkpoint.ts'
import type { LearnedTurns, TokenizedExample } from '../model/conversation.ts'
import type { Weights } from '../model/decoder-weights.ts'
import { initialAdapter } from '../model/lora.ts'
import { MOST_WEIGHTS } from '../model/memory.ts'
import { preflight, type PreflightFinding } from '../model/preflight.ts'
import { scratchCheckpoint } from '../model/scratch.ts'
import { trainDecoder, type TrainingResult, type TrainingSettings } from '../model/train-decoder.ts'
import { meanOf } from '../stats/moments.ts'
import { parseAnswer } from '../task/parse.ts'
import { learnedTurns, type Task } from '../task/task.ts'
import type { DecoderModel, DecoderStudentOptions, TrainingRecord } from './decoder.ts'
import type { TrainingAids, TrainingSet } from './student.ts'

/** One model of all the tasks; of what it is for each, only the task and the room for an answer differ. */
export async function trainTogether(
  sets: readonly TrainingSet[],
  { options, aids }: { readonly options: DecoderStudentOptions; readonly aids: TrainingAids },
  context: Context,
): Promise<Readonly<Record<string, DecoderModel>>> {
  context.signal.throwIfAborted()
  const lacking = sets.find(({ examples }) => examples.length === 0)
  if (lacking !== undefined)
    throw new UserError(`The task ${lacking.task.name} has no examples to learn from.`)
  const learned = sets.map(set => ({ ...set, task: withLabels(set) }))
  const examples = sets.flatMap(set => set.examples)
  const { base, lora } = options
  const start = await startOf(options, examples, context)
  if (lora === null) assertSmall(start.weights)
  const format = chatFormat(start.chat, base ?? 'the new decoder')
  const limit = Math.min(options.limit, start.config.context)
  const tasks = new Map(learned.map(({ task }) => [task.name, task]))
  const turnsOf = ({ task }: Example): LearnedTurns => learnedTurns(tasks.get(task))
  const checked = preflight(format, examples, { turnsOf, limit })
  for (const found of checked.findings) if (found.severity === 'warning') context.log(findingText(found))
  stopAtErrors(checked.findings)

  const weights = new Map(learned.flatMap(weightsOfClasses))
  const dev = preflight(format, aids.dev ?? [], { turnsOf, limit }).examples
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
      examples: checked.examples.map(each => ({
        ...each,
        weight: each.weight * (weights.get(each.id) ?? 1),
      })),
      dev,
      settings,
      context,
      ...(aids.saves && { saves: aids.saves }),
      ...(options.threads !== undefined && { threads: options.threads }),
    },
  )
  const model = {
    kind: 'decoder',
    lora,
    config: start.config,
    chat: start.chat,
    learned: result.learned,
    findings: checked.findings,
    training: recordOf(result),
  } as const
  return Object.fromEntries(
    learned.map(({ task, examples: { length } }, index) => {
      const before = learned.slice(0, index).reduce((sum, each) => sum + each.examples.length, 0)
      const ids = new Set(examples.slice(before, before + length).map(({ id }) => id))
      const own = checked.examples.filter(({ id }) => ids.has(id))
      return [task.name, { ...model, task, answerTokens: answerTokensOf(own, start.config.context) }]
    }),
  )
}

/** What training begins with: a base model, or a new one for these examples. */
async function startOf(
  { base, lora, size }: DecoderStudentOptions,
  examples: readonly Example[],
  context: Context,
): Promise<Checkpoint> {
  if (base !== null && size !== undefined) {
    throw new UserError(
      'A base model has a size of its own.',
      'Leave `size` out, or `base` for a decoder from scratch.',
    )
  }
  if (base !== null) return readCheckpoint(base)
  if (lora !== null) {
    throw new UserError(
      'A decoder from scratch has no weights for an adapter.',
      'Name a base model, or leave the adapter out.',
    )
  }
  const conversations = examples.map(({ messages }) => messages)
  return scratchCheckpoint(conversations, context.random.stream('scratch'), size)
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

/** Factors on the examples' own weights, by id: balanced classes weigh n / (classes x count). */
function weightsOfClasses({
  task,
  examples,
  classWeights,
}: TrainingSet): readonly (readonly [string, number])[] {
  if (classWeights === 'none' || task.kind !== 'label') return []
  const labels = examples.map(example => labelOf(task, example))
  const counts = new Map<string, number>()
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1)
  return examples.map(({ id }, index) => [id, examples.length / (counts.size * counts.get(labels[index]!)!)])
}

/** Epochs without a lesser dev loss that are waited for. */
const PATIENCE = 3

/**
 * Updates of a training: as many as are asked for, else 100 of an adapter, whose base knows the language already
 * (bench/tune-200.ts), and 800 of all weights.
 */
export function updatesOf(updates: number | undefined, isAdapter: boolean): number {
  return updates ?? (isAdapter ? 100 : 800)
}

/** Passes over so many examples that make about so many updates, from 3 to 100. */
export function epochsFor(examples: number, perUpdate: number, updates: number): number {
  return Math.max(3, Math.min(100, Math.round(updates / Math.ceil(examples / perUpdate))))
}

function settingsOf(options: DecoderStudentOptions, examples: number): TrainingSettings {
  const { accumulate, batch, packing, base, lora } = options
  const updates = updatesOf(options.updates, lora !== null)
  const epochs = options.epochs ?? epochsFor(examples, batch * accumulate, updates)
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
