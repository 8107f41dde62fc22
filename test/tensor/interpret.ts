import { sizeOf, stridesOf, type Shape } from '../../src/tensor/shape.ts'
import { type Tensor, topologicalOrder } from '../../src/tensor/tensor.ts'

/** Values of inputs by name; of results in the order of the roots. Everything is computed in float64. */
export type Feeds = Readonly<Record<string, ArrayLike<number>>>

/**
 * Computes tensors one element at a time, without simplification or lowering: slow, and plain enough to be read beside
 * the definition of each operation. What the gradients and ONNX are checked against.
 */
export function interpret(roots: readonly Tensor[], feeds: Feeds): readonly Float64Array[] {
  const values = new Map<Tensor, Float64Array>()
  for (const tensor of topologicalOrder(roots)) {
    const rule = rules[tensor.operation.name]
    if (rule === undefined) throw new Error(`the interpreter lacks ${tensor.operation.name}`)
    values.set(
      tensor,
      rule(
        tensor,
        tensor.inputs.map(input => ({ shape: input.shape, at: values.get(input)! })),
        feeds,
      ),
    )
  }
  return roots.map(root => values.get(root)!)
}

interface Value {
  readonly shape: Shape
  readonly at: Float64Array
}

type Rule = (node: Tensor, inputs: readonly Value[], feeds: Feeds) => Float64Array

/** The result with element `index`, at position `position`, given by a function. */
function fill(shape: Shape, element: (position: readonly number[], index: number) => number): Float64Array {
  const result = new Float64Array(sizeOf(shape))
  const strides = stridesOf(shape)
  for (let index = 0; index < result.length; index++)
    result[index] = element(
      shape.map((length, axis) => Math.floor(index / strides[axis]!) % length),
      index,
    )
  return result
}

/** The element at a position, of which leading axes may be left over and axes of length 1 stretch. */
function read({ shape, at }: Value, position: readonly number[]): number {
  const extra = position.length - shape.length
  const strides = stridesOf(shape)
  let offset = 0
  for (const [axis, length] of shape.entries())
    offset += length === 1 ? 0 : strides[axis]! * position[axis + extra]!
  return at[offset]!
}

function elementwise(compute: (...values: readonly number[]) => number): Rule {
  return ({ shape }, inputs) =>
    fill(shape, position => compute(...inputs.map(input => read(input, position))))
}

function reduce(initial: number, combine: (a: number, b: number) => number): Rule {
  return ({ shape, attributes }, [x]) => {
    const { axes } = attributes as { axes: readonly number[] }
    const kept = x!.shape.flatMap((_, axis) => (axes.includes(axis) ? [] : [axis]))
    const strides = stridesOf(shape)
    const result = new Float64Array(sizeOf(shape)).fill(initial)
    fill(x!.shape, (position, index) => {
      const target = kept.reduce((offset, axis, place) => offset + position[axis]! * strides[place]!, 0)
      result[target] = combine(result[target]!, x!.at[index]!)
      return 0
    })
    return result
  }
}

/** Applies a function to every row along the last axis. */
function rows(
  { shape, at }: Value,
  compute: (row: Float64Array, index: number) => ArrayLike<number>,
): Float64Array {
  const width = shape.at(-1)!
  const parts = Array.from({ length: at.length / width }, (_, index) =>
    Array.from(compute(at.slice(index * width, (index + 1) * width), index)),
  )
  return Float64Array.from(parts.flat())
}

const total = (row: Float64Array): number => row.reduce((sum, value) => sum + value, 0)

function softmaxOf(row: Float64Array): Float64Array {
  const largest = Math.max(...row)
  const powers = row.map(value => Math.exp(value - largest))
  const sum = total(powers)
  return powers.map(power => power / sum)
}

