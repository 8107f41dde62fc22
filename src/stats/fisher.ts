import { logGamma } from './distributions.ts'

/** Members of a part and of the rest, and how many of each have a mark. */
export interface MarkedParts {
  readonly part: number
  readonly marked: number
  readonly rest: number
  readonly restMarked: number
}

/**
 * Fisher's exact test, one-sided (Fisher 1935): the probability that a part of this size, drawn from all at random, has as
 * many marked members or more.
 */
export function fisherGreater({ part, marked, rest, restMarked }: MarkedParts): number {
  const all = marked + restMarked
  const whole = logChoose(part + rest, all)
  let sum = 0
  for (let count = marked; count <= Math.min(part, all); count++) {
    if (all - count <= rest) sum += Math.exp(logChoose(part, count) + logChoose(rest, all - count) - whole)
  }
  return Math.min(1, sum)
}

function logChoose(total: number, chosen: number): number {
  return logGamma(total + 1) - logGamma(chosen + 1) - logGamma(total - chosen + 1)
}
