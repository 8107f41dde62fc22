import { createRandom } from '../src/data/random.ts'
import { gradient } from '../src/tensor/gradient.ts'
import { add, mul, sub } from '../src/tensor/ops/arithmetic.ts'
import { leakyRelu, swiglu } from '../src/tensor/ops/activation.ts'
import { attention, causalMask, rotaryTables, rotate } from '../src/tensor/ops/attention.ts'
import { crossEntropy } from '../src/tensor/ops/cross-entropy.ts'
import { gather } from '../src/tensor/ops/gather.ts'
import { reshape, transpose } from '../src/tensor/ops/layout.ts'
import { input } from '../src/tensor/ops/leaf.ts'
import { linear } from '../src/tensor/ops/matmul.ts'
import { rmsNorm } from '../src/tensor/ops/normalise.ts'
import { mean, sum } from '../src/tensor/ops/reduce.ts'
import { sqrt } from '../src/tensor/ops/unary.ts'
import type { NamedTensors } from '../src/tensor/optimizer.ts'
import type { NamedValues } from '../src/tensor/session.ts'
import { sizeOf, type Shape } from '../src/tensor/shape.ts'
import type { Tensor } from '../src/tensor/tensor.ts'

export interface DecoderSizes {
  readonly width: number
  readonly layers: number
  readonly heads: number
  readonly vocabulary: number
  readonly inner: number
  readonly batch: number
  readonly length: number
}

export interface Learned {
  readonly loss: Tensor
  readonly parameters: NamedTensors
}

/** A decoder as Llama has it: RMSNorm, rotary positions, causal attention, SwiGLU, embedding tied to the head. */
export function decoderLoss(sizes: DecoderSizes): Learned {
  const { width, layers, heads, vocabulary, inner, batch, length } = sizes
  const parameters: Record<string, Tensor> = {}
  const parameter = (name: string, shape: Shape): Tensor => (parameters[name] = input(name, shape))
  const tokens = input('tokens', [batch * length], 'int32')
  const targets = input('targets', [batch * length], 'int32')
  const embedding = parameter('embedding', [vocabulary, width])
  const tables = rotaryTables(length, width / heads)
  const mask = causalMask(length)
  const toHeads = (x: Tensor): Tensor =>
    transpose(reshape(x, [batch, length, heads, width / heads]), [0, 2, 1, 3])

  let hidden = gather(embedding, tokens)
  for (let layer = 0; layer < layers; layer++) {
    const weights = (name: string, rows: number, columns: number): Tensor =>
      parameter(`${layer}.${name}`, [rows, columns])
    const first = rmsNorm(hidden, parameter(`${layer}.norm1`, [width]))
    const [query, key, value] = ['query', 'key', 'value'].map(name =>
      toHeads(linear(first, weights(name, width, width))),
    )
    const mixed = attention(rotate(query!, tables), rotate(key!, tables), value!, mask)
    const joined = reshape(transpose(mixed, [0, 2, 1, 3]), [batch * length, width])
    hidden = add(hidden, linear(joined, weights('output', width, width)))
    const second = rmsNorm(hidden, parameter(`${layer}.norm2`, [width]))
    const gated = swiglu(
      linear(second, weights('gate', inner, width)),
      linear(second, weights('up', inner, width)),
    )
    hidden = add(hidden, linear(gated, weights('down', width, inner)))
  }
  const last = rmsNorm(hidden, parameter('norm', [width]))
  return { loss: mean(crossEntropy(last, embedding, targets)), parameters }
}

export interface CriticSizes {
  readonly batch: number
  readonly inputs: number
  readonly hidden: number
}

/**
 * A Wasserstein critic with gradient penalty (Gulrajani and others 2017, https://arxiv.org/abs/1704.00028): two hidden
 * layers with leaky ReLU; `between` are points between real and made rows.
 */
export function criticLoss({ batch, inputs, hidden }: CriticSizes): Learned {
  const parameters = {
    weights1: input('weights1', [hidden, inputs]),
    bias1: input('bias1', [hidden]),
    weights2: input('weights2', [hidden, hidden]),
    bias2: input('bias2', [hidden]),
    weights3: input('weights3', [1, hidden]),
    bias3: input('bias3', [1]),
  }
  const score = (x: Tensor): Tensor => {
    const first = leakyRelu(add(linear(x, parameters.weights1), parameters.bias1))
    const second = leakyRelu(add(linear(first, parameters.weights2), parameters.bias2))
    return add(linear(second, parameters.weights3), parameters.bias3)
  }
  const [real, made, between] = ['real', 'made', 'between'].map(name => input(name, [batch, inputs]))
  const [slope] = gradient(sum(score(between!)), [between!])
  const steepness = sub(sqrt(sum(mul(slope!, slope!), [1])), 1)
  const penalty = mul(mean(mul(steepness, steepness)), 10)
  return { loss: add(sub(mean(score(made!)), mean(score(real!))), penalty), parameters }
}

/** Normal values with deviation 0.02 for matrices, ones for gains, zeros for biases. */
export function initialValues(parameters: NamedTensors): NamedValues {
  const random = createRandom(1, 'initial values')
  return Object.fromEntries(
    Object.entries(parameters).map(([name, { shape }]) => [
      name,
      Float32Array.from({ length: sizeOf(shape) }, () => {
        if (shape.length > 1) return random.normal(0, 0.02)
        return name.includes('norm') ? 1 : 0
      }),
    ]),
  )
}
