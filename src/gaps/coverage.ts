import type { Attributes } from '../data/example.ts'
import type { Row, Value } from '../data/row.ts'
import { unseenMass } from '../stats/good-turing.ts'
import { countSpecies } from '../stats/species.ts'

/** How many combinations of values of so many attributes at a time the rows show. */
export interface Coverage {
  /** 2: pairs, 3: triples. */
  readonly order: number
  /** Combinations that the seen values allow, whether or not they occur in the world. */
  readonly possible: number
  readonly seen: number
  /** Share of new rows expected to hold a combination never seen, the mean over the sets of attributes. */
  readonly unseen: number
  /** Rows that would show each missing combination once, where all can occur; null where they are too many to plan. */
  readonly need: number | null
  /** The missing combinations that should be met most often, were attributes independent. */
  readonly missing: readonly { readonly cell: Attributes; readonly expected: number; readonly why: string }[]
}

const shown = 8
/** More combinations than this are counted but not listed. */
const mostListed = 50_000

/**
 * Coverage of pairs and triples of values (combinatorial coverage, Kuhn, Mendoza, Kacker and Lei 2013). A missing
 * combination's expected number of rows follows from the shares of its values. The rows that it takes are planned greedily,
 * each row taking the missing combinations with the most that fit together (as in AETG, Cohen et al. 1997).
 */
export function measureCoverage(rows: readonly Row[], attributes: readonly string[]): readonly Coverage[] {
  return [2, 3]
    .filter(order => attributes.length >= order && rows.length > 0)
    .map(order => coverOrder(rows, attributes, order))
}

function coverOrder(rows: readonly Row[], attributes: readonly string[], order: number): Coverage {
  const sets = subsets(attributes, order)
  const values = new Map(attributes.map(name => [name, sharesOf(rows, name)]))
  const possible = sets.reduce(
    (sum, set) => sum + set.reduce((product, name) => product * values.get(name)!.size, 1),
    0,
  )
  const seenIn = sets.map(set => rows.map(row => keyOf(set.map(name => row[name] ?? null))))
  const seen = seenIn.reduce((sum, keys) => sum + new Set(keys).size, 0)
  const masses = seenIn.map(keys => unseenMass(countSpecies(keys.map(key => [key]))).mass)
  const missing =
    possible > mostListed ? [] : sets.flatMap((set, index) => missingOf(set, values, new Set(seenIn[index])))
  return {
    order,
    possible,
    seen,
    unseen: masses.reduce((sum, mass) => sum + mass, 0) / masses.length,
    need: possible > mostListed ? null : countRows(missing.map(({ cell }) => cell)),
    missing: missing
      .map(({ cell, share }) => ({ cell, expected: share * rows.length }))
      .toSorted(
        (a, b) =>
          b.expected - a.expected ||
          (keyOf(Object.entries(a.cell).flat()) < keyOf(Object.entries(b.cell).flat()) ? -1 : 1),
      )
      .slice(0, shown)
      .map(({ cell, expected }) => ({
        cell,
        expected,
        why: `never seen in ${rows.length} rows; were its values independent, about ${expected.toPrecision(2)} would show it`,
      })),
  }
}

function sharesOf(rows: readonly Row[], name: string): ReadonlyMap<Value, number> {
  const counts = new Map<Value, number>()
  for (const row of rows)
    counts.set(row[name] ?? null, (counts.get(row[name] ?? null) ?? 0) + 1 / rows.length)
  return counts
}

function missingOf(
  set: readonly string[],
  values: ReadonlyMap<string, ReadonlyMap<Value, number>>,
  seen: ReadonlySet<string>,
): readonly { readonly cell: Attributes; readonly share: number }[] {
  let cells: { readonly values: readonly Value[]; readonly share: number }[] = [{ values: [], share: 1 }]
  for (const name of set) {
    cells = cells.flatMap(cell =>
      [...values.get(name)!].map(([value, share]) => ({
        values: [...cell.values, value],
        share: cell.share * share,
      })),
    )
  }
  return cells
    .filter(cell => !seen.has(keyOf(cell.values)))
    .map(cell => ({
      cell: Object.fromEntries(set.map((name, index) => [name, cell.values[index]!])),
      share: cell.share,
    }))
}

/** Rows that show all cells: each takes the first cell that is left and all later ones that agree with it so far. */
function countRows(cells: readonly Attributes[]): number {
  let left = cells.map(cell => Object.entries(cell))
  let rows = 0
  while (left.length > 0) {
    const row = new Map<string, Value>()
    left = left.filter(cell => {
      const fits = cell.every(([name, value]) => !row.has(name) || row.get(name) === value)
      if (fits) for (const [name, value] of cell) row.set(name, value)
      return !fits
    })
    rows++
  }
  return rows
}

function subsets(names: readonly string[], size: number): readonly (readonly string[])[] {
  if (size === 0) return [[]]
  return names.flatMap((name, index) =>
    subsets(names.slice(index + 1), size - 1).map(rest => [name].concat(rest)),
  )
}

function keyOf(values: readonly Value[]): string {
  return JSON.stringify(values)
}
