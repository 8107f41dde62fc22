import type { Row, TracedRow } from '../data/row.ts'
import { hash53 } from '../stats/murmur.ts'
import { createNumberTable } from '../stats/number-table.ts'
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
 * blanks, or, whatever its row, word for word the same example for every task. Remembers 53 bits of each.
 */
export function createDuplicateCheck(kept: readonly TracedRow[]): RememberingCheck {
  const ids: string[] = []
  const rows = createNumberTable()
  const renderings = createNumberTable()

  function addRow({ id, row }: TracedRow): void {
    rows.set(rowKey(row), ids.push(id) - 1)
  }

  for (const traced of kept) addRow(traced)
  return {
    check(candidate) {
      const same = rows.get(rowKey(candidate.traced.row))
      if (same !== undefined) return rejected('duplicate', `same values as ${ids[same]}`)
      const alike = renderings.get(renderingKey(candidate))
      return alike === undefined ? passed : rejected('duplicate', `same examples as ${ids[alike]}`)
    },
    accept(candidate) {
      addRow(candidate.traced)
      if (candidate.examples.length > 0) renderings.set(renderingKey(candidate), ids.length - 1)
    },
  }
}

function rowKey(row: Row): number {
  const columns = Object.keys(row).sort()
  return hash53(JSON.stringify(columns.map(column => [column, canonicalValue(row[column]!)])))
}

function renderingKey({ examples }: Candidate): number {
  return hash53(
    JSON.stringify(
      examples.map(({ task, messages }) => [task, messages.map(({ role, content }) => [role, content])]),
    ),
  )
}
