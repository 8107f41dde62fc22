import { hashOf } from '../data/hash.ts'
import type { CellRequest } from '../gaps/measure.ts'
import { addReasons } from './share-cells.ts'
import type { FilledCell } from './steps/fill.ts'
import type { AdvisedCell } from './use-advice.ts'

/** With an advice every generator answers for its own: its record of a cell, added to what reviewers put right of it. */
export function settleAdvised(records: readonly FilledCell[]): readonly FilledCell[] {
  const byCell = Map.groupBy(records, ({ generator, cell }) => hashOf([generator, cell]))
  return [...byCell.values()].map(same => ({
    ...same[0]!,
    wanted: same.reduce((sum, { wanted }) => sum + wanted, 0),
    accepted: same.reduce((sum, { accepted }) => sum + accepted, 0),
    tried: same.reduce((sum, { tried }) => sum + tried, 0),
    reasons: addReasons(same.map(({ reasons }) => reasons)),
    why: same.find(({ why }) => why !== null)?.why ?? null,
  }))
}

/** The cells that an advice asks for, of whomever. */
export function sumCells(requests: readonly AdvisedCell[]): readonly CellRequest[] {
  return [...Map.groupBy(requests, ({ cell }) => hashOf(cell)).values()].map(same => ({
    cell: same[0]!.cell,
    count: same.reduce((sum, { count }) => sum + count, 0),
  }))
}

/** What each generator makes of each cell. What reviewers' rows fill already is left out, of the first generators first. */
export function shareAdvised(
  requests: readonly AdvisedCell[],
  generators: readonly string[],
  cells: readonly CellRequest[],
): readonly (readonly number[])[] {
  const parts = generators.map(generator =>
    cells.map(({ cell }) =>
      requests
        .filter(request => request.generator === generator && hashOf(request.cell) === hashOf(cell))
        .reduce((sum, { count }) => sum + count, 0),
    ),
  )
  cells.forEach(({ count }, position) => {
    let surplus = parts.reduce((sum, part) => sum + part[position]!, 0) - count
    for (const part of parts) {
      const less = Math.min(surplus, part[position]!)
      part[position]! -= less
      surplus -= less
    }
  })
  return parts
}
