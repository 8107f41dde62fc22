import { asTensor, type Operand, scalar, scalarValue } from './leaf.ts'
import { scatteredOnto } from './gather.ts'
import { broadcast, broadcastOperation, sumTo } from './layout.ts'
import { cast, greaterOrEqual, less } from './logic.ts'
import { scaledProduct } from './matmul.ts'
import { joinedPads } from './slice.ts'
import { broadcastShapes, sameShape } from '../shape.ts'
import { apply, madeBy, type Operation, type Tensor } from '../tensor.ts'

type Gradient = (a: Tensor, b: Tensor, cotangent: Tensor) => readonly [Tensor, Tensor]

/** An elementwise operation of two operands that broadcast. `gradient` may ignore that: its results are summed back. */
function binary(
  name: string,
  onnx: string,
  gradient: Gradient,
  simplify: (a: Tensor, b: Tensor, uses: (tensor: Tensor) => number) => Tensor | undefined,
): Operation<null> {
  return {
    name,
    gradient({ inputs: [a, b] }, cotangent) {
      const [ofA, ofB] = gradient(a!, b!, cotangent)
      return [sumTo(ofA, a!.shape), sumTo(ofB, b!.shape)]
    },
    simplify(node, uses) {
      const [a, b] = node.inputs.map(withoutBroadcast)
      const isSame = a === node.inputs[0] && b === node.inputs[1]
      const simpler =
        simplify(a!, b!, uses) ??
        (isSame ? undefined : applyBinary(node.operation as Operation<null>, a!, b!))
      return simpler && (sameShape(simpler.shape, node.shape) ? simpler : broadcast(simpler, node.shape))
    },
    lower: ({ inputs: [a, b] }, lowering) => lowering.emit(onnx, [lowering.value(a!), lowering.value(b!)]),
  }
}

/** The kernels of binary operations stretch their operands themselves; a stretch of both comes after. */
function withoutBroadcast(tensor: Tensor): Tensor {
  return madeBy(broadcastOperation, tensor)?.inputs[0] ?? tensor
}

/** The result of two known numbers, worked out now. */
function folded(a: Tensor, b: Tensor, compute: (a: number, b: number) => number): Tensor | undefined {
  const [known, other] = [scalarValue(a), scalarValue(b)]
  return known === undefined || other === undefined ? undefined : scalar(compute(known, other), a.dtype)
}

function applyBinary(operation: Operation<null>, a: Operand, b: Operand): Tensor {
  const dtype = typeof a === 'number' ? (typeof b === 'number' ? 'float32' : b.dtype) : a.dtype
  const [left, right] = [asTensor(a, dtype), asTensor(b, dtype)]
  if (left.dtype !== right.dtype)
    throw new TypeError(`${operation.name}: ${left.dtype} with ${right.dtype}; cast one of them`)
  return apply(operation, [left, right], {
    attributes: null,
    shape: broadcastShapes(left.shape, right.shape),
    dtype,
  })
}

const addOperation = binary(
  'add',
  'Add',
  (_a, _b, cotangent) => [cotangent, cotangent],
  (a, b) => {
    if (scalarValue(b) === 0) return a
    if (scalarValue(a) === 0) return b
    const joined = scatteredOnto(a, b) ?? scatteredOnto(b, a) ?? joinedPads(a, b) ?? joinedPads(b, a)
    if (joined) return joined
    const negated = negatedOf(b)
    return folded(a, b, (a, b) => a + b) ?? (negated && sub(a, negated))
  },
)

/** a + b, elementwise; shapes broadcast, and a number stands for a scalar. */
export function add(a: Operand, b: Operand): Tensor {
  return applyBinary(addOperation, a, b)
}

const subOperation = binary(
  'sub',
  'Sub',
  (_a, _b, cotangent) => [cotangent, neg(cotangent)],
  (a, b) => {
    if (scalarValue(b) === 0) return a
    const negated = negatedOf(b)
    return folded(a, b, (a, b) => a - b) ?? (negated && add(a, negated))
  },
)

/** a - b, likewise. */
export function sub(a: Operand, b: Operand): Tensor {
  return applyBinary(subOperation, a, b)
}

export const mulOperation = binary(
  'mul',
  'Mul',
  (a, b, cotangent) => [mul(cotangent, b), mul(cotangent, a)],
  (a, b, uses) => {
    if (scalarValue(a) !== undefined && scalarValue(b) === undefined) return mul(b, a)
    if (scalarValue(b) === 1) return a
    const both = folded(a, b, (a, b) => a * b)
    if (both) return both
    const inner = madeBy(mulOperation, a)
    if (inner && scalarValue(b) !== undefined && scalarValue(inner.inputs[1]!) !== undefined)
      return mul(inner.inputs[0]!, scalarValue(inner.inputs[1]!)! * scalarValue(b)!)
    return uses(a) === 1 ? scaledProduct(a, scalarValue(b)) : undefined
  },
)

/** a · b, elementwise. */
export function mul(a: Operand, b: Operand): Tensor {
  return applyBinary(mulOperation, a, b)
}

const divOperation = binary(
  'div',
  'Div',
  (a, b, cotangent) => {
    const ofA = div(cotangent, b)
    return [ofA, neg(mul(ofA, div(a, b)))]
  },
  (a, b) => {
    const divisor = scalarValue(b)
    if (divisor !== undefined && a.dtype === 'float32') return mul(a, 1 / divisor)
    return undefined
  },
)

/** a / b, elementwise. */
export function div(a: Operand, b: Operand): Tensor {
  return applyBinary(divOperation, a, b)
}

/** A negative is a product with -1, so that signs ride along with other factors. */
export function neg(x: Tensor): Tensor {
  return mul(x, -1)
}

/** `y` where a tensor is `-y`. */
function negatedOf(tensor: Tensor): Tensor | undefined {
  const product = madeBy(mulOperation, tensor)
  return product && scalarValue(product.inputs[1]!) === -1 ? product.inputs[0]! : undefined
}

/** The larger of two values. Where they are equal, the first takes the gradient. */
export function maximum(a: Operand, b: Operand): Tensor {
  return applyBinary(maximumOperation, a, b)
}

const maximumOperation = binary(
  'maximum',
  'Max',
  (a, b, cotangent) => [
    mul(cotangent, cast(greaterOrEqual(a, b), 'float32')),
    mul(cotangent, cast(less(a, b), 'float32')),
  ],
  (a, b) => folded(a, b, Math.max),
)

/** The smaller of two values. Where they are equal, the first takes the gradient. */
export function minimum(a: Operand, b: Operand): Tensor {
  return applyBinary(minimumOperation, a, b)
}

const minimumOperation = binary(
  'minimum',
  'Min',
  (a, b, cotangent) => [
    mul(cotangent, cast(greaterOrEqual(b, a), 'float32')),
    mul(cotangent, cast(less(b, a), 'float32')),
  ],
  (a, b) => folded(a, b, Math.min),
)
