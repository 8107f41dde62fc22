/**
 * Adjusted p values of Holm's sequentially rejective procedure (Holm 1979), in the order given: comparing each with
 * the level keeps the probability of any false rejection below it, however the tests depend on each other.
 */
export function adjustHolm(pvalues: readonly number[]): readonly number[] {
  const ascending = pvalues.map((_, index) => index).sort((a, b) => pvalues[a]! - pvalues[b]!)
  const adjusted = Array.from(pvalues)
  let largest = 0
  for (const [rank, index] of ascending.entries()) {
    largest = Math.max(largest, Math.min(1, (pvalues.length - rank) * pvalues[index]!))
    adjusted[index] = largest
  }
  return adjusted
}
