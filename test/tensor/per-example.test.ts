import { expect, test } from 'vitest'
import { createRandom } from '../../src/data/random.ts'
import { gradient } from '../../src/tensor/gradient.ts'
import { mul, sub } from '../../src/tensor/ops/arithmetic.ts'
import { input } from '../../src/tensor/ops/leaf.ts'
import { linear } from '../../src/tensor/ops/matmul.ts'
import { sum } from '../../src/tensor/ops/reduce.ts'
import { tanh } from '../../src/tensor/ops/unary.ts'
import { perExampleGradients, perExampleSquaredNorms } from '../../src/tensor/per-example.ts'
import { interpret } from './interpret.ts'

const [examples, positions, inputs, hidden, outputs] = [4, 3, 5, 6, 2]

/** Two linear layers, and the losses of `count` examples. */
function network(count: number) {
  const x = input('x', [count, positions, inputs])
  const [first, second] = [input('first', [hidden, inputs]), input('second', [outputs, hidden])]
  const between = linear(x, first)
  const active = tanh(between)
  const last = linear(active, second)
  const error = sub(last, input('y', [count, positions, outputs]))
  const layers = [
    { input: x, output: between },
    { input: active, output: last },
  ]
  return { losses: sum(mul(error, error), [1, 2]), layers, weights: [first, second] }
}

test('gradients of each example, and their lengths, are those of a loop over the examples', () => {
  const random = createRandom(1, 'per example')
  const values = (count: number): Float64Array => Float64Array.from({ length: count }, () => random.normal())
  const weights = { first: values(hidden * inputs), second: values(outputs * hidden) }
  const [x, y] = [values(examples * positions * inputs), values(examples * positions * outputs)]
  const together = network(examples)
  const gradients = interpret(perExampleGradients(together.losses, together.layers), { ...weights, x, y })
  const norms = interpret(perExampleSquaredNorms(together.losses, together.layers), { ...weights, x, y })
  const alone = network(1)
  const ofOne = gradient(sum(alone.losses), alone.weights)
  for (let example = 0; example < examples; example++) {
    const part = (all: Float64Array): Float64Array =>
      all.slice((example * all.length) / examples, ((example + 1) * all.length) / examples)
    const expected = interpret(ofOne, { ...weights, x: part(x), y: part(y) })
    for (const [layer, values] of expected.entries()) {
      const found = part(gradients[layer]!)
      expect(found.length).toBe(values.length)
      for (const [index, value] of values.entries()) expect(found[index]).toBeCloseTo(value, 10)
      const length = values.reduce((sum, value) => sum + value * value, 0)
      expect(norms[layer]![example]! / length).toBeCloseTo(1, 10)
    }
  }
})
