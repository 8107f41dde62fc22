import type { Row } from '../data/row.ts'
import type { Check } from './candidate.ts'
import { passed, rejected } from './verdict.ts'

/** Whether the row keeps the project's conditions; `firstBroken` names the first that it breaks, or null. */
export function createConstraintCheck(firstBroken: (row: Row) => string | null): Check {
  return ({ traced }) => {
    const broken = firstBroken(traced.row)
    return broken === null ? passed : rejected('constraint', broken)
  }
}
