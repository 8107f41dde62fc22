/** Whole numbers in proportion to `shares` that sum to `total` (largest remainder, Hamilton's method). Ties go to the earlier. */
export function apportion(shares: readonly number[], total: number): number[] {
  const sum = shares.reduce((all, share) => all + share, 0)
  if (!(sum > 0)) return shares.map(() => 0)
  const exact = shares.map(share => (share / sum) * total)
  const whole = exact.map(Math.floor)
  const left = total - whole.reduce((all, count) => all + count, 0)
  const order = exact.map((value, index) => ({ index, rest: value - whole[index]! }))
  order.sort((a, b) => b.rest - a.rest || a.index - b.index)
  for (const { index } of order.slice(0, left)) whole[index]! += 1
  return whole
}
