/** How much a mixture takes: synthetic rows for each real one, and whether all of them or the better half by score. */
export interface SearchArm {
  readonly perReal: number
  readonly keep: 'all' | 'half'
}

/** What a mixture's search compares. */
export interface SearchSettings {
  readonly perReal: readonly number[]
  readonly keep: readonly SearchArm['keep'][]
  /** Inverse strengths of the student's penalty, one of which is taken in each arm. */
  readonly C: readonly number[]
}

/** Below so many real rows only a few mixtures are compared: the noise is larger than most differences between them. */
export const fewRows = 300
/** How many mixtures with synthetic rows those are. */
export const mostMixtures = 6

/** The real rows alone, which every search compares with. */
export const realOnly: SearchArm = { perReal: 0, keep: 'all' }

/** Real only, and each mixture with synthetic rows, those with the fewest first. */
export function searchArms({ perReal, keep }: SearchSettings): readonly SearchArm[] {
  const mixtures = perReal
    .filter(count => count > 0)
    .flatMap(count => keep.map(part => ({ perReal: count, keep: part })))
  return [realOnly, ...mixtures.toSorted((a, b) => syntheticPerReal(a) - syntheticPerReal(b))]
}

/** Synthetic rows that an arm trains on for each real one. */
export function syntheticPerReal({ perReal, keep }: SearchArm): number {
  return keep === 'half' ? perReal / 2 : perReal
}

/** What is taken where the search finds nothing: the amount that the project declares, with the first way to keep. */
export function declaredArm(mixture: {
  readonly perReal: number
  readonly search: SearchSettings
}): SearchArm {
  return { perReal: mixture.perReal, keep: mixture.search.keep[0]! }
}

export function isSameArm(one: SearchArm, other: SearchArm): boolean {
  return one.perReal === other.perReal && (one.keep === other.keep || one.perReal === 0)
}

/** `real only`, `3 for each real row`, `the better half of 10 for each real row`. */
export function armText({ perReal, keep }: SearchArm): string {
  if (perReal === 0) return 'real only'
  return `${keep === 'half' ? 'the better half of ' : ''}${perReal} for each real row`
}
