import type { Random } from './random.ts'
import type { TracedRow } from './row.ts'

export interface Fold {
  readonly train: readonly TracedRow[]
  readonly test: readonly TracedRow[]
}

/**
 * Parts rows into `folds` folds of nearly equal size, each once the test rows. Groups are never parted; with `stratify`
 * the values of that column are dealt out evenly (a group counts by its first row). With fewer groups than folds,
 * every group is a fold of its own.
 */
export function splitFolds(
  rows: readonly TracedRow[],
  { folds, random, stratify }: { folds: number; random: Random; stratify?: string },
): readonly Fold[] {
  const groups = [...Map.groupBy(rows, ({ group }) => group)].map(([group, members]) => ({
    group,
    stratum: stratify === undefined ? '' : String(members[0]!.row[stratify] ?? null),
  }))
  const count = Math.min(folds, groups.length)
  const strata = [...Map.groupBy(random.shuffle(groups), ({ stratum }) => stratum)].toSorted(([a], [b]) =>
    a < b ? -1 : 1,
  )
  const dealt = strata.flatMap(([, members]) => members)
  const foldOf = new Map(dealt.map(({ group }, position) => [group, position % count]))
  return Array.from({ length: count }, (_, fold) => ({
    train: rows.filter(({ group }) => foldOf.get(group) !== fold),
    test: rows.filter(({ group }) => foldOf.get(group) === fold),
  }))
}
