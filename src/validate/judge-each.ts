import type { Candidate } from './candidate.ts'
import type { Validation } from './validation.ts'
import type { Verdict } from './verdict.ts'

export interface Judged {
  readonly candidate: Candidate
  readonly verdict: Verdict
}

/**
 * Judges candidates one after the other as they are asked for, however many there are: the validation remembers some
 * hundred bytes of each that passes, and neither it nor this holds on to a candidate.
 */
export async function* judgeEach(
  candidates: Iterable<Candidate> | AsyncIterable<Candidate>,
  validation: Validation,
): AsyncGenerator<Judged> {
  for await (const candidate of candidates) yield { candidate, verdict: validation.judge(candidate) }
}
