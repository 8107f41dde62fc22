import { add } from './ops/arithmetic.ts'
import { scalar } from './ops/leaf.ts'
import { broadcast } from './ops/layout.ts'
import { sameShape, showShape } from './shape.ts'
import { type Tensor, topologicalOrder } from './tensor.ts'

/**
 * The gradient of a scalar with respect to each of `targets`, in their shapes: reverse-mode differentiation, from the
 * output back to the inputs, each operation adding what flows through it. The result is a graph of the same
 * operations, so that it can be differentiated again.
 * Zeros where a target is used, but only so that nothing flows back, as in a comparison.
 * Throws where `output` is not a scalar or does not use a target.
 */
export function gradient(output: Tensor, targets: readonly Tensor[]): readonly Tensor[] {
  if (output.shape.length > 0)
    throw new RangeError(`gradient of ${showShape(output.shape)}; it must be a scalar`)
  const order = topologicalOrder([output])
  const known = new Set(order)
  const wanted = dependents(order, targets)
  const cotangents = new Map<Tensor, Tensor>([[output, scalar(1)]])
  for (const tensor of order.toReversed()) {
    const cotangent = cotangents.get(tensor)
    if (cotangent === undefined || !wanted.has(tensor) || tensor.inputs.length === 0) continue
    const parts = tensor.operation.gradient(tensor, cotangent)
    for (const [index, input] of tensor.inputs.entries()) {
      const part = parts[index]
      if (part === undefined || !wanted.has(input)) continue
      if (!sameShape(part.shape, input.shape))
        throw new Error(
          `${tensor.operation.name}: gradient ${showShape(part.shape)} of ${showShape(input.shape)}`,
        )
      const other = cotangents.get(input)
      cotangents.set(input, other === undefined ? part : add(other, part))
    }
  }
  return targets.map(target => {
    if (!known.has(target)) throw new RangeError('gradient: the output does not depend on a target')
    return broadcast(cotangents.get(target) ?? scalar(0), target.shape)
  })
}

/** The targets and every tensor of the graph that is computed from them. */
function dependents(order: readonly Tensor[], targets: readonly Tensor[]): ReadonlySet<Tensor> {
  const wanted = new Set(targets)
  for (const tensor of order) if (tensor.inputs.some(input => wanted.has(input))) wanted.add(tensor)
  return wanted
}
