import { type Tensor, topologicalOrder } from './tensor.ts'

/**
 * The same values by less work. Every operation may offer a cheaper form of itself (its `simplify`), and what is
 * computed twice is computed once. What nothing needs any more is not reachable from the results, and so is gone.
 */
export function simplify(roots: readonly Tensor[]): readonly Tensor[] {
  let current = roots
  for (let pass = 0; pass < maximumPasses; pass++) {
    const next = rewrite(current)
    if (next.every((root, index) => root === current[index])) return next
    current = next
  }
  return current
}

/** Each pass enables at most a few more; a chain longer than this one costs time, not correctness. */
const maximumPasses = 12

function rewrite(roots: readonly Tensor[]): readonly Tensor[] {
  const order = topologicalOrder(roots)
  const uses = countUses(order)
  const intern = createIntern()
  const replacements = new Map<Tensor, Tensor>()
  for (const tensor of order) {
    const inputs = tensor.inputs.map(input => replacements.get(input)!)
    const isSame = inputs.every((input, index) => input === tensor.inputs[index])
    const rebuilt = intern(isSame ? tensor : { ...tensor, inputs })
    const simpler = rebuilt.operation.simplify?.(rebuilt, input => uses.get(input) ?? 1)
    const replacement = simpler === undefined ? rebuilt : intern(simpler)
    replacements.set(tensor, replacement)
    if (replacement !== tensor) uses.set(replacement, (uses.get(replacement) ?? 0) + (uses.get(tensor) ?? 1))
  }
  return roots.map(root => replacements.get(root)!)
}

function countUses(order: readonly Tensor[]): Map<Tensor, number> {
  const uses = new Map<Tensor, number>()
  for (const tensor of order) for (const input of tensor.inputs) uses.set(input, (uses.get(input) ?? 0) + 1)
  return uses
}

/** A function that gives equal tensors (operation, attributes, inputs) as one: common-subexpression elimination. */
function createIntern(): (tensor: Tensor) => Tensor {
  const byKey = new Map<string, Tensor>()
  const numbers = new Map<Tensor, number>()
  return function intern(tensor: Tensor): Tensor {
    if (numbers.has(tensor)) return tensor
    const inputs = tensor.inputs.map(intern)
    const { operation, dtype, shape } = tensor
    const key = [
      operation.name,
      dtype,
      shape.join(),
      inputs.map(input => numbers.get(input)).join(),
      JSON.stringify(tensor.attributes),
    ].join('|')
    const known = byKey.get(key)
    if (known !== undefined) return known
    const isSame = inputs.every((input, index) => input === tensor.inputs[index])
    const interned = isSame ? tensor : { ...tensor, inputs }
    byKey.set(key, interned)
    numbers.set(interned, numbers.size)
    return interned
  }
}
