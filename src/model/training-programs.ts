import { compile } from '../tensor/compile.ts'
import type { NamedTensors } from '../tensor/optimizer.ts'
import type { Session } from '../tensor/session.ts'
import { compileTrainStep, type TrainStep, type TrainStepOptions } from '../tensor/train-step.ts'
import { trainPrograms } from '../tensor/trainer.ts'
import type { DecoderConfig } from './decoder-config.ts'
import { decoderLoss } from './decoder-loss.ts'
import { weightShapes } from './decoder-weights.ts'
import { type DecoderParts, plainParts } from './decoder.ts'
import { adaptedParts, type LoraOptions } from './lora.ts'
import type { BatchOptions } from './training-batches.ts'

/** What of a decoder is trained: an adapter beside its weights, or all of them. */
interface TrainedParts {
  readonly config: DecoderConfig
  readonly lora?: { readonly options: LoraOptions }
}

/** A decoder's parts as they are trained or asked, and what is learned of them. */
function trainedParts(
  { config, lora }: TrainedParts,
  training: boolean,
): { readonly parts: DecoderParts; readonly learned: Pick<TrainStepOptions, 'parameters' | 'parts'> } {
  const plain = plainParts(config)
  if (lora !== undefined) return adaptedParts(config, lora.options, { parts: plain, training })
  const weights = Array.from(weightShapes(config).keys(), name => [name, plain.weight(name)])
  return { parts: plain, learned: { parameters: Object.fromEntries(weights) as NamedTensors } }
}

/** What is learned: inputs of the graph, by their names in the session. */
export function learnedInputs(model: TrainedParts): NamedTensors {
  return trainedParts(model, true).learned.parameters
}

/** The programs of a training, one for each length of a batch: compiled and loaded when the first such batch comes. */
export interface TrainingPrograms {
  /** The steps that are loaded, by the length of their batches. */
  readonly steps: Readonly<Record<string, TrainStep>>
  /** The step for batches of this length, loaded. */
  step(time: number): Promise<TrainStep>
  /** The name of the program that gives the loss of batches of this length, loaded. */
  evaluation(time: number): Promise<string>
}

/** `trained` and `evaluated` say for each length how many tokens a batch learns or tells at most. */
export function trainingPrograms(
  model: TrainedParts,
  settings: Pick<TrainStepOptions, 'optimizer' | 'clip' | 'accumulate'> & { readonly batches: BatchOptions },
  loaded: {
    readonly session: Session
    readonly trained: ReadonlyMap<number, number>
    readonly evaluated: ReadonlyMap<number, number>
  },
): TrainingPrograms {
  const { session, trained, evaluated } = loaded
  const { batches, optimizer, clip, accumulate } = settings
  const steps: Record<string, TrainStep> = {}
  const evaluations = new Set<string>()
  return {
    steps,
    async step(time) {
      const name = String(time)
      const known = steps[name]
      if (known !== undefined) return known
      const { parts, learned } = trainedParts(model, true)
      const sizes = { ...batches, time, targets: trained.get(time)! }
      const step = compileTrainStep({
        ...learned,
        loss: decoderLoss(model.config, parts, sizes),
        ...(optimizer && { optimizer }),
        ...(clip !== undefined && { clip }),
        ...(accumulate !== undefined && { accumulate }),
      })
      for (const [program, content] of Object.entries(trainPrograms(name, step)))
        await session.load(program, content)
      steps[name] = step
      return step
    },
    async evaluation(time) {
      const name = `evaluate ${time}`
      if (evaluations.has(name)) return name
      const { parts } = trainedParts(model, false)
      const sizes = { rows: batches.rows, time, targets: evaluated.get(time)!, packing: false }
      await session.load(name, compile({ outputs: { loss: decoderLoss(model.config, parts, sizes) } }))
      evaluations.add(name)
      return name
    },
  }
}
