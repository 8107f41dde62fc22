import { compile, type Program } from './compile.ts'
import { gradient } from './gradient.ts'
import { add, mul } from './ops/arithmetic.ts'
import { input, inputOperation, scalar } from './ops/leaf.ts'
import { broadcast, reshape } from './ops/layout.ts'
import { concat } from './ops/slice.ts'
import {
  type AdamW,
  adamWFeeds,
  adamWUpdates,
  clipByNorm,
  globalNorm,
  momentNames,
  type NamedTensors,
} from './optimizer.ts'
import type { NamedValues } from './session.ts'
import { sizeOf } from './shape.ts'
import { madeBy, type Tensor } from './tensor.ts'

/** What is minimised, and how. */
export interface TrainStepOptions {
  /** A scalar, computed from the parameters and from inputs that every batch feeds. */
  readonly loss: Tensor
  /** What is learned: inputs, by their names. Other inputs in the state stay as they are. */
  readonly parameters: NamedTensors
  /**
   * A parameter that the loss uses only through these parts of it, which fill it in their order: many small parameters
   * as one vector are updated in one sweep, where each by itself would cost a dozen operations.
   */
  readonly parts?: Readonly<Record<string, readonly Tensor[]>>
  readonly optimizer?: AdamW
  /** The largest global norm of the gradients; longer ones are shortened to it. */
  readonly clip?: number
  /** Batches whose gradients are averaged for one update. By default 1. */
  readonly accumulate?: number
  /** Further results of the step, by name. */
  readonly outputs?: NamedTensors
}

export interface TrainStep {
  /** Forward, backward and update in one graph; its outputs are `loss`, `gradient norm` and those asked for. */
  readonly update: Program
  /** The same without the update: adds the gradients to the state. Only where gradients are accumulated. */
  readonly accumulate?: Program
  /** How many batches one update takes. */
  readonly batches: number
  readonly optimizer: AdamW
}

/** Compiles the training step of a loss: its gradient, clipping and AdamW lowered together. */
export function compileTrainStep(options: TrainStepOptions): TrainStep {
  const { loss, parameters, parts = {}, clip, accumulate: batches = 1, outputs = {} } = options
  const optimizer: AdamW = {
    decays: name => partsOf(parameters, parts, name).every(isMatrix),
    ...options.optimizer,
  }
  const names = Object.keys(parameters)
  for (const [name, parameter] of Object.entries(parameters))
    if (madeBy(inputOperation, parameter)?.attributes.name !== name)
      throw new RangeError(`parameter ${name} is not the input of that name`)
  const ofBatch = gradientsOf(options).map(part => mul(part, 1 / batches))
  const sums = batches === 1 ? undefined : names.map(name => input(sumName(name), parameters[name]!.shape))
  const total = sums === undefined ? ofBatch : ofBatch.map((part, index) => add(sums[index]!, part))
  const gradients = named(names, total)
  const norm = globalNorm(gradients)
  const clipped = clip === undefined ? gradients : clipByNorm(gradients, norm, clip)
  const update = compile({
    outputs: { ...outputs, loss, 'gradient norm': norm },
    updates: {
      ...adamWUpdates(parameters, clipped, optimizer),
      ...(sums && named(names.map(sumName), sums.map(zeros))),
    },
  })
  if (sums === undefined) return { update, batches, optimizer }
  const accumulate = compile({ outputs: { ...outputs, loss }, updates: named(names.map(sumName), total) })
  return { update, accumulate, batches, optimizer }
}

/** The gradient of each parameter, put together where it is known by its parts. */
function gradientsOf({ loss, parameters, parts = {} }: TrainStepOptions): readonly Tensor[] {
  const places = Object.keys(parameters).map(name => partsOf(parameters, parts, name))
  const gradients = gradient(loss, places.flat())
  let next = 0
  return Object.values(parameters).map(({ shape }, index) => {
    const own = gradients.slice(next, (next += places[index]!.length))
    return own.length === 1
      ? reshape(own[0]!, shape)
      : reshape(
          concat(
            own.map(part => reshape(part, [-1])),
            0,
          ),
          shape,
        )
  })
}

function partsOf(
  parameters: NamedTensors,
  parts: Readonly<Record<string, readonly Tensor[]>>,
  name: string,
): readonly Tensor[] {
  return parts[name] ?? [parameters[name]!]
}

function isMatrix({ shape }: Tensor): boolean {
  return shape.length > 1
}

/** The state that a training step keeps besides the parameters, at its beginning: all zeros. */
export function initialTrainState(
  { batches }: Pick<TrainStep, 'batches'>,
  parameters: NamedTensors,
): Readonly<Record<string, Float32Array>> {
  return Object.fromEntries(
    Object.entries(parameters).flatMap(([name, { shape }]) =>
      [...momentNames(name), ...(batches > 1 ? [sumName(name)] : [])].map(
        kept => [kept, new Float32Array(sizeOf(shape))] as const,
      ),
    ),
  )
}

/** The scalars that the update takes besides its batch, at a step counted from 1. */
export function stepFeeds(
  { update, optimizer }: TrainStep,
  at: { readonly step: number; readonly learningRate: number },
): NamedValues {
  const feeds = Object.entries(adamWFeeds(optimizer, at))
  return Object.fromEntries(feeds.filter(([name]) => name in update.inputs))
}

function sumName(parameter: string): string {
  return `gradient of ${parameter}`
}

function zeros({ shape }: Tensor): Tensor {
  return broadcast(scalar(0), shape)
}

function named(names: readonly string[], tensors: readonly Tensor[]): NamedTensors {
  return Object.fromEntries(names.map((name, index) => [name, tensors[index]!]))
}
