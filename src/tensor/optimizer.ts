import { add, div, minimum, mul, sub } from './ops/arithmetic.ts'
import { input } from './ops/leaf.ts'
import { sumOfSquares } from './ops/reduce.ts'
import { sqrt } from './ops/unary.ts'
import type { Tensor } from './tensor.ts'

export type NamedTensors = Readonly<Record<string, Tensor>>

export interface AdamW {
  /** How much of the running mean of gradients stays at each step. By default 0.9. */
  readonly beta1?: number
  /** The same for the running mean of their squares. By default 0.999. */
  readonly beta2?: number
  /** Keeps the quotient finite. By default 1e-8. */
  readonly epsilon?: number
  /** Share of a parameter taken away at each step, times the learning rate. By default 0.01. */
  readonly weightDecay?: number
  /** Whether a parameter is decayed; by default those with two axes or more, so that gains and biases are not. */
  readonly decays?: (name: string, parameter: Tensor) => boolean
}

/** The inputs of one step that change with the step: see `adamWFeeds`. */
const stepSize = input('adamw step size', [])
const stabiliser = input('adamw stabiliser', [])
const shrinkage = input('adamw shrinkage', [])

/** The names under which the moments of a parameter are kept in the state. */
export function momentNames(parameter: string): readonly [string, string] {
  return [`first moment of ${parameter}`, `second moment of ${parameter}`]
}

/**
 * One step of AdamW (Loshchilov and Hutter 2019, https://arxiv.org/abs/1711.05101): the next values of the parameters
 * and of their moments, by name.
 *
 * The moments are kept as m/(1-β1) and v/(1-β2): then m grows by g and v by g² without a factor, which saves two passes
 * over the memory, and the factors go into the scalars that `adamWFeeds` works out.
 */
export function adamWUpdates(
  parameters: NamedTensors,
  gradients: NamedTensors,
  optimizer: AdamW,
): NamedTensors {
  const { beta1 = 0.9, beta2 = 0.999, weightDecay = 0.01 } = optimizer
  const decays = optimizer.decays ?? ((_name, { shape }) => shape.length > 1)
  const updates = Object.entries(parameters).map(([name, parameter]) => {
    const gradient = gradients[name]!
    const [firstName, secondName] = momentNames(name)
    const first = add(mul(input(firstName, parameter.shape), beta1), gradient)
    const second = add(mul(input(secondName, parameter.shape), beta2), mul(gradient, gradient))
    const change = mul(div(first, add(sqrt(second), stabiliser)), stepSize)
    const kept = weightDecay > 0 && decays(name, parameter) ? mul(parameter, shrinkage) : parameter
    return { [name]: sub(kept, change), [firstName]: first, [secondName]: second }
  })
  return Object.assign({}, ...updates) as NamedTensors
}

/** The scalars of step `step`, counted from 1, for `adamWUpdates` with the same settings. */
export function adamWFeeds(
  { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0.01 }: AdamW,
  { step, learningRate }: { readonly step: number; readonly learningRate: number },
): Readonly<Record<string, Float32Array>> {
  const firstScale = (1 - beta1) / (1 - beta1 ** step)
  const secondScale = (1 - beta2) / (1 - beta2 ** step)
  return {
    'adamw step size': Float32Array.of((learningRate * firstScale) / Math.sqrt(secondScale)),
    'adamw stabiliser': Float32Array.of(epsilon / Math.sqrt(secondScale)),
    'adamw shrinkage': Float32Array.of(1 - learningRate * weightDecay),
  }
}

/** √ of the sum of all squares. */
export function globalNorm(tensors: NamedTensors): Tensor {
  const squares = Object.values(tensors).map(tensor => sumOfSquares(tensor))
  return sqrt(squares.reduce((total, square) => add(total, square)))
}

/** All gradients times min(1, largest/(norm + 1e-6)), as torch.nn.utils.clip_grad_norm_ does. */
export function clipByNorm(gradients: NamedTensors, norm: Tensor, largest: number): NamedTensors {
  const factor = minimum(div(largest, add(norm, 1e-6)), 1)
  return Object.fromEntries(
    Object.entries(gradients).map(([name, gradient]) => [name, mul(gradient, factor)]),
  )
}
