export type ColumnKind = 'category' | 'integer' | 'real' | 'date' | 'boolean' | 'text' | 'id'

export interface Column {
  readonly name: string
  readonly kind: ColumnKind
  /** Number of missing values among the rows the schema was inferred from. */
  readonly missing: number
  /** Distinct values as text, most frequent first; for `category` and `boolean` only. */
  readonly values?: readonly string[]
  /** For `integer` and `real`, and as ISO text for `date`. */
  readonly minimum?: number | string
  readonly maximum?: number | string
  /** Most digits after the point seen; for `real`. */
  readonly decimals?: number
}

export interface Schema {
  readonly rows: number
  readonly columns: readonly Column[]
}
