import type { Origin } from '../data/origin.ts'
import { shortPath } from './perform.ts'

/** What is left out of the terminal: rows that descend from local ones. */
export interface HiddenRows {
  readonly rows: number
  /** Where they lie, as seen from here. */
  readonly folder: string
}

/** The rows that may be printed, and how many are not; with `includeLocal` all may. */
export function withoutLocal<Made>(
  rows: readonly Made[],
  given: {
    readonly originOf: (row: Made) => Origin
    readonly folder: string
    readonly includeLocal: boolean
  },
): { readonly told: readonly Made[]; readonly hidden: HiddenRows | null } {
  const told = given.includeLocal ? rows : rows.filter(row => given.originOf(row).share === 'anyone')
  const hidden = rows.length - told.length
  return { told, hidden: hidden === 0 ? null : { rows: hidden, folder: shortPath(given.folder) } }
}

/** For people: how many rows are not shown, and where they are. */
export function tellHidden({ rows, folder }: HiddenRows): string {
  return `${rows} of them, made from local data, are not shown and lie in ${folder}`
}
