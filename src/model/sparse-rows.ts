/** A matrix of which each row holds few columns (compressed sparse rows). */
export interface SparseRows {
  readonly rows: number
  readonly columns: number
  /** Row r has the entries `starts[r]` to `starts[r + 1]` (excluded); `rows + 1` of them. */
  readonly starts: Uint32Array
  /** Column of each entry. */
  readonly indices: Uint32Array
  /** Value of each entry. */
  readonly values: Float64Array
}
