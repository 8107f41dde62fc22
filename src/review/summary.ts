import { wilsonInterval } from '../stats/binomial.ts'
import { cohenKappa, krippendorffAlpha } from '../stats/agreement.ts'
import type { ReviewedItem } from './consensus.ts'
import type { Decision } from './decision.ts'
import { generatorOf, isLocal, type Review } from './item.ts'
import { type RejectedKind, rejectedKinds } from './kinds.ts'

/** How many of a generator's examples, drawn evenly, reviewers took as they are. */
export interface Acceptance {
  /** `real` for the real examples of a blind review, which say how strict the reviewers are. */
  readonly generator: string
  /** Examples with an outcome; those in dispute count as not accepted. */
  readonly decided: number
  readonly accepted: number
  readonly fixed: number
  readonly rejected: number
  readonly disputed: number
  /** Accepted of decided; null where none is decided. */
  readonly rate: number | null
  /** 95 % (Wilson 1927). */
  readonly interval: readonly [number, number]
}

/** An example on which reviewers differ. */
interface Dispute {
  /** Name in the sheet. */
  readonly item: string
  readonly example: string
  readonly answers: readonly Pick<Decision, 'reviewer' | 'decision'>[]
  readonly local: boolean
}

/** What a review has brought. */
export interface ReviewSummary {
  readonly run: string
  readonly mixture: string
  readonly blind: boolean
  readonly items: number
  /** Examples with at least one decision. */
  readonly decided: number
  readonly reviewers: readonly { readonly name: string; readonly decided: number }[]
  /** From the examples drawn evenly alone, by generator, and of the real ones; then all generators together. */
  readonly acceptance: readonly Acceptance[]
  readonly overall: Acceptance
  readonly agreement: {
    /** Cohen's kappa of every two reviewers, on the examples that both decided. */
    readonly pairs: readonly {
      readonly reviewers: readonly [string, string]
      readonly items: number
      readonly kappa: number | null
    }[]
    /** Krippendorff's alpha of all of them; null where it is not defined. */
    readonly alpha: number | null
  }
  readonly disputes: readonly Dispute[]
  readonly kinds: readonly RejectedKind[]
}

/** Sums up a review; `columns` are those over which rejected kinds are sought. */
export function summariseReview(
  review: Review,
  reviewed: readonly ReviewedItem[],
  columns: readonly string[],
): ReviewSummary {
  const drawn = reviewed.filter(({ item }) => item.part === 'random')
  const judged = reviewed.filter(({ item }) => item.part !== 'chosen')
  const generators = [...new Set(judged.map(({ item }) => generatorOf(item)))].toSorted()
  const names = [
    ...new Set(reviewed.flatMap(({ decisions }) => decisions.map(({ reviewer }) => reviewer))),
  ].toSorted()
  return {
    run: review.run,
    mixture: review.mixture,
    blind: review.blind,
    items: reviewed.length,
    decided: reviewed.filter(({ decisions }) => decisions.length > 0).length,
    reviewers: names.map(name => ({
      name,
      decided: reviewed.filter(({ decisions }) => decisions.some(({ reviewer }) => reviewer === name)).length,
    })),
    acceptance: generators.map(generator =>
      acceptanceOf(
        generator,
        judged.filter(({ item }) => generatorOf(item) === generator),
      ),
    ),
    overall: acceptanceOf('all', drawn),
    agreement: agreementOf(reviewed, names),
    disputes: reviewed
      .filter(({ decisions }) => new Set(decisions.map(answerText)).size > 1)
      .map(({ item, decisions }) => ({
        item: item.id,
        example: item.example.id,
        answers: decisions.map(({ reviewer, decision }) => ({ reviewer, decision })),
        local: isLocal(item),
      })),
    kinds: rejectedKinds(reviewed, columns),
  }
}

function acceptanceOf(generator: string, members: readonly ReviewedItem[]): Acceptance {
  const count = (kind: ReviewedItem['outcome']['kind']): number =>
    members.filter(({ outcome }) => outcome.kind === kind).length
  const decided = members.length - count('undecided')
  const accepted = count('accept')
  return {
    generator,
    decided,
    accepted,
    fixed: count('fix'),
    rejected: count('reject'),
    disputed: count('disputed'),
    rate: decided === 0 ? null : accepted / decided,
    interval: wilsonInterval(decided === 0 ? 0 : accepted / decided, decided),
  }
}

function agreementOf(
  reviewed: readonly ReviewedItem[],
  names: readonly string[],
): ReviewSummary['agreement'] {
  const ratings = reviewed.map(
    ({ decisions }) => new Map(decisions.map(({ reviewer, decision }) => [reviewer, decision])),
  )
  const pairs = names.flatMap((first, index) =>
    names.slice(index + 1).map(second => {
      const both = ratings.flatMap(ratings => {
        const [one, other] = [ratings.get(first), ratings.get(second)]
        return one === undefined || other === undefined ? [] : [[one, other] as const]
      })
      return { reviewers: [first, second] as const, items: both.length, kappa: cohenKappa(both) }
    }),
  )
  return {
    pairs,
    alpha: krippendorffAlpha(reviewed.map(({ decisions }) => decisions.map(({ decision }) => decision))),
  }
}

function answerText(decision: Decision): string {
  return decision.decision === 'fix' ? `fix ${decision.text}` : decision.decision
}
