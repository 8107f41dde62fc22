import type { Decision } from './decision.ts'
import { hashExample } from './decision.ts'
import type { Review, ReviewItem } from './item.ts'

/** What all reviewers of an example together say. */
type Outcome =
  | { readonly kind: 'undecided' }
  | { readonly kind: 'accept' }
  | { readonly kind: 'fix'; readonly text: string }
  | { readonly kind: 'reject' }
  /** No answer has more than half of the votes. */
  | { readonly kind: 'disputed' }

/** An example with what was decided on it. */
export interface ReviewedItem {
  readonly item: ReviewItem
  /** At most one by each reviewer, by reviewer's name. */
  readonly decisions: readonly Decision[]
  readonly outcome: Outcome
}

/**
 * Lays decisions beside their examples. Of one reviewer the last on an example counts; one on content that has changed
 * since does not. What more than half of the reviewers answered is the outcome; two different fixes are different answers.
 */
export function settleItems(review: Review, decisions: readonly Decision[]): readonly ReviewedItem[] {
  const byExample = Map.groupBy(decisions, ({ example }) => example)
  return review.items.map(item => {
    const content = hashExample(item.example)
    const own = (byExample.get(item.example.id) ?? []).filter(decision => decision.content === content)
    const last = [...new Map(own.map(decision => [decision.reviewer, decision])).values()]
    const sorted = last.toSorted((a, b) => (a.reviewer < b.reviewer ? -1 : 1))
    return { item, decisions: sorted, outcome: outcomeOf(sorted) }
  })
}

function outcomeOf(decisions: readonly Decision[]): Outcome {
  if (decisions.length === 0) return { kind: 'undecided' }
  const answers = Map.groupBy(decisions, decision =>
    decision.decision === 'fix' ? `fix ${decision.text}` : decision.decision,
  )
  const most = [...answers.values()].find(votes => votes.length * 2 > decisions.length)?.[0]
  if (most === undefined) return { kind: 'disputed' }
  return most.decision === 'fix' ? { kind: 'fix', text: most.text } : { kind: most.decision }
}
