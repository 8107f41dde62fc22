import type { Example } from '../data/example.ts'
import type { TracedRow } from '../data/row.ts'
import type { Verdict } from './verdict.ts'

/** What is judged: a generated row and its rendering for every task. It passes when the row and all its examples do. */
export interface Candidate {
  readonly traced: TracedRow
  readonly examples: readonly Example[]
}

/** One thing a candidate is checked for. Checks that remember are told of the accepted ones apart from this. */
export type Check = (candidate: Candidate) => Verdict
