import { createRandom } from '../../src/data/random.ts'
import { gradient } from '../../src/tensor/gradient.ts'
import { mul } from '../../src/tensor/ops/arithmetic.ts'
import { constant, input } from '../../src/tensor/ops/leaf.ts'
import { sum } from '../../src/tensor/ops/reduce.ts'
import { sizeOf } from '../../src/tensor/shape.ts'
import type { Tensor } from '../../src/tensor/tensor.ts'
import { interpret } from './interpret.ts'

/** A function of float inputs, the values they are tried at, and values of inputs that are not differentiated. */
export interface Case {
  readonly shapes: readonly (readonly number[])[]
  readonly of: (...inputs: readonly Tensor[]) => Tensor
  /** Where values are drawn from, by default -1.5 to 1.5. */
  readonly from?: readonly [number, number]
}

export function inputsOf({ shapes, from: [low, high] = [-1.5, 1.5] }: Case, name: string) {
  const random = createRandom(1, name)
  const inputs = shapes.map((shape, index) => input(`x${index}`, shape))
  const feeds = Object.fromEntries(
    shapes.map((shape, index) => [
      `x${index}`,
      Float64Array.from({ length: sizeOf(shape) }, () => low + (high - low) * random.next()),
    ]),
  )
  return { inputs, feeds }
}

/** A scalar that every element of `x` is part of, each with another known weight. */
export function weighted(x: Tensor, name: string): Tensor {
  const random = createRandom(2, name)
  const weights = Array.from({ length: sizeOf(x.shape) }, () => Math.fround(random.next() * 2 - 1))
  return sum(mul(x, constant(weights, x.shape)))
}

/**
 * The largest difference between the gradient and central differences of the scalar, relative to the larger of 1 and
 * the value. In float64 with a step of 1e-5 the error of the differences is about 1e-9.
 */
export function gradientError(
  scalar: Tensor,
  inputs: readonly Tensor[],
  feeds: Readonly<Record<string, Float64Array>>,
): number {
  const analytic = interpret(gradient(scalar, inputs), feeds)
  let worst = 0
  for (const [index, { attributes }] of inputs.entries()) {
    const { name } = attributes as { name: string }
    const values = feeds[name]!
    for (const [element, value] of values.entries()) {
      const at = (moved: number): number =>
        interpret([scalar], { ...feeds, [name]: values.with(element, moved) })[0]![0]!
      const step = 1e-5
      const numeric = (at(value + step) - at(value - step)) / (2 * step)
      const found = analytic[index]![element]!
      worst = Math.max(worst, Math.abs(found - numeric) / Math.max(1, Math.abs(numeric)))
    }
  }
  return worst
}
