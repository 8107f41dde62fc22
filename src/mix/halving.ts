import { spearman } from '../stats/spearman.ts'
import { fewRows, isSameArm, type SearchArm, syntheticPerReal } from './search-arms.ts'

/** Each rung has this many times the rows of the one before, and keeps one mixture in so many. */
const eta = 3
/** Smaller first rungs than this are grown towards only where there must be three rungs. */
const fewestOnRung = 100
/** Rank correlation of two rungs below which the smaller one does not foretell the larger one: nothing is pruned by it. */
const leastCorrelation = 0.5

/**
 * Real rows of each rung of successive halving (Jamieson and Talwalkar 2016), the last one all of them. Below 300 rows
 * there is one rung. From there on at least three: two rungs tell whether small ones can be trusted, the third is spared.
 */
export function planRungs(rows: number): readonly number[] {
  if (rows < fewRows) return [rows]
  const rungs = Math.max(3, 1 + Math.floor(Math.log(rows / fewestOnRung) / Math.log(eta) + 1e-9))
  return Array.from({ length: rungs }, (_, rung) => Math.round(rows / eta ** (rungs - 1 - rung)))
}

interface Scored extends SearchArm {
  readonly score: number
}

export interface Pruning {
  /** Spearman's, of the arms that both rungs scored; null where there is no order to compare. */
  readonly correlation: number | null
  readonly kept: readonly SearchArm[]
}

/**
 * The arms that go on after a rung. Where its scores rank the arms as those of the rung before did (Spearman from 0.5 on),
 * the best third of the mixtures; else all. `always` goes on whatever its score.
 */
export function pruneArms(
  before: readonly Scored[],
  now: readonly Scored[],
  always: readonly SearchArm[],
): Pruning {
  const earlier = now.map(arm => before.find(each => isSameArm(each, arm))!.score)
  const correlation = spearman(
    earlier,
    now.map(({ score }) => score),
  )
  if (correlation === null || correlation < leastCorrelation) return { correlation, kept: now }
  const mixtures = now.filter(({ perReal }) => perReal > 0)
  const best = mixtures
    .toSorted((a, b) => b.score - a.score || syntheticPerReal(a) - syntheticPerReal(b))
    .slice(0, Math.ceil(mixtures.length / eta))
  const stays = (arm: SearchArm): boolean => [...best, ...always].some(other => isSameArm(other, arm))
  return { correlation, kept: now.filter(stays) }
}
