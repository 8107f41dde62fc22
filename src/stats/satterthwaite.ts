/** One independent mean square times its coefficient, which may be negative. */
export interface Term {
  readonly value: number
  readonly freedom: number
}

/** A variance, estimated with so many degrees of freedom. */
export interface Estimate {
  readonly variance: number
  readonly freedom: number
}

/**
 * The sum of independent mean squares, with the degrees of freedom of the chi-squared distribution that has its first
 * two moments (Satterthwaite 1946); of two variances of means it is the test of Welch (1947).
 */
export function satterthwaite(terms: readonly Term[]): Estimate {
  const variance = terms.reduce((sum, { value }) => sum + value, 0)
  const spread = terms.reduce((sum, { value, freedom }) => sum + (value * value) / freedom, 0)
  return { variance, freedom: spread === 0 ? Infinity : (variance * variance) / spread }
}
