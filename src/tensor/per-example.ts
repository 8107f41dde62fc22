import { mul } from './ops/arithmetic.ts'
import { gradient } from './gradient.ts'
import { reshape, transpose } from './ops/layout.ts'
import { matmul } from './ops/matmul.ts'
import { sum } from './ops/reduce.ts'
import type { Tensor } from './tensor.ts'

/** A linear layer as it was applied: `output` = `input`·Wᵀ, both [examples, ..., width]. */
export interface AppliedLinear {
  readonly input: Tensor
  readonly output: Tensor
}

/**
 * The gradient of each example's loss with respect to the weights of linear layers: one tensor [examples, outputs,
 * inputs] for each layer. `losses` [examples]; no example may influence the loss of another.
 *
 * It follows from one ordinary backward pass: the cotangent of a layer's output holds each example's part, and the
 * gradient is the product of that part with the example's input (Goodfellow 2015, https://arxiv.org/abs/1510.01799).
 */
export function perExampleGradients(losses: Tensor, layers: readonly AppliedLinear[]): readonly Tensor[] {
  return cotangentsOf(losses, layers).map((cotangent, index) =>
    matmul(transpose(byExample(cotangent)), byExample(layers[index]!.input)),
  )
}

/**
 * The squared length of each of those gradients, [examples] for each layer, without making them: the sum over pairs of
 * positions of the inner products of inputs times those of cotangents (Li and others 2022,
 * https://arxiv.org/abs/2110.05679, section 4). Cheaper where an example has few positions.
 */
export function perExampleSquaredNorms(losses: Tensor, layers: readonly AppliedLinear[]): readonly Tensor[] {
  return cotangentsOf(losses, layers).map((cotangent, index) =>
    sum(mul(pairwise(byExample(cotangent)), pairwise(byExample(layers[index]!.input))), [1, 2]),
  )
}

function cotangentsOf(losses: Tensor, layers: readonly AppliedLinear[]): readonly Tensor[] {
  return gradient(
    sum(losses),
    layers.map(({ output }) => output),
  )
}

/** [examples, positions, width] */
function byExample(x: Tensor): Tensor {
  return reshape(x, [x.shape[0]!, -1, x.shape.at(-1)!])
}

function pairwise(x: Tensor): Tensor {
  return matmul(x, transpose(x))
}
