import { hashOf } from '../data/hash.ts'
import { apportion } from '../stats/apportion.ts'
import type { CellRequest } from '../gaps/measure.ts'
import type { FilledCell } from './steps/fill.ts'

/**
 * Every generator's record of every cell, its rounds added up. What it left to others and they made is no longer wanted
 * of it; what nobody made stays wanted of the first that could not.
 */
export function settleCells(records: readonly FilledCell[]): readonly FilledCell[] {
  const byCell = Map.groupBy(records, ({ cell }) => hashOf(cell))
  return [...byCell.values()].flatMap(ofCell => {
    const last = ofCell.at(-1)!
    let missing = last.wanted - last.accepted
    return [...Map.groupBy(ofCell, ({ generator }) => generator).values()].map(rounds => {
      const accepted = rounds.reduce((sum, round) => sum + round.accepted, 0)
      const short = rounds.find(round => round.why !== null)
      const left = short === undefined ? 0 : missing
      missing -= left
      return {
        ...rounds[0]!,
        wanted: accepted + left,
        accepted,
        tried: rounds.reduce((sum, round) => sum + round.tried, 0),
        reasons: addReasons(rounds.map(({ reasons }) => reasons)),
        why:
          short === undefined
            ? null
            : left > 0
              ? short.why
              : `${short.why}; the other generators made these rows`,
      }
    })
  })
}

/** Counts by reason, added up. */
export function addReasons(
  counts: readonly Readonly<Record<string, number>>[],
): Readonly<Record<string, number>> {
  const sum: Record<string, number> = {}
  for (const each of counts) {
    for (const [reason, count] of Object.entries(each)) sum[reason] = (sum[reason] ?? 0) + count
  }
  return sum
}

/** Parts every cell's count among generators so that each gets an equal share of the whole. */
export function shareCells(
  cells: readonly CellRequest[],
  generators: number,
): readonly (readonly number[])[] {
  const left = apportion(
    Array.from({ length: generators }, () => 1),
    cells.reduce((sum, { count }) => sum + count, 0),
  )
  const parts = left.map(() => cells.map(() => 0))
  cells.forEach(({ count }, position) => {
    const shares = apportion(left, count)
    shares.forEach((share, generator) => {
      parts[generator]![position] = share
      left[generator]! -= share
    })
  })
  return parts
}
