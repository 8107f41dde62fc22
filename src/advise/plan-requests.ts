import type { Attributes } from '../data/example.ts'
import type { Row } from '../data/row.ts'
import { apportion } from '../stats/apportion.ts'
import { type Gap, hasCell, keyOfCell } from './gap.ts'

/** Rows to make of a cell, whoever makes them. */
export interface WantedCell {
  readonly cell: Attributes
  readonly count: number
}

/** Gaps that get requests of their own; the others are met by what the cells bring anyhow. */
const mostRefined = 12

/**
 * The cells to ask for: those that the mixture would fill by its target, and within them cells of their own for the gaps
 * that these would leave short. The mixture stays as large as it is and keeps the target: what goes to a gap is taken from
 * the cells that it lies in. Of a gap that needs n rows, a cell of B rows brings about pB by itself, p its share among the
 * real rows of that cell; the c further ones that are asked for follow from c + (B - c)p = n.
 */
export function planRequests(
  base: readonly WantedCell[],
  gaps: readonly Gap[],
  rows: readonly Row[],
): readonly WantedCell[] {
  const left = base.map(({ count }) => count)
  const refined = new Map<string, { cell: Attributes; count: number }>()
  const asked = gaps.filter(({ kind, cell }) => cell !== null && kind !== 'label').slice(0, mostRefined)
  for (const gap of asked) {
    const cell = gap.cell!
    const within = base.map(({ cell: outer }) => ({ ...outer, ...cell }))
    const places = [...base.keys()].filter(place => hasCell(within[place]!, base[place]!.cell))
    if (places.some(place => hasCell(base[place]!.cell, cell))) continue
    const outer = rows.filter(row => places.some(place => hasCell(row, base[place]!.cell)))
    const share = outer.length === 0 ? 0 : outer.filter(row => hasCell(row, cell)).length / outer.length
    const there = places.reduce((sum, place) => sum + left[place]!, 0)
    const missing = gap.count - there * share
    if (share === 1 || missing < 0.5) continue
    const more = Math.min(there, Math.round(missing / (1 - share)))
    const parts = apportion(
      places.map(place => left[place]!),
      more,
    )
    for (const [index, place] of places.entries()) {
      const count = parts[index]!
      if (count === 0) continue
      left[place]! -= count
      const key = keyOfCell(within[place]!)
      const known = refined.get(key)
      refined.set(key, { cell: within[place]!, count: count + (known?.count ?? 0) })
    }
  }
  return [...base.map(({ cell }, place) => ({ cell, count: left[place]! })), ...refined.values()].filter(
    ({ count }) => count > 0,
  )
}

/** Rows of a cell that the requests should bring: all of those that ask for it, and of the others its share of the real rows. */
export function expectRows(cell: Attributes, requests: readonly WantedCell[], rows: readonly Row[]): number {
  const expected = requests.map(({ cell: outer, count }) => {
    if (hasCell(outer, cell)) return count
    if (!hasCell({ ...outer, ...cell }, outer)) return 0
    const within = rows.filter(row => hasCell(row, outer))
    return within.length === 0 ? 0 : (count * within.filter(row => hasCell(row, cell)).length) / within.length
  })
  return Math.round(expected.reduce((sum, each) => sum + each, 0))
}
