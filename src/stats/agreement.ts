/**
 * Agreement of two raters beyond chance on nominal ratings (Cohen 1960): 1 is perfect, 0 what chance would give, below 0
 * worse than chance. Each pair is one item's two ratings. Null without items, or where both raters gave everything one
 * rating, which says nothing of whether they could tell items apart.
 */
export function cohenKappa(pairs: readonly (readonly [string, string])[]): number | null {
  if (pairs.length === 0) return null
  const [first, second] = [tally(pairs.map(([rating]) => rating)), tally(pairs.map(([, rating]) => rating))]
  const observed = pairs.filter(([one, other]) => one === other).length / pairs.length
  let expected = 0
  for (const [rating, count] of first) expected += (count * (second.get(rating) ?? 0)) / pairs.length ** 2
  return expected === 1 ? null : (observed - expected) / (1 - expected)
}

/**
 * Krippendorff's alpha for nominal ratings by any number of raters, missing ones left out (Krippendorff 2011, "Computing
 * Krippendorff's Alpha-Reliability"): 1 less the disagreement observed within units over that expected by chance. Each
 * unit is the list of the ratings it was given; units with fewer than two say nothing. Null where no unit has two, or all
 * ratings are the same.
 */
export function krippendorffAlpha(units: readonly (readonly string[])[]): number | null {
  const paired = units.filter(ratings => ratings.length >= 2)
  const totals = tally(paired.flat())
  const values = paired.reduce((sum, ratings) => sum + ratings.length, 0)
  let observed = 0
  for (const ratings of paired) {
    observed += differingPairs(tally(ratings), ratings.length) / (ratings.length - 1)
  }
  const expected = differingPairs(totals, values) / (values - 1)
  return expected > 0 ? 1 - observed / expected : null
}

/** Ordered pairs of unequal ratings among `count` of them. */
function differingPairs(counts: ReadonlyMap<string, number>, count: number): number {
  let equal = 0
  for (const occurrences of counts.values()) equal += occurrences ** 2
  return count ** 2 - equal
}

function tally(ratings: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const rating of ratings) counts.set(rating, (counts.get(rating) ?? 0) + 1)
  return counts
}
