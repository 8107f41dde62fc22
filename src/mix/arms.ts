import type { Example } from '../data/example.ts'

/** One training set, compared with others on the same held-out rows. */
export interface Arm {
  readonly name: string
  /** In words, for the report. */
  readonly description: string
  /**
   * `rival`: what one would do without synthetic examples; the better one is what the mixture must beat.
   * `confirmatory`: the one mixture the verdict is about. All else is `exploratory`.
   */
  readonly role: 'rival' | 'confirmatory' | 'exploratory'
  readonly examples: readonly Example[]
  readonly classWeights: 'none' | 'balanced'
  readonly real: number
  readonly synthetic: number
}

/** Accepted synthetic examples of one mixture of the project. */
export interface MixtureExamples {
  readonly name: string
  readonly synthetic: readonly Example[]
}

/** What a mixture's arm is trained on: the real examples, then the synthetic ones. */
export function* mixExamples(real: Iterable<Example>, synthetic: Iterable<Example>): Iterable<Example> {
  yield* real
  yield* synthetic
}

/**
 * The arms of one task: real only; real with class weights; real repeated to as many examples as the first mixture
 * has; synthetic only; and each mixture. The first mixture is the confirmatory one.
 */
export function makeArms(real: readonly Example[], mixtures: readonly MixtureExamples[]): readonly Arm[] {
  const [first] = mixtures
  const synthetic = first?.synthetic ?? []
  const times = real.length > 0 ? Math.max(1, Math.round((real.length + synthetic.length) / real.length)) : 1
  const base = { classWeights: 'none', real: real.length, synthetic: 0 } as const
  return [
    { ...base, name: 'real', role: 'rival', description: 'The real examples alone.', examples: real },
    {
      ...base,
      name: 'real-weighted',
      role: 'rival',
      description: 'The real examples alone, rare classes weighted up to equal weight.',
      examples: real,
      classWeights: 'balanced',
    },
    {
      ...base,
      name: 'real-repeated',
      role: 'exploratory',
      description: `The real examples, each ${times} times: as many as the mixture has.`,
      examples: Array.from({ length: times }, () => real).flat(),
      real: real.length * times,
    },
    {
      ...base,
      name: 'synthetic',
      role: 'exploratory',
      description: 'The synthetic examples of the first mixture alone.',
      examples: synthetic,
      real: 0,
      synthetic: synthetic.length,
    },
    ...mixtures.map(({ name, synthetic: made }, index): Arm => ({
      ...base,
      name,
      role: index === 0 ? 'confirmatory' : 'exploratory',
      description: `The real examples and the synthetic ones of mixture "${name}".`,
      examples: [...mixExamples(real, made)],
      synthetic: made.length,
    })),
  ]
}
