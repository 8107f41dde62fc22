import { hashOf } from '../data/hash.ts'
import type { TracedRow } from '../data/row.ts'
import type { CellRequest } from '../gaps/measure.ts'
import {
  createReviewCheck,
  type Directives,
  directivesFor,
  type Fix,
  isContradicted,
  whyAvoided,
} from '../review/apply.ts'
import type { Candidate } from '../validate/candidate.ts'
import type { Validation } from '../validate/validation.ts'
import { rejected, type Verdict } from '../validate/verdict.ts'
import type { RunReview } from './review.ts'
import type { FilledCell, FilledMixture } from './steps/fill.ts'

const contradicted = rejected(
  'contradicted-by-reviewers',
  'what it was put right to say was turned down elsewhere',
)

/** What reviewers say for one mixture in one replicate. */
export interface TakenReview {
  readonly fixed: Pick<FilledMixture, 'accepted' | 'rejected' | 'cells' | 'answers'>
  /** The cells, less what the fixed rows fill of them. */
  readonly cells: readonly CellRequest[]
  /** Judges a candidate, what reviewers turned down before all else. */
  judge(candidate: Candidate): Verdict
  /** Why a generator is not asked for a cell; null where it may be. */
  whyAvoided(generator: string, cell: CellRequest['cell']): string | null
}

/**
 * Takes in what reviewers decided. Rows that they put right come in where their generator is fitted as it was when it made
 * them, so that in every fold they descend only from what that fold may see; they are judged like all others.
 * A generator is kept from a case that it gets wrong only where another one of the mixture may make it.
 */
export function takeReview(
  review: RunReview | null,
  given: {
    /** Hashes of the generators' fits. */
    readonly fits: ReadonlySet<string>
    readonly generators: readonly string[]
    readonly cells: readonly CellRequest[]
    readonly validation: Validation
    toCandidate(traced: TracedRow, answers: FilledMixture['answers']): Candidate
  },
): TakenReview {
  const { fits, generators, validation } = given
  const directives: Directives = (review && directivesFor(review.directives, generators)) ?? {
    fixes: [],
    turnedDown: [],
    avoided: [],
    ids: [],
  }
  const check = createReviewCheck(directives)
  const entering = directives.fixes.filter(
    ({ traced: { origin } }) =>
      origin.kind === 'synthetic' && origin.fitted !== null && fits.has(origin.fitted),
  )
  const judged = entering.map(fix => {
    const candidate = given.toCandidate(fix.traced, answersOf(fix))
    return {
      fix,
      candidate,
      verdict: isContradicted(directives, fix) ? contradicted : validation.judge(candidate),
    }
  })
  const accepted = judged.filter(({ verdict }) => verdict.pass).map(({ fix }) => fix)
  const reasonFor = (generator: string, cell: CellRequest['cell']): string | null =>
    whyAvoided(directives, generator, cell)
  return {
    fixed: {
      accepted: accepted.map(({ traced }) => traced),
      rejected: judged.flatMap(({ fix: { traced }, verdict }) =>
        verdict.pass ? [] : [{ traced, reason: verdict.reason, detail: verdict.detail ?? null }],
      ),
      cells: judged.map(({ fix, verdict }) => cellOfFix(fix, verdict)),
      answers: accepted.flatMap(answersOf),
    },
    cells: lessFixed(given.cells, accepted),
    judge(candidate) {
      const turnedDown = check(candidate)
      return turnedDown === null
        ? validation.judge(candidate)
        : rejected(turnedDown.reason, turnedDown.detail ?? undefined)
    },
    whyAvoided: (generator, cell) =>
      generators.every(other => reasonFor(other, cell) !== null) ? null : reasonFor(generator, cell),
  }
}

function answersOf({ traced, examples }: Fix): FilledMixture['answers'] {
  return examples.map(example => ({ row: traced.id, ...example }))
}

function cellOfFix({ traced: { origin } }: Fix, verdict: Verdict): FilledCell {
  if (origin.kind === 'real') throw new Error('a real row is not for review directives')
  return {
    generator: origin.generator,
    cell: origin.cell,
    wanted: verdict.pass ? 1 : 0,
    accepted: verdict.pass ? 1 : 0,
    tried: 1,
    reasons: verdict.pass ? {} : { [verdict.reason]: 1 },
    why: null,
  }
}

function lessFixed(cells: readonly CellRequest[], fixes: readonly Fix[]): readonly CellRequest[] {
  const counts = new Map<string, number>()
  for (const { traced } of fixes) {
    const key = hashOf(traced.origin.kind === 'synthetic' ? traced.origin.cell : {})
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return cells.map(({ cell, count }) => ({
    cell,
    count: Math.max(0, count - (counts.get(hashOf(cell)) ?? 0)),
  }))
}
