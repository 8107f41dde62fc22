import type { Row } from '../data/row.ts'
import { compileExpression, evaluateCondition } from './template.ts'

/**
 * Compiles Jinja conditions that hold in every row, for example `speed is none or speed <= 400`. The function returned gives
 * the first condition that a row breaks, or null. Throws a UserError where a condition cannot be read.
 */
export function compileConstraints(constraints: readonly string[]): (row: Row) => string | null {
  for (const constraint of constraints) compileExpression(constraint)
  return row => constraints.find(constraint => !evaluateCondition(constraint, row)) ?? null
}
