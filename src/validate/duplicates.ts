import { hashOf } from '../data/hash.ts'
import type { Row, TracedRow } from '../data/row.ts'
import type { Candidate, Check } from './candidate.ts'
import { canonicalValue } from './closeness.ts'
import { passed, rejected } from './verdict.ts'

/** A check that depends on what was accepted before. */
export interface RememberingCheck {
  readonly check: Check
  accept(candidate: Candidate): void
}

/**
 * Whether a candidate says what a kept or accepted one says already: the same values in every column but for case and
 * blanks, or, whatever its row, word for word the same example for every task.
 */
export function createDuplicateCheck(kept: readonly TracedRow[]): RememberingCheck {
  const rows = new Map<string, string>(kept.map(({ id, row }) => [rowKey(row), id]))
  const renderings = new Map<string, string>()
  return {
    check(candidate) {
      const same = rows.get(rowKey(candidate.traced.row))
      if (same !== undefined) return rejected('duplicate', `same values as ${same}`)
      const alike = renderings.get(renderingKey(candidate))
      return alike === undefined ? passed : rejected('duplicate', `same examples as ${alike}`)
    },
    accept(candidate) {
      rows.set(rowKey(candidate.traced.row), candidate.traced.id)
      if (candidate.examples.length > 0) renderings.set(renderingKey(candidate), candidate.traced.id)
    },
  }
}

function rowKey(row: Row): string {
  return hashOf(
    Object.fromEntries(Object.entries(row).map(([column, value]) => [column, canonicalValue(value)])),
  )
}

function renderingKey({ examples }: Candidate): string {
  return hashOf(examples.map(({ task, messages }) => [task, messages]))
}
