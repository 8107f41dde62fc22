import { expect, test } from 'vitest'
import { compile } from '../../src/tensor/compile.ts'
import { gradient } from '../../src/tensor/gradient.ts'
import { add, div, maximum, minimum, mul, neg, sub } from '../../src/tensor/ops/arithmetic.ts'
import { dropout, gelu, leakyRelu, silu, swiglu } from '../../src/tensor/ops/activation.ts'
import { attention, causalMask, rotaryTables, rotate } from '../../src/tensor/ops/attention.ts'
import { crossEntropy } from '../../src/tensor/ops/cross-entropy.ts'
import { gather, scatterAdd } from '../../src/tensor/ops/gather.ts'
import { broadcast, reshape, transpose } from '../../src/tensor/ops/layout.ts'
import { constant } from '../../src/tensor/ops/leaf.ts'
import { cast, equal, greater, stopGradient, where } from '../../src/tensor/ops/logic.ts'
import { innerProduct, linear, matmul } from '../../src/tensor/ops/matmul.ts'
import { layerNorm, rmsNorm } from '../../src/tensor/ops/normalise.ts'
import { argmax, max, mean, sum, sumOfSquares } from '../../src/tensor/ops/reduce.ts'
import { concat, pad, slice, split } from '../../src/tensor/ops/slice.ts'
import { logSoftmax, logSumExp, softmax } from '../../src/tensor/ops/softmax.ts'
import {
  abs,
  cos,
  erf,
  exp,
  log,
  pow,
  relu,
  rsqrt,
  sigmoid,
  sign,
  sin,
  sqrt,
  tanh,
} from '../../src/tensor/ops/unary.ts'
import { openLocalSession } from '../../src/tensor/session.ts'
import { topologicalOrder } from '../../src/tensor/tensor.ts'
import { type Case, gradientError, inputsOf, weighted } from './finite-differences.ts'
import { interpret } from './interpret.ts'

const positive = [0.3, 2] as const
const tokens = constant([2, 0, 2, 2], [4], 'int32')

