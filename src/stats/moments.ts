/** Arithmetic mean; NaN of nothing. */
export function meanOf(values: ArrayLike<number>): number {
  let sum = 0
  for (let index = 0; index < values.length; index++) sum += values[index]!
  return sum / values.length
}

/** Unbiased variance (divisor n - 1); 0 of fewer than two values. */
export function varianceOf(values: ArrayLike<number>): number {
  if (values.length < 2) return 0
  const mean = meanOf(values)
  let squares = 0
  for (let index = 0; index < values.length; index++) squares += (values[index]! - mean) ** 2
  return squares / (values.length - 1)
}
