import type { Attributes } from '../data/example.ts'
import type { AdvisedGap } from './advice.ts'

/** A gap before anyone says who could fill it. */
export interface Gap extends Pick<AdvisedGap, 'kind' | 'what' | 'count' | 'why' | 'priority' | 'rows'> {
  readonly cell: Attributes | null
  /** Column whose values or wording are missing. */
  readonly column: string | null
  /** Real rows that it has; null where that is not a number of rows. */
  readonly real: number | null
}

/** What was found in the training rows, by whatever means: what gaps are listed from. Shares and errors are in [0, 1]. */
export interface FoundGaps {
  readonly rows: number
  /** Rows that the mixture adds. */
  readonly synthetic: number
  readonly cells: readonly Weighed<{ readonly target: number; readonly need: number }>[]
  /** Where the student errs. `expected` and `overall`: its error there and everywhere. */
  readonly slices: readonly Weighed<{
    readonly task: string
    readonly of: number
    readonly expected: number
    readonly overall: number
    readonly clear: boolean
    readonly need: number
  }>[]
  readonly combinations: readonly {
    readonly cell: Attributes
    readonly expected: number
    readonly why: string
  }[]
  readonly unseen: readonly {
    readonly column: string
    readonly of: 'values' | 'words' | 'openings'
    readonly mass: number
    readonly why: string
  }[]
  /** `error`: mean error of the student on rows it did not see; `gain`: what twice the examples should bring. Null where unknown. */
  readonly curves: readonly {
    readonly task: string
    readonly error: number | null
    readonly gain: number | null
    readonly says: string
  }[]
  readonly noise: readonly {
    readonly task: string
    readonly share: number
    readonly disputed: number
    readonly rows: readonly string[]
  }[]
  readonly conflicts: readonly {
    readonly task: string
    readonly conflicting: number
    readonly rows: readonly string[]
  }[]
  /** Labels that the project lists and no training row has. */
  readonly absent: readonly { readonly task: string; readonly column: string; readonly value: string }[]
  readonly repeatedInTest: number
}

type Weighed<More> = More & { readonly cell: Attributes; readonly count: number; readonly why: string }

/** `damaged = yes, size = Small`. */
export function nameCell(cell: Attributes): string {
  const parts = Object.entries(cell).map(
    ([name, value]) => `${name} = ${value === null ? '(missing)' : String(value)}`,
  )
  return parts.length === 0 ? 'all rows' : parts.join(', ')
}

/** The same text for the same cell, in whatever order its attributes stand. */
export function keyOfCell(cell: Attributes): string {
  return JSON.stringify(Object.entries(cell).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** True where a row, or a cell, has all values of the cell. */
export function hasCell(row: Attributes, cell: Attributes): boolean {
  return Object.entries(cell).every(([name, value]) => Object.hasOwn(row, name) && row[name] === value)
}
