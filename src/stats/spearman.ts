/**
 * Spearman's rank correlation (1904): Pearson's correlation of the ranks, ties sharing their mean rank. In [-1, 1].
 * Null with fewer than three pairs, or where one side is all ties, which says nothing of order.
 */
export function spearman(first: readonly number[], second: readonly number[]): number | null {
  if (first.length !== second.length)
    throw new RangeError(`spearman: ${first.length} values beside ${second.length}`)
  if (first.length < 3) return null
  const [a, b] = [ranks(first), ranks(second)]
  // The mean of n ranks is (n + 1) / 2, ties or not.
  const mean = (first.length + 1) / 2
  let [product, squareA, squareB] = [0, 0, 0]
  for (const [index, rank] of a.entries()) {
    product += (rank - mean) * (b[index]! - mean)
    squareA += (rank - mean) ** 2
    squareB += (b[index]! - mean) ** 2
  }
  return squareA === 0 || squareB === 0 ? null : product / Math.sqrt(squareA * squareB)
}

function ranks(values: readonly number[]): readonly number[] {
  return values.map(value => {
    const below = values.filter(other => other < value).length
    const equal = values.filter(other => other === value).length
    return below + (equal + 1) / 2
  })
}
