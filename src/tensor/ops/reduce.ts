import { div, mul, mulOperation } from './arithmetic.ts'
import { broadcast, broadcastOperation, reshape } from './layout.ts'
import { cast, equal } from './logic.ts'
import type { Lowering } from '../lowering.ts'
import { frontAxes, sameShape, type Shape, shapeWithOnes, sizeOf } from '../shape.ts'
import { apply, madeBy, type Operation, type Tensor } from '../tensor.ts'

interface ReduceAttributes {
  readonly axes: readonly number[]
}

const sumOperation: Operation<ReduceAttributes> = {
  name: 'sum',
  gradient: ({ inputs: [x], attributes: { axes } }, cotangent) => [
    broadcast(reshape(cotangent, shapeWithOnes(x!.shape, axes)), x!.shape),
  ],
  simplify({ inputs: [x], attributes: { axes }, shape }) {
    if (axes.every(axis => x!.shape[axis] === 1)) return reshape(x!, shape)
    const stretched = madeBy(broadcastOperation, x!)?.inputs[0]
    if (stretched && sameShape(stretched.shape, shapeWithOnes(x!.shape, axes)))
      return mul(reshape(stretched, shape), sizeOf(axes.map(axis => x!.shape[axis]!)))
    const [a, b] = madeBy(mulOperation, x!)?.inputs ?? []
    return a !== undefined && a === b ? sumOfSquares(a, axes) : undefined
  },
  lower: (node, lowering) => lowerReduction('ReduceSum', node, lowering),
}

const sumOfSquaresOperation: Operation<ReduceAttributes> = {
  name: 'sumOfSquares',
  gradient: ({ inputs: [x], attributes: { axes } }, cotangent) => [
    mul(mul(x!, 2), reshape(cotangent, shapeWithOnes(x!.shape, axes))),
  ],
  lower: (node, lowering) => lowerReduction('ReduceSumSquare', node, lowering),
}

/** The sum of squares over these axes, which leave the shape; without axes, over all. */
export function sumOfSquares(x: Tensor, axes: readonly number[] = everyAxis(x)): Tensor {
  return reduce(sumOfSquaresOperation, x, axes)
}

/** The sum over these axes, which leave the shape; without axes, over all. */
export function sum(x: Tensor, axes: readonly number[] = everyAxis(x)): Tensor {
  return reduce(sumOperation, x, axes)
}

/** The mean over these axes, which leave the shape; without axes, over all. */
export function mean(x: Tensor, axes: readonly number[] = everyAxis(x)): Tensor {
  const total = sum(x, axes)
  return mul(total, sizeOf(total.shape) / sizeOf(x.shape))
}

const maxOperation: Operation<ReduceAttributes> = {
  name: 'max',
  gradient(node, cotangent) {
    const [x] = node.inputs
    const ones = shapeWithOnes(x!.shape, node.attributes.axes)
    const isLargest = cast(equal(x!, reshape(node, ones)), 'float32')
    const ties = reshape(sum(isLargest, node.attributes.axes), ones)
    return [mul(isLargest, div(reshape(cotangent, ones), ties))]
  },
  simplify({ inputs: [x], attributes: { axes }, shape }) {
    return axes.every(axis => x!.shape[axis] === 1) ? reshape(x!, shape) : undefined
  },
  lower: (node, lowering) => lowerReduction('ReduceMax', node, lowering),
}

/** The largest value along these axes, which leave the shape. Equal largest values share the gradient. */
export function max(x: Tensor, axes: readonly number[] = everyAxis(x)): Tensor {
  return reduce(maxOperation, x, axes)
}

function lowerReduction(type: string, node: Tensor<ReduceAttributes>, lowering: Lowering): string {
  const { axes } = node.attributes
  const inputs = [lowering.value(node.inputs[0]!), lowering.table(axes, [axes.length], 'int64')]
  return lowering.emit(type, inputs, { attributes: { keepdims: { int: 0 } } })
}

function reduce(operation: Operation<ReduceAttributes>, x: Tensor, axes: readonly number[]): Tensor {
  const reduced = frontAxes(axes, x.shape)
  if (reduced.length === 0) return x
  return apply(operation, [x], {
    attributes: { axes: reduced },
    shape: shapeWithout(x.shape, reduced),
    dtype: x.dtype,
  })
}

function shapeWithout(shape: Shape, axes: readonly number[]): Shape {
  return shape.filter((_, axis) => !axes.includes(axis))
}

const argmaxOperation: Operation<{ readonly axis: number }> = {
  name: 'argmax',
  gradient: () => [undefined],
  lower({ inputs: [x], attributes: { axis } }, lowering) {
    const index = lowering.emit('ArgMax', [lowering.value(x!)], {
      attributes: { axis: { int: axis }, keepdims: { int: 0 } },
    })
    return lowering.emit('Cast', [index], { attributes: { to: { int: 6 } } })
  },
}

/** The index of the largest value along an axis (the first of equals), which leaves the shape. Has no gradient. */
export function argmax(x: Tensor, axis: number): Tensor {
  const [front] = frontAxes([axis], x.shape)
  return apply(argmaxOperation, [x], {
    attributes: { axis: front! },
    shape: shapeWithout(x.shape, [front!]),
    dtype: 'int32',
  })
}

function everyAxis(x: Tensor): readonly number[] {
  return [...x.shape.keys()]
}
