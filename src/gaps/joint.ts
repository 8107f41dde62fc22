/**
 * Iterative proportional fitting (Deming and Stephan 1940): scales a joint table until each of its margins is the wanted one.
 * `joint` is row-major over `sizes`; `margins[d]` has `sizes[d]` shares that sum to 1. Zeros stay zeros.
 * Returns a new table that sums to 1; a margin that the table's zeros make impossible is met as nearly as they allow.
 */
export function fitMargins(
  joint: readonly number[],
  sizes: readonly number[],
  margins: readonly (readonly number[])[],
  { rounds = 200, tolerance = 1e-10 } = {},
): number[] {
  const total = joint.reduce((sum, cell) => sum + cell, 0)
  const table = joint.map(cell => cell / total)
  const strides = sizes.map((_, axis) => sizes.slice(axis + 1).reduce((product, size) => product * size, 1))
  const coordinate = (index: number, axis: number): number =>
    Math.floor(index / strides[axis]!) % sizes[axis]!

  for (let round = 0; round < rounds; round++) {
    let change = 0
    for (let axis = 0; axis < sizes.length; axis++) {
      const sums = Array.from({ length: sizes[axis]! }, () => 0)
      for (let index = 0; index < table.length; index++) sums[coordinate(index, axis)]! += table[index]!
      const factors = sums.map((sum, value) => (sum > 0 ? margins[axis]![value]! / sum : 0))
      for (let index = 0; index < table.length; index++) {
        const next = table[index]! * factors[coordinate(index, axis)]!
        change = Math.max(change, Math.abs(next - table[index]!))
        table[index] = next
      }
    }
    if (change < tolerance) break
  }
  const sum = table.reduce((all, cell) => all + cell, 0)
  return table.map(cell => cell / sum)
}
