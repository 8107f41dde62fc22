import { itemGroups, MISSING_GROUPS } from './calibration.ts'
import { numberBin, type CategoryColumn, type NumberColumn } from './column.ts'
import { statesOf, unreachableStates, writableStates, type Dependency } from './dependency.ts'
import type { FittedRecords } from './fit.ts'
import { unpackLeafModel, type LeafModel } from './leaves.ts'
import { unpackBytes, unpackSigned } from './packed.ts'

/** A fitted table unpacked for drawing; places are those of `FittedRecords.order`. */
export interface RecordsModel {
  readonly fitted: FittedRecords
  readonly columns: readonly ColumnModel[]
  readonly dependencies: readonly Dependency[]
}

export interface ColumnModel {
  readonly column: CategoryColumn | NumberColumn
  /** Missing for a number that has no values. */
  readonly values?: LeafModel
  /** Whether a number is missing; left out where it never is. */
  readonly missing?: LeafModel
  /** 1 for each state that may be written, and leaves something to write of every column that determines this one. */
  readonly writable: Uint8Array
  /** Rows in each state. */
  readonly counts: Float64Array
  /** Of a number: 1 for each value of its table that heaps, and the bin of each. */
  readonly heaps: Uint8Array
  readonly tableBins: Uint8Array
}

const unpacked = new WeakMap<FittedRecords, RecordsModel>()

/** Unpacks a fitted table, once. */
export function recordsModel(fitted: FittedRecords): RecordsModel {
  let model = unpacked.get(fitted)
  if (model === undefined) {
    model = unpackRecords(fitted)
    unpacked.set(fitted, model)
  }
  return model
}

function unpackRecords(fitted: FittedRecords): RecordsModel {
  const dependencies = fitted.dependencies.map(packed => ({ ...packed, lookup: unpackSigned(packed.lookup) }))
  const columns = fitted.order.map((position, place): ColumnModel => {
    const column = fitted.columns[position] as CategoryColumn | NumberColumn
    const { values, missing } = fitted.models[place]!
    return {
      column,
      ...(values && { values: unpackLeafModel(values, itemGroups(column)) }),
      ...(missing && { missing: unpackLeafModel(missing, MISSING_GROUPS) }),
      writable: writableStates(column),
      counts: stateCounts(column),
      heaps: column.kind === 'number' ? unpackBytes(column.heaps) : new Uint8Array(),
      tableBins:
        column.kind === 'number'
          ? Uint8Array.from(column.table, value => numberBin(column, value))
          : new Uint8Array(),
    }
  })
  withholdUnreachable(columns, dependencies)
  return { fitted, columns, dependencies }
}

/** Withholds states that no writable state of a determining column goes with, until all that are left can be met. */
function withholdUnreachable(columns: readonly ColumnModel[], dependencies: readonly Dependency[]): void {
  let changed = true
  while (changed) {
    changed = false
    for (const { from, to, lookup } of dependencies) {
      const { writable, column } = columns[to]!
      for (const [state, lost] of unreachableStates(
        lookup,
        columns[from]!.writable,
        statesOf(column),
      ).entries()) {
        if (lost === 0 || writable[state] === 0) continue
        writable[state] = 0
        changed = true
      }
    }
  }
}

function stateCounts(column: CategoryColumn | NumberColumn): Float64Array {
  if (column.kind === 'number') return Float64Array.from(column.binCounts)
  return Float64Array.from([...column.counts, column.missing])
}
