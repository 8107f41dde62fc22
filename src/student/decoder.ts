import type { Context } from '../context.ts'
import { chatFormat, readCheckpoint, type ChatFiles } from '../model/checkpoint.ts'
import type { DecoderConfig } from '../model/decoder-config.ts'
import type { Weights } from '../model/decoder-weights.ts'
import { mergeAdapter, type LoraOptions } from '../model/lora.ts'
import type { PreflightFinding } from '../model/preflight.ts'
import type { ScratchSize } from '../model/scratch.ts'
import type { EpochResult } from '../model/train-decoder.ts'
import type { Task } from '../task/task.ts'
import { answerExamples } from './decoder-answer.ts'
import { trainTogether } from './decoder-train.ts'
import type { Student, TrainingAids, TrainingSet } from './student.ts'

export interface DecoderStudentOptions {
  /** A Hugging Face folder to start from; null for a small decoder from scratch. */
  readonly base: string | null
  /** An adapter beside the base model's weights; null to train them all. A decoder from scratch has none. */
  readonly lora: LoraOptions | null
  /** Passes over the examples; left out, as many as make about `updates`, from 3 to 100. */
  readonly epochs?: number | undefined
  /** Left out, 100 of an adapter, else 800. */
  readonly updates?: number | undefined
  /** Of a decoder from scratch; left out, it follows from the examples. */
  readonly size?: ScratchSize | undefined
  /** Left out, 0.002 from scratch, 0.0005 for an adapter, 0.00005 for all weights of a base. */
  readonly learningRate?: number | undefined
  /** Examples of a batch. */
  readonly batch: number
  /** Batches of an update. */
  readonly accumulate: number
  readonly packing: boolean
  /** Longer examples are cut, in tokens; bounded by the model's context. */
  readonly limit: number
  /** Of one operation; by default as many as there are cores. */
  readonly threads?: number | undefined
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

/** A student that can also learn several tasks at once. */
export interface DecoderStudent extends Student<DecoderModel> {
  /** One model of all the sets, as it is asked for each task. */
  trainTogether(
    sets: readonly TrainingSet[],
    context: Context,
    aids?: TrainingAids,
  ): Promise<Readonly<Record<string, DecoderModel>>>
}

/**
 * Learns any task by telling the assistant's tokens: a decoder of the Llama family, from a base model or from scratch,
 * which answers in the task's own form (see `answerExamples`).
 */
export function decoderStudent(options: DecoderStudentOptions): DecoderStudent {
  return {
    name: 'decoder',
    supports: () => true,
    async train(set, context, aids = {}) {
      return (await trainTogether([set], { options, aids }, context))[set.task.name]!
    },
    trainTogether: (sets, context, aids = {}) => trainTogether(sets, { options, aids }, context),
    async predict(model, examples, context) {
      context.signal.throwIfAborted()
      if (examples.length === 0) return []
      const { task, config, chat, answerTokens } = model
      const format = chatFormat(chat, 'the trained decoder')
      const weights = await weightsOf(model, options.base)
      const { threads } = options
      const asked = { task, config, weights, format, answerTokens, ...(threads !== undefined && { threads }) }
      return answerExamples(asked, examples, context)
    },
  }
}

async function weightsOf({ learned, lora, config }: DecoderModel, base: string | null): Promise<Weights> {
  if (lora === null) return learned
  if (base === null) throw new RangeError('an adapter is asked without its base model')
  const { weights } = await readCheckpoint(base)
  return mergeAdapter(config, lora, { weights, adapter: learned })
}
