import { transposedProduct } from './matmul.ts'
import { sum } from './reduce.ts'
import { broadcastShapes, frontAxis, sameShape, type Shape, showShape, sizeOf } from '../shape.ts'
import { apply, madeBy, type Operation, type Tensor } from '../tensor.ts'

const reshapeOperation: Operation<null> = {
  name: 'reshape',
  isView: true,
  gradient: ({ inputs: [x] }, cotangent) => [reshape(cotangent, x!.shape)],
  simplify({ inputs: [x], shape }) {
    if (sameShape(x!.shape, shape)) return x!
    const stretched = madeBy(broadcastOperation, x!)?.inputs[0]
    if (stretched && sizeOf(stretched.shape) === 1) return broadcast(reshape(stretched, []), shape)
    return madeBy(reshapeOperation, x!) && reshape(x!.inputs[0]!, shape)
  },
  lower({ inputs: [x], shape }, lowering) {
    return lowering.emit('Reshape', [lowering.value(x!), lowering.table(shape, [shape.length], 'int64')])
  },
}

/** The same elements in the same order under another shape; one length may be -1 and follows from the others. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  const known = sizeOf(shape.filter(length => length !== -1))
  const whole = shape.map(length => (length === -1 ? sizeOf(x.shape) / known : length))
  if (sizeOf(whole) !== sizeOf(x.shape))
    throw new RangeError(`reshape: ${showShape(x.shape)} does not fill ${showShape(shape)}`)
  return apply(reshapeOperation, [x], { attributes: null, shape: whole, dtype: x.dtype })
}

interface TransposeAttributes {
  readonly order: readonly number[]
}

export const transposeOperation: Operation<TransposeAttributes> = {
  name: 'transpose',
  isView: true,
  gradient: ({ attributes: { order } }, cotangent) => [
    transpose(
      cotangent,
      order.map((_, axis) => order.indexOf(axis)),
    ),
  ],
  simplify({ inputs: [x], attributes: { order }, shape }, uses) {
    const inner = madeBy(transposeOperation, x!)
    if (inner) {
      const combined = order.map(axis => inner.attributes.order[axis]!)
      return transpose(inner.inputs[0]!, combined)
    }
    const isSwap = sameShape(order, lastTwoSwapped(shape))
    const product = isSwap && uses(x!) === 1 ? transposedProduct(x!) : undefined
    if (product) return product
    const moved = order.filter(axis => x!.shape[axis] !== 1)
    return moved.every((axis, index) => index === 0 || axis > moved[index - 1]!)
      ? reshape(x!, shape)
      : undefined
  },
  lower({ inputs: [x], attributes: { order } }, lowering) {
    return lowering.emit('Transpose', [lowering.value(x!)], { attributes: { perm: { ints: order } } })
  },
}

/** Axes in another order: axis `i` of the result is axis `order[i]` of `x`. Without an order the last two change places. */
export function transpose(x: Tensor, order: readonly number[] = lastTwoSwapped(x.shape)): Tensor {
  const axes = order.map(axis => frontAxis(axis, x.shape))
  if (axes.length !== x.shape.length || new Set(axes).size !== axes.length)
    throw new RangeError(`transpose: [${order.join(', ')}] does not order the axes of ${showShape(x.shape)}`)
  return apply(transposeOperation, [x], {
    attributes: { order: axes },
    shape: axes.map(axis => x.shape[axis]!),
    dtype: x.dtype,
  })
}

export function lastTwoSwapped(shape: Shape): readonly number[] {
  const rank = shape.length
  return shape.map((_, axis) => (axis === rank - 1 ? rank - 2 : axis === rank - 2 ? rank - 1 : axis))
}

export const broadcastOperation: Operation<null> = {
  name: 'broadcast',
  isView: true,
  gradient: ({ inputs: [x] }, cotangent) => [sumTo(cotangent, x!.shape)],
  simplify({ inputs: [x], shape }) {
    if (sameShape(x!.shape, shape)) return x!
    return madeBy(broadcastOperation, x!) && broadcast(x!.inputs[0]!, shape)
  },
  lower({ inputs: [x], shape }, lowering) {
    return lowering.emit('Expand', [lowering.value(x!), lowering.table(shape, [shape.length], 'int64')])
  },
}

/** `x` repeated along the axes that are missing or of length 1. */
export function broadcast(x: Tensor, shape: Shape): Tensor {
  if (!sameShape(broadcastShapes(x.shape, shape), shape))
    throw new RangeError(`broadcast: ${showShape(x.shape)} does not stretch to ${showShape(shape)}`)
  return apply(broadcastOperation, [x], { attributes: null, shape, dtype: x.dtype })
}

/** Undoes a broadcast from `shape` by summing: the gradient of every operand that was stretched. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x
  const missing = x.shape.length - shape.length
  const stretched = x.shape.flatMap((length, axis) =>
    axis < missing || (shape[axis - missing] === 1 && length !== 1) ? [axis] : [],
  )
  return reshape(sum(x, stretched), shape)
}