/** Abramowitz and Stegun 7.1.5 (series) and 7.1.14 (continued fraction). */
function erf(x: number): number {
  if (Math.abs(x) < 2.5) {
    let [term, sum] = [x, x]
    for (let n = 1; n < 80; n++) {
      term *= (-x * x) / n
      sum += term / (2 * n + 1)
    }
    return (2 / Math.sqrt(Math.PI)) * sum
  }
  const z = Math.abs(x)
  let fraction = z
  for (let n = 100; n >= 1; n--) fraction = z + n / 2 / fraction
  return Math.sign(x) * (1 - Math.exp(-z * z) / Math.sqrt(Math.PI) / fraction)
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))

const rules: Readonly<Record<string, Rule>> = {
  input({ attributes, shape }, _inputs, feeds) {
    const { name } = attributes as { name: string }
    const fed = feeds[name]
    if (fed?.length !== sizeOf(shape)) throw new Error(`${name} is not fed with ${sizeOf(shape)} values`)
    return Float64Array.from(fed)
  },
  constant: ({ attributes }) => Float64Array.from((attributes as { values: readonly number[] }).values),
  add: elementwise((a, b) => a! + b!),
  sub: elementwise((a, b) => a! - b!),
  mul: elementwise((a, b) => a! * b!),
  div: elementwise((a, b) => a! / b!),
  pow: elementwise((a, b) => a! ** b!),
  maximum: elementwise((a, b) => Math.max(a!, b!)),
  minimum: elementwise((a, b) => Math.min(a!, b!)),
  less: elementwise((a, b) => Number(a! < b!)),
  greaterOrEqual: elementwise((a, b) => Number(a! >= b!)),
  equal: elementwise((a, b) => Number(a === b)),
  where: elementwise((condition, a, b) => (condition === 0 ? b! : a!)),
  exp: elementwise(x => Math.exp(x!)),
  log: elementwise(x => Math.log(x!)),
  sqrt: elementwise(x => Math.sqrt(x!)),
  sin: elementwise(x => Math.sin(x!)),
  cos: elementwise(x => Math.cos(x!)),
  abs: elementwise(x => Math.abs(x!)),
  sign: elementwise(x => Math.sign(x!)),
  relu: elementwise(x => Math.max(x!, 0)),
  tanh: elementwise(x => Math.tanh(x!)),
  sigmoid: elementwise(x => sigmoid(x!)),
  erf: elementwise(x => erf(x!)),
  silu: elementwise(x => x! * sigmoid(x!)),
  gelu: elementwise(x => (x! / 2) * (1 + erf(x! * Math.SQRT1_2))),
  cast: ({ dtype }, [x]) => (dtype === 'int32' ? x!.at.map(Math.trunc) : x!.at.slice()),
  stopGradient: (_node, [x]) => x!.at,
  reshape: (_node, [x]) => x!.at,
  broadcast: ({ shape }, [x]) => fill(shape, position => read(x!, position)),
  transpose({ shape, attributes }, [x]) {
    const { order } = attributes as { order: readonly number[] }
    return fill(shape, position =>
      read(
        x!,
        x!.shape.map((_, axis) => position[order.indexOf(axis)]!),
      ),
    )
  },
  slice({ shape, attributes }, [x]) {
    const { axis, start } = attributes as { axis: number; start: number }
    return fill(shape, position => read(x!, position.with(axis, position[axis]! + start)))
  },
  pad({ shape, attributes }, [x]) {
    const { axis, before } = attributes as { axis: number; before: number }
    return fill(shape, position => {
      const inner = position[axis]! - before
      return inner >= 0 && inner < x!.shape[axis]! ? read(x!, position.with(axis, inner)) : 0
    })
  },
  concat({ shape, attributes }, inputs) {
    const { axis } = attributes as { axis: number }
    return fill(shape, position => {
      let place = position[axis]!
      for (const input of inputs) {
        if (place < input.shape[axis]!) return read(input, position.with(axis, place))
        place -= input.shape[axis]!
      }
      return Number.NaN
    })
  },
  sum: reduce(0, (a, b) => a + b),
  sumOfSquares: reduce(0, (a, b) => a + b * b),
  max: reduce(-Infinity, Math.max),
  argmax({ shape, attributes }, [x]) {
    const { axis } = attributes as { axis: number }
    return fill(shape, position => {
      const along = Array.from({ length: x!.shape[axis]! }, (_, index) =>
        read(x!, position.toSpliced(axis, 0, index)),
      )
      return along.indexOf(Math.max(...along))
    })
  },
  matmul({ shape, attributes }, [a, b]) {
    const { scale } = attributes as { scale: number }
    const inner = a!.shape.at(-1)!
    return fill(shape, position => {
      const batch = position.slice(0, -2)
      const [row, column] = [position.at(-2)!, position.at(-1)!]
      let sum = 0
      for (let k = 0; k < inner; k++) sum += read(a!, [...batch, row, k]) * read(b!, [...batch, k, column])
      return scale * sum
    })
  },
  gather({ shape }, [table, indices]) {
    const rank = indices!.shape.length
    return fill(shape, position =>
      read(table!, [read(indices!, position.slice(0, rank)), ...position.slice(rank)]),
    )
  },
  scatterAdd({ shape }, [table, indices, added]) {
    const result = table!.at.slice()
    const width = sizeOf(shape.slice(1))
    for (const [row, index] of indices!.at.entries())
      for (let column = 0; column < width; column++)
        result[index * width + column]! += added!.at[row * width + column]!
    return result
  },
  softmax: (_node, [x]) => rows(x!, softmaxOf),
  logSumExp: (_node, [x]) =>
    rows(x!, row => {
      const largest = Math.max(...row)
      return [largest + Math.log(total(row.map(value => Math.exp(value - largest))))]
    }),
  attention({ shape }, [query, key, value, mask]) {
    const [rows, columns, inner] = [shape.at(-2)!, key!.shape.at(-2)!, query!.shape.at(-1)!]
    const batches = shape.slice(0, -2)
    const score = (batch: readonly number[], row: number, column: number): number => {
      let dot = 0
      for (let place = 0; place < inner; place++)
        dot += read(query!, [...batch, row, place]) * read(key!, [...batch, column, place])
      return dot / Math.sqrt(inner) + (mask ? read(mask, [...batch, row, column]) : 0)
    }
    const weights = new Map<string, Float64Array>()
    fill([...batches, rows], position => {
      const [batch, row] = [position.slice(0, -1), position.at(-1)!]
      const scores = Float64Array.from({ length: columns }, (_, column) => score(batch, row, column))
      weights.set(position.join(), softmaxOf(scores))
      return 0
    })
    return fill(shape, position => {
      const batch = position.slice(0, -2)
      return weights
        .get(position.slice(0, -1).join())!
        .reduce((sum, weight, column) => sum + weight * read(value!, [...batch, column, position.at(-1)!]), 0)
    })
  },
  rotate({ shape }, [x, cosine, sine]) {
    const half = shape.at(-1)! / 2
    return fill(shape, position => {
      const [row, column] = [position.at(-2)!, position.at(-1)!]
      const angle = [row, column % half]
      const other = read(x!, position.with(position.length - 1, (column + half) % (2 * half)))
      return read(x!, position) * read(cosine!, angle) + (column < half ? -other : other) * read(sine!, angle)
    })
  },
  rmsNorm({ attributes }, [x, gain]) {
    const { epsilon } = attributes as { epsilon: number }
    return rows(x!, row => {
      const size = Math.sqrt(total(row.map(value => value * value)) / row.length + epsilon)
      return row.map((value, column) => (gain!.at[column]! * value) / size)
    })
  },
  inverseSize({ attributes }, [x]) {
    const { epsilon } = attributes as { epsilon: number }
    return rows(x!, row => [1 / Math.sqrt(total(row.map(value => value * value)) / row.length + epsilon)])
  },
  layerNorm({ attributes }, [x, gain, bias]) {
    const { epsilon } = attributes as { epsilon: number }
    return rows(x!, row => {
      const mean = total(row) / row.length
      const deviation = Math.sqrt(total(row.map(value => (value - mean) ** 2)) / row.length + epsilon)
      return row.map((value, column) => (gain!.at[column]! * (value - mean)) / deviation + bias!.at[column]!)
    })
  },
}
