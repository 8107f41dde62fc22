import type { Origin } from './origin.ts'

export type Value = string | number | boolean | null

/** One flat record. A missing value is `null`; a date is an ISO 8601 string. */
export type Row = Readonly<Record<string, Value>>

/** The value of a column; `null` where the row has no such column. Sees the row's own members only, whatever they are called. */
export function valueAt(row: Row, column: string): Value {
  return Object.hasOwn(row, column) ? (row[column] ?? null) : null
}

/** A row with its name and lineage: what readers return, splits part and generators make. */
export interface TracedRow {
  /** Unique in a project: `<source>:<number>` for real rows, `<generator>:<hash>` for synthetic ones. */
  readonly id: string
  /** Rows of one group are never parted by a split. */
  readonly group: string
  readonly row: Row
  readonly origin: Origin
}