const cases: Readonly<Record<string, Case>> = {
  add: { shapes: [[2, 3], [3]], of: (a, b) => add(a!, b!) },
  'add, both stretched': { shapes: [[2, 1], [3]], of: (a, b) => add(a!, b!) },
  sub: {
    shapes: [
      [2, 3],
      [2, 1],
    ],
    of: (a, b) => sub(a!, b!),
  },
  mul: { shapes: [[2, 3], [3]], of: (a, b) => mul(a!, b!) },
  'mul of a tensor with itself': { shapes: [[2, 3]], of: a => mul(a!, a!) },
  div: { shapes: [[2, 3], [3]], from: positive, of: (a, b) => div(a!, b!) },
  neg: { shapes: [[3]], of: a => neg(a!) },
  maximum: { shapes: [[2, 3], [3]], of: (a, b) => maximum(a!, b!) },
  minimum: { shapes: [[2, 3], [3]], of: (a, b) => minimum(a!, b!) },
  exp: { shapes: [[2, 3]], of: x => exp(x!) },
  log: { shapes: [[2, 3]], from: positive, of: x => log(x!) },
  sqrt: { shapes: [[2, 3]], from: positive, of: x => sqrt(x!) },
  rsqrt: { shapes: [[2, 3]], from: positive, of: x => rsqrt(x!) },
  sin: { shapes: [[2, 3]], of: x => sin(x!) },
  cos: { shapes: [[2, 3]], of: x => cos(x!) },
  abs: { shapes: [[2, 3]], of: x => abs(x!) },
  sign: { shapes: [[2, 3]], of: x => mul(sign(x!), x!) },
  pow: { shapes: [[2, 3]], from: positive, of: x => pow(x!, 1.7) },
  square: { shapes: [[2, 3]], of: x => pow(x!, 2) },
  reciprocal: { shapes: [[2, 3]], from: positive, of: x => pow(x!, -1) },
  tanh: { shapes: [[2, 3]], of: x => tanh(x!) },
  sigmoid: { shapes: [[2, 3]], of: x => sigmoid(x!) },
  erf: { shapes: [[2, 3]], of: x => erf(x!) },
  relu: { shapes: [[2, 3]], of: x => relu(x!) },
  leakyRelu: { shapes: [[2, 3]], of: x => leakyRelu(x!, 0.2) },
  gelu: { shapes: [[2, 3]], of: x => gelu(x!) },
  silu: { shapes: [[2, 3]], of: x => silu(x!) },
  swiglu: {
    shapes: [
      [2, 3],
      [2, 3],
    ],
    of: (gate, x) => swiglu(gate!, x!),
  },
  dropout: {
    shapes: [[2, 3]],
    of: x => dropout(x!, constant([0, 1, 1, 1, 0, 1], [2, 3], 'bool'), 0.25),
  },
  where: { shapes: [[2, 3], [3], [2, 1]], of: (c, a, b) => where(greater(c!, 0), a!, b!) },
  'cast of a comparison': { shapes: [[2, 3]], of: x => mul(x!, cast(greater(x!, 0.1), 'float32')) },
  stopGradient: { shapes: [[2, 3]], of: x => add(x!, sub(stopGradient(x!), stopGradient(x!))) },
  sum: { shapes: [[2, 3, 4]], of: x => sum(x!, [0, 2]) },
  'sum over all': { shapes: [[2, 3]], of: x => sum(x!) },
  sumOfSquares: { shapes: [[2, 3, 4]], of: x => sumOfSquares(x!, [1]) },
  'sum of a square': { shapes: [[2, 3, 4]], of: x => sum(mul(x!, x!), [1]) },
  mean: { shapes: [[2, 3, 4]], of: x => mean(x!, [-1]) },
  max: { shapes: [[2, 3, 4]], of: x => max(x!, [1]) },
  argmax: { shapes: [[2, 3]], of: x => mul(x!, cast(equal(argmax(x!, 0), 1), 'float32')) },
  'sum of a product': {
    shapes: [
      [2, 3, 4],
      [2, 3, 4],
    ],
    of: (a, b) => sum(mul(a!, b!), [-1]),
  },
  'sum of a product over rows': {
    shapes: [
      [5, 4],
      [5, 4],
    ],
    of: (a, b) => sum(mul(a!, b!), [0]),
  },
  'sum of a product with a column': {
    shapes: [
      [5, 4],
      [5, 1],
    ],
    of: (a, b) => sum(mul(a!, b!), [0]),
  },
  reshape: { shapes: [[2, 6]], of: x => reshape(x!, [3, -1]) },
  transpose: { shapes: [[2, 3, 4]], of: x => transpose(x!, [2, 0, 1]) },
  'transpose of a transpose': { shapes: [[2, 3, 4]], of: x => transpose(transpose(x!, [2, 0, 1])) },
  broadcast: { shapes: [[3, 1]], of: x => broadcast(x!, [2, 3, 4]) },
  slice: { shapes: [[2, 5]], of: x => slice(x!, 1, 1, 4) },
  split: { shapes: [[2, 6]], of: x => sub(split(x!, -1, 2)[1]!, split(x!, -1, 2)[0]!) },
  pad: { shapes: [[2, 3]], of: x => pad(x!, 0, 1, 2) },
  concat: {
    shapes: [
      [2, 3],
      [2, 1],
    ],
    of: (a, b) => concat([a!, b!, a!], 1),
  },
  matmul: {
    shapes: [
      [2, 3],
      [3, 4],
    ],
    of: (a, b) => matmul(a!, b!, 0.7),
  },
  'matmul of transposes': {
    shapes: [
      [3, 2],
      [4, 3],
    ],
    of: (a, b) => matmul(transpose(a!), transpose(b!)),
  },
  'matmul with factors': {
    shapes: [
      [2, 3],
      [3, 4],
    ],
    of: (a, b) => matmul(mul(a!, 2), mul(b!, 0.5)),
  },
  'matmul of scaled rows': {
    shapes: [
      [3, 4],
      [3, 1],
      [4, 2],
    ],
    of: (a, factors, b) => matmul(mul(a!, factors!), b!),
  },
  'matmul of scaled rows, transposed': {
    shapes: [
      [3, 4],
      [3, 1],
      [3, 2],
    ],
    of: (a, factors, b) => matmul(transpose(mul(a!, factors!)), b!),
  },
  'matmul of batches': {
    shapes: [
      [2, 2, 3],
      [2, 3, 4],
    ],
    of: (a, b) => matmul(a!, b!),
  },
  'matmul of a batch with one matrix': {
    shapes: [
      [2, 2, 3],
      [3, 4],
    ],
    of: (a, b) => matmul(a!, b!),
  },
  'matmul of one matrix with a batch': {
    shapes: [
      [2, 3],
      [2, 3, 4],
    ],
    of: (a, b) => matmul(a!, b!),
  },
  'matmul of stretched batches': {
    shapes: [
      [2, 1, 2, 3],
      [3, 3, 2],
    ],
    of: (a, b) => matmul(a!, b!),
  },
  linear: {
    shapes: [
      [2, 3],
      [4, 3],
    ],
    of: (x, weights) => linear(x!, weights!),
  },
  innerProduct: {
    shapes: [
      [2, 3],
      [2, 3],
    ],
    of: (a, b) => innerProduct(a!, b!),
  },
  'transpose of a matmul': {
    shapes: [
      [2, 3],
      [3, 4],
    ],
    of: (a, b) => transpose(matmul(a!, b!, 0.7)),
  },
  gather: { shapes: [[3, 2]], of: table => gather(table!, tokens) },
  scatterAdd: {
    shapes: [
      [3, 2],
      [4, 2],
    ],
    of: (table, rows) => scatterAdd(table!, tokens, rows!),
  },
  softmax: { shapes: [[2, 4]], of: x => softmax(x!) },
  logSumExp: { shapes: [[2, 4]], of: x => logSumExp(x!) },
  logSoftmax: { shapes: [[2, 4]], of: x => logSoftmax(x!) },
  rmsNorm: { shapes: [[2, 4], [4]], of: (x, gain) => rmsNorm(x!, gain!) },
  layerNorm: { shapes: [[2, 4], [4], [4]], of: (x, gain, bias) => layerNorm(x!, gain!, bias!) },
  crossEntropy: {
    shapes: [
      [4, 2],
      [3, 2],
    ],
    of: (hidden, classes) => crossEntropy(hidden!, classes!, tokens),
  },
  attention: {
    shapes: [
      [2, 3, 2],
      [2, 3, 2],
      [2, 3, 2],
    ],
    of: (query, key, value) => attention(query!, key!, value!, causalMask(3)),
  },
  rotate: { shapes: [[2, 3, 4]], of: x => rotate(x!, rotaryTables(3, 4)) },
}

