/** A row that may be kept, by how well its answer suits what it asks. */
export interface ScoredRow {
  readonly id: string
  /** Cell and labels: each stratum is halved on its own, so that the shares stay as they are. */
  readonly stratum: string
  /** Probability of the row's own label, in [0, 1]. */
  readonly score: number
}

/**
 * Ids of the better half of the rows of each stratum. What the halves of odd strata leave over goes to every other one,
 * so that half of all is kept to one row; of equal scores the earlier row.
 *
 * The score is the probability that a student trained on the real rows alone gives a made row's own label, the filter of
 * LAMBADA (Anaby-Tavor et al. 2020, "Do Not Have Enough Data? Deep Learning to the Rescue!", AAAI), which likewise keeps
 * the most confident rows of each label.
 */
export function betterHalf(rows: readonly ScoredRow[]): ReadonlySet<string> {
  const kept = new Set<string>()
  let seen = 0
  for (const members of Map.groupBy(rows, ({ stratum }) => stratum).values()) {
    const share = Math.ceil((seen + members.length) / 2) - Math.ceil(seen / 2)
    seen += members.length
    for (const { id } of members.toSorted((a, b) => b.score - a.score).slice(0, share)) kept.add(id)
  }
  return kept
}
