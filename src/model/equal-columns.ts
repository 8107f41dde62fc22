import { avalanche } from '../stats/murmur.ts'
import type { SparseRows } from './sparse-rows.ts'

interface MergedColumns {
  /** The same rows with one column for each set of equal ones, scaled by the root of their number. */
  readonly rows: SparseRows
  /** The merged column of each column. */
  readonly places: Uint32Array
  /** Number of columns merged into each. */
  readonly sizes: Uint32Array
}

/**
 * Puts k equal columns into one of sqrt(k) times their values. A linear model with an L2 penalty gives equal columns
 * equal weights w, so its fit stays exactly the same: the merged column's weight is sqrt(k) w, and
 * sqrt(k) w x sqrt(k) x = k w x, (sqrt(k) w)² = k w². Texts have many: the n-grams of one rare word or of a template
 * stand together. Columns are compared by 53 bits of hash. A column without entries is equal to others of that kind.
 */
export function mergeEqualColumns(rows: SparseRows): MergedColumns {
  const keys = hashColumns(rows)
  const merged = new Map<number, number>()
  const places = new Uint32Array(rows.columns)
  const firsts: number[] = []
  const sizes: number[] = []
  for (let column = 0; column < rows.columns; column++) {
    let place = merged.get(keys[column]!)
    if (place === undefined) {
      place = firsts.push(column) - 1
      sizes.push(0)
      merged.set(keys[column]!, place)
    }
    places[column] = place
    sizes[place]! += 1
  }
  return { rows: keepFirsts(rows, { places, firsts, sizes }), places, sizes: Uint32Array.from(sizes) }
}

/** The entry of a merged column in a row is that of the first of its columns. */
function keepFirsts(
  rows: SparseRows,
  columns: {
    readonly places: Uint32Array
    readonly firsts: readonly number[]
    readonly sizes: readonly number[]
  },
): SparseRows {
  const scales = columns.sizes.map(Math.sqrt)
  const starts = new Uint32Array(rows.rows + 1)
  const indices = new Uint32Array(rows.indices.length)
  const values = new Float64Array(rows.values.length)
  let kept = 0
  for (let row = 0; row < rows.rows; row++) {
    for (let entry = rows.starts[row]!; entry < rows.starts[row + 1]!; entry++) {
      const place = columns.places[rows.indices[entry]!]!
      if (columns.firsts[place] !== rows.indices[entry]) continue
      indices[kept] = place
      values[kept] = rows.values[entry]! * scales[place]!
      kept++
    }
    starts[row + 1] = kept
  }
  return {
    rows: rows.rows,
    columns: scales.length,
    starts,
    indices: indices.slice(0, kept),
    values: values.slice(0, kept),
  }
}

/** A number below 2^53 for each column, that follows from its entries' rows and values. */
function hashColumns({ rows, columns, starts, indices, values }: SparseRows): Float64Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length * 2)
  const high = new Uint32Array(columns)
  const low = new Uint32Array(columns)
  for (let row = 0; row < rows; row++) {
    for (let entry = starts[row]!; entry < starts[row + 1]!; entry++) {
      const column = indices[entry]!
      const mixed = avalanche(bits[entry * 2]! ^ avalanche(bits[entry * 2 + 1]! ^ avalanche(row + 1)))
      high[column] = Math.imul(high[column]!, 0x01000193) ^ mixed
      low[column] = Math.imul(low[column]! ^ mixed, 0x9e3779b1) ^ (mixed >>> 7)
    }
  }
  return Float64Array.from(
    high,
    (hash, column) => avalanche(hash) * 2 ** 21 + (avalanche(low[column]!) >>> 11),
  )
}