for (const [name, example] of Object.entries(cases)) {
  test(`${name}: the gradient, and the gradient of its length, agree with finite differences`, () => {
    const { inputs, feeds } = inputsOf(example, name)
    const output = weighted(example.of(...inputs), name)
    expect(gradientError(output, inputs, feeds)).toBeLessThan(1e-7)
    const length = gradient(output, inputs)
      .map(part => sum(mul(part, part)))
      .reduce((total, part) => add(total, part), sum(mul(inputs[0]!, inputs[0]!)))
    const reached = new Set(topologicalOrder([length]))
    const varied = inputs.filter(one => reached.has(one))
    expect(gradientError(length, varied, feeds)).toBeLessThan(1e-6)
  })

  test(`${name}: ONNX Runtime computes what the interpreter does`, async () => {
    const { inputs, feeds } = inputsOf(example, name)
    const output = example.of(...inputs)
    const first = gradient(weighted(output, name), inputs)
    const roots = [output, ...first]
    const program = compile({ outputs: Object.fromEntries(roots.map((root, index) => [`y${index}`, root])) })
    const session = await openLocalSession({ programs: { program }, execution: { threads: 1 } })
    const used = Object.entries(feeds).filter(([name]) => name in program.inputs)
    const found = await session.run(
      'program',
      Object.fromEntries(used.map(([name, values]) => [name, Float32Array.from(values)])),
    )
    const rounded = Object.fromEntries(
      Object.entries(feeds).map(([name, values]) => [name, Float64Array.from(values, Math.fround)]),
    )
    for (const [index, expected] of interpret(roots, rounded).entries()) {
      const values = found[`y${index}`]!
      expect(values.length).toBe(expected.length)
      for (const [element, value] of expected.entries())
        expect(Math.abs(values[element]! - value) / Math.max(1, Math.abs(value))).toBeLessThan(3e-6)
    }
    await session.close()
  })
}
