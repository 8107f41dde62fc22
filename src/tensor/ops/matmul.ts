import { mul, mulOperation } from './arithmetic.ts'
import { scalarValue } from './leaf.ts'
import { lastTwoSwapped, reshape, sumTo, transpose, transposeOperation } from './layout.ts'
import { sum } from './reduce.ts'
import { broadcastShapes, sameShape, showShape, sizeOf } from '../shape.ts'
import { apply, madeBy, type Operation, type Tensor } from '../tensor.ts'

interface MatmulAttributes {
  /** A factor of the product, which costs nothing in the kernel. */
  readonly scale: number
}

const matmulOperation: Operation<MatmulAttributes> = {
  name: 'matmul',
  /** For C = A·B: dA = dC·Bᵀ and dB = Aᵀ·dC, summed over the axes along which an operand was stretched. */
  gradient({ inputs: [a, b], attributes: { scale } }, cotangent) {
    const ofA = sumTo(matmul(cotangent, transpose(b!), scale), a!.shape)
    if (b!.shape.length > 2) return [ofA, sumTo(matmul(transpose(a!), cotangent, scale), b!.shape)]
    const [rows, columns] = [asRows(a!), asRows(cotangent)]
    return [ofA, matmul(transpose(rows), columns, scale)]
  },
  simplify(node) {
    const [a, b] = node.inputs.map(operandOf)
    const scale = a!.factor * b!.factor * node.attributes.scale
    if (a!.factor !== 1 || b!.factor !== 1) return matmul(matrixOf(a!), matrixOf(b!), scale)
    const scaled = rowsScaled(a!.matrix)
    if (scaled === undefined) return undefined
    const { rows, factors } = scaled
    // The factors of rows go where there are fewer numbers to multiply: into the product, or into the other operand.
    if (sizeOf(a!.isTransposed ? b!.matrix.shape : node.shape) >= sizeOf(rows.shape)) return undefined
    return a!.isTransposed
      ? matmul(transpose(rows), mul(matrixOf(b!), factors), scale)
      : mul(matmul(rows, matrixOf(b!), scale), factors)
  },
  lower({ inputs, attributes: { scale } }, lowering) {
    const [a, b] = inputs.map(operandOf)
    const names = [lowering.value(a!.matrix), lowering.value(b!.matrix)]
    if (!a!.isTransposed && !b!.isTransposed && scale === 1) return lowering.emit('MatMul', names)
    return lowering.emit('FusedMatMul', names, {
      domain: 'com.microsoft',
      attributes: {
        alpha: { float: scale },
        transA: { int: Number(a!.isTransposed) },
        transB: { int: Number(b!.isTransposed) },
      },
    })
  },
}

/** A product with a factor: undefined where `product` is something else, or there is no factor. */
export function scaledProduct(product: Tensor, factor: number | undefined): Tensor | undefined {
  const made = madeBy(matmulOperation, product)
  return made && factor !== undefined
    ? matmul(made.inputs[0]!, made.inputs[1]!, made.attributes.scale * factor)
    : undefined
}

/** What a kernel reads for an operand: transposition and a known factor ride along. */
function operandOf(operand: Tensor): { matrix: Tensor; isTransposed: boolean; factor: number } {
  let [matrix, isTransposed, factor] = [operand, false, 1]
  for (;;) {
    const swap = madeBy(transposeOperation, matrix)
    const product = madeBy(mulOperation, matrix)
    const scale = product && scalarValue(product.inputs[1]!)
    if (swap && sameShape(swap.attributes.order, lastTwoSwapped(swap.shape))) {
      matrix = swap.inputs[0]!
      isTransposed = !isTransposed
    } else if (scale !== undefined) {
      matrix = product!.inputs[0]!
      factor *= scale
    } else return { matrix, isTransposed, factor }
  }
}

function matrixOf({ matrix, isTransposed }: { matrix: Tensor; isTransposed: boolean }): Tensor {
  return isTransposed ? transpose(matrix) : matrix
}

/** The two factors of `x` where one of them has a single number for each row. */
function rowsScaled(x: Tensor): { readonly rows: Tensor; readonly factors: Tensor } | undefined {
  const [rows, factors] = madeBy(mulOperation, x)?.inputs ?? []
  const isColumn = factors?.shape.length === x.shape.length && factors.shape.at(-1) === 1
  return isColumn && sameShape(rows!.shape, x.shape) ? { rows: rows!, factors } : undefined
}

function asRows(x: Tensor): Tensor {
  return reshape(x, [-1, x.shape.at(-1)!])
}

/**
 * The matrix product scale·a·b over the last two axes; the axes before them broadcast.
 * `a` [..., rows, inner] and `b` [..., inner, columns] give [..., rows, columns].
 */
export function matmul(a: Tensor, b: Tensor, scale = 1): Tensor {
  const [inner, innerOfB] = [a.shape.at(-1), b.shape.at(-2)]
  if (a.shape.length < 2 || b.shape.length < 2 || inner !== innerOfB)
    throw new RangeError(`matmul: ${showShape(a.shape)} does not go with ${showShape(b.shape)}`)
  const batch = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2))
  return apply(matmulOperation, [a, b], {
    attributes: { scale },
    shape: [...batch, a.shape.at(-2)!, b.shape.at(-1)!],
  })
}

/**
 * (A·B)ᵀ as Bᵀ·Aᵀ, which moves no memory; undefined where it does not pay. The kernel is slow to read its first operand
 * across, so that a small product is better moved than a large operand read so, and batches are better left alone.
 */
export function transposedProduct(tensor: Tensor): Tensor | undefined {
  const product = madeBy(matmulOperation, tensor)
  if (product === undefined || product.shape.length > 2) return undefined
  const [a, b] = product.inputs
  const [first, second] = product.inputs.map(operandOf)
  const isLarger = sizeOf(b!.shape) >= 8 * sizeOf(a!.shape)
  if (first!.isTransposed && !second!.isTransposed && isLarger) return undefined
  return matmul(transpose(b!), transpose(a!), product.attributes.scale)
}

/** x·Wᵀ for weights [outputs, inputs], as PyTorch keeps them. */
export function linear(x: Tensor, weights: Tensor): Tensor {
  return matmul(x, transpose(weights))
}

/** Row-wise inner products: the sum of a·b over the last axis, which leaves the shape. */
export function innerProduct(a: Tensor, b: Tensor): Tensor {
  return sum(mul(a, b), [-1])
}
