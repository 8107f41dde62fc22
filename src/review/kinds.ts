import type { Attributes } from '../data/example.ts'
import { canonicalJson } from '../data/hash.ts'
import type { Share } from '../data/origin.ts'
import { wilsonInterval } from '../stats/binomial.ts'
import type { ReviewedItem } from './consensus.ts'
import { generatorOf, isLocal } from './item.ts'

/** Examples of one generator that have something in common, of which reviewers rejected some. */
export interface RejectedKind {
  readonly generator: string
  /** `case`: rows asked for with these attributes. `value`: rows that hold this value, whatever was asked for. */
  readonly level: 'case' | 'value'
  readonly what: Attributes
  /** Examples of it with an outcome, and how many of them were rejected. */
  readonly decided: number
  readonly rejected: number
  /** How often each reason was given. */
  readonly reasons: Readonly<Record<string, number>>
  /** True where the next round is to make none of it: see `rejectedKinds`. */
  readonly avoid: boolean
  readonly share: Share
}

/** A kind is one that the generator gets wrong more often than not, not one it gets wrong now and then. */
const half = 0.5

/**
 * What rejected synthetic examples have in common, most rejected first: their generator and case, or the value of one of
 * `columns`. A kind is to be avoided where the share of it that was not rejected is below one half and below that of the
 * generator's other examples, each with the upper end of its 95 % Wilson interval: four rejected of four are enough.
 * Values are listed where they are to be avoided, cases always.
 */
export function rejectedKinds(
  reviewed: readonly ReviewedItem[],
  columns: readonly string[],
): readonly RejectedKind[] {
  const decided = reviewed.filter(
    ({ item, outcome }) => item.row !== null && outcome.kind !== 'undecided' && outcome.kind !== 'disputed',
  )
  const kinds = [...Map.groupBy(decided, ({ item }) => generatorOf(item))].flatMap(([generator, all]) =>
    kindsOf(generator, all, columns),
  )
  return kinds
    .filter(({ rejected }) => rejected > 0)
    .toSorted(
      (a, b) =>
        b.rejected - a.rejected ||
        (canonicalJson([a.generator, a.what]) < canonicalJson([b.generator, b.what]) ? -1 : 1),
    )
}

function kindsOf(
  generator: string,
  all: readonly ReviewedItem[],
  columns: readonly string[],
): readonly RejectedKind[] {
  const byCase = Map.groupBy(all, ({ item }) => canonicalJson(cellOf(item)))
  const cases = [...byCase.values()].map(members =>
    describe({ generator, level: 'case', what: cellOf(members[0]!.item), members, all }),
  )
  const values = columns.flatMap(column =>
    [...Map.groupBy(all, ({ item }) => item.row![column] ?? null)].map(([value, members]) =>
      describe({ generator, level: 'value', what: { [column]: value }, members, all }),
    ),
  )
  return cases.concat(values.filter(({ avoid }) => avoid))
}

function describe(kind: {
  generator: string
  level: RejectedKind['level']
  what: Attributes
  members: readonly ReviewedItem[]
  all: readonly ReviewedItem[]
}): RejectedKind {
  const { members, all, ...named } = kind
  const rest = all.filter(each => !members.includes(each))
  const [, highest] = wilsonInterval(shareKept(members), members.length)
  const reasons: Record<string, number> = {}
  for (const { decisions } of members) {
    for (const decision of decisions) {
      if (decision.decision === 'reject') reasons[decision.reason] = (reasons[decision.reason] ?? 0) + 1
    }
  }
  return {
    ...named,
    decided: members.length,
    rejected: members.filter(({ outcome }) => outcome.kind === 'reject').length,
    reasons,
    // A value that all examples share says nothing of it; a generator that is bad at all it was asked for is.
    avoid: highest < half && (rest.length === 0 ? named.level === 'case' : highest < shareKept(rest)),
    share: members.some(({ item }) => isLocal(item)) ? 'local' : 'anyone',
  }
}

function shareKept(members: readonly ReviewedItem[]): number {
  return members.filter(({ outcome }) => outcome.kind !== 'reject').length / Math.max(1, members.length)
}

function cellOf({ example: { origin } }: ReviewedItem['item']): Attributes {
  return origin.kind === 'synthetic' ? origin.cell : {}
}
