import { type Shape, showShape } from './shape.ts'
import type { Lowering } from './lowering.ts'

export type DType = 'float32' | 'int32' | 'bool'

/**
 * A value that will be computed: an operation, what it is applied to, and the shape and type of the result.
 * Nothing is computed when a tensor is made; the tensors reachable from one form a graph without cycles, which is
 * differentiated (gradient.ts), simplified (simplify.ts) and lowered to ONNX (compile.ts).
 */
export interface Tensor<Attributes = unknown> {
  readonly operation: Operation<Attributes>
  readonly attributes: Attributes
  readonly inputs: readonly Tensor[]
  readonly shape: Shape
  readonly dtype: DType
}

/** One kind of operation: everything that the engine has to know of it. */
export interface Operation<Attributes = unknown> {
  readonly name: string
  /** Costs nothing to describe; it is computed only where a kernel asks for its memory. */
  readonly isView?: boolean
  /**
   * The vector-Jacobian product: for the cotangent of the result, those of the inputs, in their shapes and made of
   * operations that have gradients themselves; `undefined` where nothing flows back.
   */
  gradient(node: Tensor<Attributes>, cotangent: Tensor): readonly (Tensor | undefined)[]
  /** A cheaper tensor with the same value, if there is one. `uses` counts how many operations read a tensor. */
  simplify?(node: Tensor<Attributes>, uses: (tensor: Tensor) => number): Tensor | undefined
  /** Adds the ONNX nodes that compute it, and returns the name of the result. */
  lower(node: Tensor<Attributes>, lowering: Lowering): string
}

/** Makes a tensor. Called by the functions under ops/, which infer the shape. */
export function apply<Attributes>(
  operation: Operation<Attributes>,
  inputs: readonly Tensor[],
  result: { readonly attributes: Attributes; readonly shape: Shape; readonly dtype?: DType },
): Tensor<Attributes> {
  const { attributes, shape, dtype = 'float32' } = result
  if (shape.some(length => !Number.isInteger(length) || length < 1))
    throw new RangeError(`${operation.name}: not a shape: ${showShape(shape)}`)
  return { operation, attributes, inputs, shape, dtype }
}

/** The tensor with the attributes of that operation, if the operation made it. */
export function madeBy<Attributes>(
  operation: Operation<Attributes>,
  tensor: Tensor,
): Tensor<Attributes> | undefined {
  return tensor.operation === operation ? (tensor as Tensor<Attributes>) : undefined
}

/** The `lower` of an operation whose `simplify` always puts others in its place: only its gradient is its own. */
export function expandedBefore({ operation }: Tensor): never {
  throw new Error(`${operation.name} is lowered only after it was simplified`)
}

/** Every tensor that the roots need, each after its own inputs. Iterative: graphs are deeper than the call stack. */
export function topologicalOrder(roots: readonly Tensor[]): readonly Tensor[] {
  const order: Tensor[] = []
  const seen = new Set<Tensor>()
  const stack = roots.toReversed().map(tensor => ({ tensor, next: 0 }))
  while (stack.length > 0) {
    const top = stack.at(-1)!
    if (top.next === 0 && seen.has(top.tensor)) {
      stack.pop()
    } else if (top.next < top.tensor.inputs.length) {
      seen.add(top.tensor)
      const input = top.tensor.inputs[top.next++]!
      if (!seen.has(input)) stack.push({ tensor: input, next: 0 })
    } else {
      seen.add(top.tensor)
      order.push(top.tensor)
      stack.pop()
    }
  }
  return order
}
