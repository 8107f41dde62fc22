import { asTensor, type Operand, scalar } from './leaf.ts'
import { sumTo } from './layout.ts'
import { broadcastShapes } from '../shape.ts'
import { apply, type DType, type Operation, type Tensor } from '../tensor.ts'

function comparison(name: string, onnx: string): Operation<null> {
  return {
    name,
    gradient: () => [undefined, undefined],
    lower: ({ inputs: [a, b] }, lowering) => lowering.emit(onnx, [lowering.value(a!), lowering.value(b!)]),
  }
}

const lessOperation = comparison('less', 'Less')
const greaterOrEqualOperation = comparison('greaterOrEqual', 'GreaterOrEqual')
const equalOperation = comparison('equal', 'Equal')

function compare(operation: Operation<null>, a: Operand, b: Operand): Tensor {
  const dtype = typeof a === 'number' ? (typeof b === 'number' ? 'float32' : b.dtype) : a.dtype
  const [left, right] = [asTensor(a, dtype), asTensor(b, dtype)]
  const shape = broadcastShapes(left.shape, right.shape)
  return apply(operation, [left, right], { attributes: null, shape, dtype: 'bool' })
}

export function less(a: Operand, b: Operand): Tensor {
  return compare(lessOperation, a, b)
}

export function greater(a: Operand, b: Operand): Tensor {
  return less(b, a)
}

export function greaterOrEqual(a: Operand, b: Operand): Tensor {
  return compare(greaterOrEqualOperation, a, b)
}

export function equal(a: Operand, b: Operand): Tensor {
  return compare(equalOperation, a, b)
}

const whereOperation: Operation<null> = {
  name: 'where',
  gradient({ inputs: [condition, a, b] }, cotangent) {
    return [
      undefined,
      sumTo(where(condition!, cotangent, scalar(0)), a!.shape),
      sumTo(where(condition!, scalar(0), cotangent), b!.shape),
    ]
  },
  lower: ({ inputs }, lowering) =>
    lowering.emit(
      'Where',
      inputs.map(input => lowering.value(input)),
    ),
}

/** `a` where the condition holds, else `b`; all three broadcast. */
export function where(condition: Tensor, a: Operand, b: Operand): Tensor {
  const dtype = typeof a === 'number' ? (typeof b === 'number' ? 'float32' : b.dtype) : a.dtype
  const [left, right] = [asTensor(a, dtype), asTensor(b, dtype)]
  const shape = broadcastShapes(condition.shape, left.shape, right.shape)
  return apply(whereOperation, [condition, left, right], { attributes: null, shape, dtype })
}

const elementTypes = { float32: 1, int32: 6, bool: 9 } as const

const castOperation: Operation<null> = {
  name: 'cast',
  gradient: ({ inputs: [x] }, cotangent) => [x!.dtype === 'float32' ? cotangent : undefined],
  lower: ({ inputs: [x], dtype }, lowering) =>
    lowering.emit('Cast', [lowering.value(x!)], { attributes: { to: { int: elementTypes[dtype] } } }),
}

/** The same values as another type; a boolean becomes 0 or 1. */
export function cast(x: Tensor, dtype: DType): Tensor {
  if (x.dtype === dtype) return x
  return apply(castOperation, [x], { attributes: null, shape: x.shape, dtype })
}

const stopGradientOperation: Operation<null> = {
  name: 'stopGradient',
  isView: true,
  gradient: () => [undefined],
  lower: ({ inputs: [x] }, lowering) => lowering.value(x!),
}

/** `x`, through which no gradient flows. */
export function stopGradient(x: Tensor): Tensor {
  return apply(stopGradientOperation, [x], { attributes: null, shape: x.shape, dtype: x.dtype })
}
