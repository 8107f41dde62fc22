import { type Shape, showShape, sizeOf } from '../shape.ts'
import { apply, type DType, madeBy, type Operation, type Tensor } from '../tensor.ts'

interface InputAttributes {
  readonly name: string
}

export const inputOperation: Operation<InputAttributes> = {
  name: 'input',
  gradient: () => [],
  lower: ({ attributes, shape, dtype }, lowering) => lowering.input(attributes.name, shape, dtype),
}

/** A tensor that is fed at every run: a batch, a parameter, the state of an optimiser. */
export function input(name: string, shape: Shape, dtype: DType = 'float32'): Tensor<InputAttributes> {
  return apply(inputOperation, [], { attributes: { name }, shape, dtype })
}

interface ConstantAttributes {
  readonly values: readonly number[]
}

const constantOperation: Operation<ConstantAttributes> = {
  name: 'constant',
  gradient: () => [],
  lower: ({ attributes, shape, dtype }, lowering) => lowering.table(attributes.values, shape, dtype),
}

/** A small table of known numbers, row-major; booleans are 0 and 1. It becomes part of the compiled graph. */
export function constant(values: readonly number[], shape: Shape, dtype: DType = 'float32'): Tensor {
  if (values.length !== sizeOf(shape))
    throw new RangeError(`constant: ${values.length} values for ${showShape(shape)}`)
  return apply(constantOperation, [], { attributes: { values }, shape, dtype })
}

/** The whole numbers from 0 up to `length`, without it: shape [length], int32. */
export function range(length: number): Tensor {
  return constant([...Array(length).keys()], [length], 'int32')
}

/** A single known number. */
export function scalar(value: number, dtype: DType = 'float32'): Tensor {
  return constant([value], [], dtype)
}

/** The number that a scalar constant holds, if the tensor is one. */
export function scalarValue(tensor: Tensor): number | undefined {
  return tensor.shape.length === 0 ? madeBy(constantOperation, tensor)?.attributes.values[0] : undefined
}

/** A number where an operand is expected stands for a scalar. */
export type Operand = Tensor | number

export function asTensor(operand: Operand, dtype: DType = 'float32'): Tensor {
  return typeof operand === 'number' ? scalar(operand, dtype) : operand
}
