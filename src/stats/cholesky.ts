/** The lower triangle L with L L' = matrix, row-major. Throws a RangeError where the matrix is not positive definite. */
export function cholesky(matrix: readonly number[], size: number): Float64Array {
  const root = new Float64Array(size * size)
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let left = matrix[row * size + column]!
      for (let inner = 0; inner < column; inner++)
        left -= root[row * size + inner]! * root[column * size + inner]!
      if (row === column && !(left > 0))
        throw new RangeError('cholesky: the covariance is not positive definite')
      root[row * size + column] = row === column ? Math.sqrt(left) : left / root[column * size + column]!
    }
  }
  return root
}

/** The x with root x = values, for the lower triangle of `cholesky`. */
export function solveLower(root: Float64Array, values: readonly number[]): Float64Array {
  const solved = Float64Array.from(values)
  const size = values.length
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < row; column++) solved[row]! -= root[row * size + column]! * solved[column]!
    solved[row]! /= root[row * size + row]!
  }
  return solved
}

/** The sum of products. */
export function dot(first: Float64Array, second: Float64Array): number {
  let sum = 0
  for (const [index, value] of first.entries()) sum += value * second[index]!
  return sum
}
