import type { RunReview } from './review.ts'
import type { Prepared } from './steps/prepare.ts'

/** The group of every row that anything may be trained or fitted on, by id: what the proof from lineage rests on. */
export function knownGroups(
  { train, fit }: Pick<Prepared, 'train' | 'fit'>,
  review: RunReview | null,
): ReadonlyMap<string, string> {
  const groupOf = new Map([...train, ...fit].map(({ id, group }) => [id, group]))
  // Examples that a reviewer put right: synthetic, each its own group, and of the fitted model that the fix names.
  for (const { parents } of review?.directives.fixes ?? []) for (const id of parents) groupOf.set(id, id)
  return groupOf
}
