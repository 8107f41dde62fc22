import { UserError } from '../error.ts'
import type { Random } from './random.ts'
import { type TracedRow, type Value, valueAt } from './row.ts'

export interface SplitOptions {
  /** Share of the rows that becomes the test set, and the dev set; in [0, 1), together below 1. */
  readonly test: number
  readonly dev: number
  /** Column whose shares the parts keep; numbers of more than ten values by their quintile. */
  readonly stratify?: string
  readonly random: Random
}

export interface RowSplit {
  readonly train: readonly TracedRow[]
  readonly dev: readonly TracedRow[]
  readonly test: readonly TracedRow[]
}

type Part = keyof RowSplit

interface Group {
  readonly rows: readonly TracedRow[]
  readonly stratum: string
}

/**
 * Parts rows into train, dev and test by group: no group is parted. Each value of the `stratify` column gets its share
 * in each part to within one group (a group counts for the value most of its rows have), and at least one of its groups
 * stays in train, so a value of a single group is in train alone. Parts keep the order of the rows; where there are too
 * few rows, dev or test is empty. Throws `UserError` on shares that leave nothing to train on, and on a column that is
 * missing or differs from row to row.
 */
export function splitRows(rows: readonly TracedRow[], options: SplitOptions): RowSplit {
  checkShares(options)
  const groups = groupsOf(rows, options.stratify)
  if (options.stratify !== undefined) checkStrata(groups, options)
  const parts = new Map<string, Part>()
  const carried = { test: 0, dev: 0 }
  const strata = [...Map.groupBy(groups, group => group.stratum)].toSorted(([a], [b]) => (a < b ? -1 : 1))
  for (const [stratum, members] of options.random.stream('strata').shuffle(strata)) {
    const left = new Set(options.random.stream(`groups of ${stratum}`).shuffle(members))
    for (const part of ['test', 'dev'] as const) {
      const size = sum(members.map(group => group.rows.length))
      const taken = takeShare(left, options[part] * size + carried[part])
      for (const group of taken.groups) parts.set(group.rows[0]!.group, part)
      // What was rounded off goes to the next value, at most half a group of it, so that the total comes out right too.
      const half = Math.max(...members.map(group => group.rows.length)) / 2
      carried[part] = Math.min(half, Math.max(-half, taken.missing))
    }
  }
  const partOf = (row: TracedRow): Part => parts.get(row.group) ?? 'train'
  return {
    train: rows.filter(row => partOf(row) === 'train'),
    dev: rows.filter(row => partOf(row) === 'dev'),
    test: rows.filter(row => partOf(row) === 'test'),
  }
}

/** Moves groups out of `left` while that brings their rows nearer to `wanted`; leaves one at least. */
function takeShare(left: Set<Group>, wanted: number): { groups: readonly Group[]; missing: number } {
  const groups: Group[] = []
  let missing = wanted
  for (const group of left) {
    if (left.size === 1) break
    if (group.rows.length / 2 > missing) continue
    groups.push(group)
    left.delete(group)
    missing -= group.rows.length
  }
  return { groups, missing }
}

function groupsOf(rows: readonly TracedRow[], stratify: string | undefined): readonly Group[] {
  const stratumOf = stratify === undefined ? () => '' : strataOf(rows, stratify)
  return [...Map.groupBy(rows, row => row.group).values()].map(members => ({
    rows: members,
    stratum: commonest(members.map(stratumOf)),
  }))
}

/** Names the stratum of a row: its value, or for numbers of more than ten values the fifth of the rows it falls in. */
function strataOf(rows: readonly TracedRow[], column: string): (row: TracedRow) => string {
  if (!rows.some(({ row }) => Object.hasOwn(row, column))) {
    throw new UserError(
      `The split is to keep the shares of ${JSON.stringify(column)}, but there is no such column`,
      `Its name in split.stratify must be one of ${Object.keys(rows[0]?.row ?? {}).join(', ')}.`,
    )
  }
  const values = rows.map(({ row }) => valueAt(row, column))
  const numbers = values.filter(value => typeof value === 'number').toSorted((a, b) => a - b)
  const continuous =
    new Set(numbers).size > 10 && values.every(value => value === null || typeof value === 'number')
  if (!continuous) return ({ row }) => String(valueAt(row, column))
  const bounds = [1, 2, 3, 4].map(fifth => numbers[Math.floor((fifth * numbers.length) / 5)]!)
  const nameOf = (value: Value): string =>
    typeof value === 'number' ? `${bounds.filter(bound => value >= bound).length}` : ''
  return ({ row }) => nameOf(valueAt(row, column))
}

function commonest(names: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0]![0]
}

function checkShares({ test, dev }: SplitOptions): void {
  if (test >= 0 && dev >= 0 && test + dev < 1) return
  throw new UserError(
    `The split gives ${test} of the rows to test and ${dev} to dev, which leaves none to train on`,
    'Set split.test and split.dev so that they are 0 or more and sum to less than 1.',
  )
}

function checkStrata(groups: readonly Group[], { test, dev, stratify }: SplitOptions): void {
  if (test + dev === 0 || groups.length < 20) return
  const values = Map.groupBy(groups, group => group.stratum)
  const single = [...values.values()].filter(members => members.length === 1).length
  if (single <= groups.length / 2) return
  throw new UserError(
    `The split is to keep the shares of ${JSON.stringify(stratify)}, but ${single} of its ${values.size} values have one group only`,
    'Set split.stratify to a column with few values.',
  )
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
