import type { CategoryColumn, CodedColumn, NumberColumn } from './column.ts'
import { isWritable } from './leaves.ts'

/** A learned column with its rows. */
export interface Learned {
  readonly column: CategoryColumn | NumberColumn
  readonly coded: CodedColumn
}

/** Column `from` determines column `to`: each state of the one always goes with one state of the other. */
export interface Dependency {
  readonly from: number
  readonly to: number
  /** State of `to` for each state of `from`; -1 where any may go with it: a missing value. */
  readonly lookup: Int32Array
}

/** Chance that as many agreements come about where the columns are independent. */
const CHANCE = 1e-6

/** The number of states of a column, or 0 where its values have no states: a number with many values. */
export function statesOf(column: CategoryColumn | NumberColumn): number {
  if (column.kind === 'category') return column.values.length + 1
  return column.exact && column.discrete ? column.edges.length + 1 : 0
}

/** The states of the rows: classes of a category, bins of a number. */
function statesIn({ column, coded }: Learned): Int32Array | Uint8Array {
  return column.kind === 'category' ? coded.codes : coded.bins
}

/** Share of the rows beyond which rare values may not keep others from being written. */
const MOST_LOST = 0.2

/**
 * All pairs of columns of which one determines the other wherever it is present, as an airport does its state. One whose
 * rare values would take too many values of the other with them is left out.
 */
export function findDependencies(columns: readonly Learned[]): Dependency[] {
  const found: Dependency[] = []
  for (const [from, determining] of columns.entries()) {
    for (const [to, determined] of columns.entries()) {
      if (from === to) continue
      const lookup = lookupOf(determining, determined)
      if (lookup === undefined) continue
      const lost = unreachableStates(lookup, writableStates(determining.column), statesOf(determined.column))
      const states = statesIn(determined)
      let rows = 0
      for (const state of states) rows += lost[state]!
      if (rows <= MOST_LOST * states.length) found.push({ from, to, lookup })
    }
  }
  return found
}

/** 1 for each state of a column that may be written. */
export function writableStates(column: CategoryColumn | NumberColumn): Uint8Array {
  return Uint8Array.from({ length: statesOf(column) }, (_, state) => {
    if (column.kind === 'category') return isWritable(column, state) ? 1 : 0
    return state === 0 || column.table.includes(column.edges[state - 1]!) ? 1 : 0
  })
}

/** 1 for each of `count` states that goes with states of the determining column that may not be written, and no others. */
export function unreachableStates(lookup: Int32Array, writable: Uint8Array, count: number): Uint8Array {
  const unreachable = new Uint8Array(count)
  for (const answer of lookup) if (answer >= 0) unreachable[answer] = 1
  for (const [state, answer] of lookup.entries())
    if (answer >= 0 && writable[state] === 1) unreachable[answer] = 0
  return unreachable
}

function lookupOf(from: Learned, to: Learned): Int32Array | undefined {
  const width = statesOf(from.column)
  const target = statesOf(to.column)
  if (width === 0 || target === 0) return undefined
  const states = statesIn(from)
  const answers = statesIn(to)
  const lookup = new Int32Array(width).fill(-1)
  const counts = new Float64Array(target)
  const missing = from.column.kind === 'category' ? from.column.values.length : 0
  let repeats = 0
  for (let row = 0; row < states.length; row++) {
    const state = states[row]!
    const answer = answers[row]!
    counts[answer]!++
    if (state === missing) continue
    if (lookup[state] === -1) lookup[state] = answer
    else if (lookup[state] !== answer) return undefined
    else repeats++
  }
  let agreement = 0
  for (const count of counts) agreement += (count / states.length) ** 2
  return agreement ** repeats < CHANCE ? lookup : undefined
}
