import type { Value } from '../data/row.ts'
import { UserError } from '../error.ts'

/** Wanted shares of an attribute's values: declared, equal, or those of the real rows. */
export type Target = 'uniform' | 'real' | Readonly<Record<string, number>>

/** An attribute's values as counted and as wanted. */
export interface AttributeShares {
  readonly name: string
  readonly values: readonly Value[]
  readonly counts: readonly number[]
  /** Wanted share of each value; sums to 1. */
  readonly target: readonly number[]
  /** True where the target is the real rows' own shares, so that it asks for nothing. */
  readonly free: boolean
}

/** More values than this are a measurement, not an attribute: counting cells of it says nothing. */
const mostValues = 60

/**
 * Counts an attribute's values in the real rows and lays the target beside them.
 * Values that only the target names count as seen zero times. A missing value is a value.
 * Throws UserError where the column is unknown, has too many values, or the target sums to nothing.
 */
export function shareAttribute(
  name: string,
  column: readonly (Value | undefined)[],
  target: Target = 'real',
): AttributeShares {
  if (column.length > 0 && column.every(value => value === undefined)) {
    throw new UserError(
      `attribute "${name}" is not a column of the training rows`,
      'Name a column, or derive one.',
    )
  }
  const counts = new Map<Value, number>()
  for (const value of column) counts.set(value ?? null, (counts.get(value ?? null) ?? 0) + 1)
  if (counts.size > mostValues) {
    throw new UserError(
      `attribute "${name}" has ${counts.size} different values in ${column.length} rows`,
      `An attribute needs at most ${mostValues}. Derive a column of ranges from it, for example ` +
        `columns: { "${name}-range": { derive: "{{ 'high' if ${name} > 100 else 'low' }}" } }.`,
    )
  }
  const byText = new Map([...counts.keys()].map(value => [String(value), value]))
  if (typeof target === 'object') {
    for (const text of Object.keys(target)) if (!byText.has(text)) byText.set(text, text)
  }
  const values = [...byText.values()].toSorted(
    (a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0) || (String(a) < String(b) ? -1 : 1),
  )
  const seen = values.map(value => counts.get(value) ?? 0)
  const wanted = values.map((value, index) => {
    if (target === 'uniform') return 1
    if (target === 'real') return seen[index]!
    return target[String(value)] ?? 0
  })
  const total = wanted.reduce((sum, share) => sum + share, 0)
  if (!(total > 0) && column.length > 0) {
    throw new UserError(
      `target of attribute "${name}" sums to ${total}`,
      'Give at least one value a share above 0.',
    )
  }
  return {
    name,
    values,
    counts: seen,
    target: wanted.map(share => (total > 0 ? share / total : 0)),
    free: target === 'real',
  }
}
