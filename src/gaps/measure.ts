import type { Attributes } from '../data/example.ts'
import type { Row, Value } from '../data/row.ts'
import { UserError } from '../error.ts'
import { apportion } from '../stats/apportion.ts'
import { fitMargins } from './joint.ts'
import { type AttributeShares, shareAttribute, type Target } from './target.ts'

export interface AttributeGap {
  readonly name: string
  readonly values: readonly {
    readonly value: Value
    readonly count: number
    readonly share: number
    readonly target: number
    /** Examples missing for the mixture to reach the target; 0 where it has enough. */
    readonly need: number
  }[]
}

export interface PairGap {
  readonly attributes: readonly [string, string]
  readonly cells: readonly {
    readonly values: readonly [Value, Value]
    readonly count: number
    readonly target: number
    readonly need: number
  }[]
}

/** A cell with too few real examples, and how many it needs. */
export interface RankedGap {
  readonly cell: Attributes
  readonly count: number
  readonly target: number
  readonly need: number
  readonly why: string
}

export interface Gaps {
  readonly rows: number
  /** Size of the mixture that the needs are counted for: real rows and synthetic ones together. */
  readonly mixture: number
  readonly attributes: readonly AttributeGap[]
  readonly pairs: readonly PairGap[]
  readonly ranked: readonly RankedGap[]
}

/** A cell to be filled: how many rows with these attributes are to be made. */
export interface CellRequest {
  readonly cell: Attributes
  readonly count: number
}

const mostCells = 2000
/** Weight of the independent table in the joint one, in rows: keeps unseen combinations possible. */
const prior = 1

/**
 * Counts every attribute and pair of attributes in the real rows against the target.
 * Needs are counted for a mixture of the real rows and `synthetic` more. A pair's target joins the real rows' own
 * association to the attributes' targets by iterative proportional fitting.
 */
export function measureGaps(input: {
  readonly rows: readonly Row[]
  readonly attributes: readonly string[]
  readonly target: Readonly<Record<string, Target>>
  readonly synthetic: number
}): Gaps {
  const { rows } = input
  const shares = input.attributes.map(name => shareOf(rows, name, input.target[name]))
  const mixture = rows.length + input.synthetic
  const attributes = shares.map(attribute => ({
    name: attribute.name,
    values: attribute.values.map((value, index) => ({
      value,
      count: attribute.counts[index]!,
      share: rows.length > 0 ? attribute.counts[index]! / rows.length : 0,
      target: attribute.target[index]!,
      need: needOf(attribute.target[index]!, mixture, attribute.counts[index]!),
    })),
  }))
  const pairs: PairGap[] = []
  for (let first = 0; first < shares.length; first++) {
    for (let second = first + 1; second < shares.length; second++) {
      pairs.push(pairGap(rows, shares[first]!, shares[second]!, mixture))
    }
  }
  return { rows: rows.length, mixture, attributes, pairs, ranked: rankGaps(attributes, pairs) }
}

/**
 * The cells to fill so that `synthetic` rows bring the real ones as near the target as they can.
 * Only attributes with a target of their own are fixed; without any there is one cell, `{}`: more of the same.
 * Throws UserError where the targets span too many cells.
 */
export function planCells(input: {
  readonly rows: readonly Row[]
  readonly attributes: readonly string[]
  readonly target: Readonly<Record<string, Target>>
  readonly synthetic: number
}): readonly CellRequest[] {
  const targeted = input.attributes
    .map(name => shareOf(input.rows, name, input.target[name]))
    .filter(attribute => !attribute.free)
  const sizes = targeted.map(attribute => attribute.values.length)
  const cells = sizes.reduce((product, size) => product * size, 1)
  if (cells > mostCells) {
    throw new UserError(
      `the targets of ${targeted.map(attribute => `"${attribute.name}"`).join(', ')} span ${cells} cells`,
      `At most ${mostCells} can be filled. Give fewer attributes a target of their own.`,
    )
  }
  const { counts, wanted } = jointTarget(input.rows, targeted)
  const mixture = input.rows.length + input.synthetic
  const short = wanted.map((share, index) => Math.max(0, share * mixture - counts[index]!))
  return apportion(short, input.synthetic)
    .map((count, index) => ({ cell: cellAt(targeted, index), count }))
    .filter(request => request.count > 0)
}

function shareOf(rows: readonly Row[], name: string, target: Target | undefined): AttributeShares {
  return shareAttribute(
    name,
    rows.map(row => row[name]),
    target,
  )
}

function needOf(target: number, mixture: number, count: number): number {
  return Math.max(0, Math.ceil(target * mixture - 1e-9) - count)
}

function pairGap(
  rows: readonly Row[],
  first: AttributeShares,
  second: AttributeShares,
  mixture: number,
): PairGap {
  const { counts, wanted } = jointTarget(rows, [first, second])
  const cells = counts.map((count, index) => ({
    values: [
      first.values[Math.floor(index / second.values.length)]!,
      second.values[index % second.values.length]!,
    ] as const,
    count,
    target: wanted[index]!,
    need: needOf(wanted[index]!, mixture, count),
  }))
  return { attributes: [first.name, second.name], cells }
}

/** Joint counts, row-major over the attributes' values, and the joint target that has their targets as margins. */
function jointTarget(
  rows: readonly Row[],
  attributes: readonly AttributeShares[],
): { counts: number[]; wanted: number[] } {
  const sizes = attributes.map(attribute => attribute.values.length)
  const positions = attributes.map(
    attribute => new Map(attribute.values.map((value, index) => [String(value), index])),
  )
  const counts = Array.from({ length: sizes.reduce((product, size) => product * size, 1) }, () => 0)
  for (const row of rows) {
    let index = 0
    attributes.forEach((attribute, axis) => {
      index = index * sizes[axis]! + positions[axis]!.get(String(row[attribute.name] ?? null))!
    })
    counts[index]! += 1
  }
  const smoothed = counts.map((count, index) => count + prior * independentShare(attributes, index))
  return {
    counts,
    wanted: fitMargins(
      smoothed,
      sizes,
      attributes.map(attribute => attribute.target),
    ),
  }
}

function independentShare(attributes: readonly AttributeShares[], index: number): number {
  let rest = index
  let share = 1
  for (const attribute of attributes.toReversed()) {
    const total = attribute.counts.reduce((sum, count) => sum + count, 0)
    const size = attribute.values.length
    const position = rest % size
    share *= (attribute.counts[position]! + 1) / (total + size)
    rest = Math.floor(rest / size)
  }
  return share
}

function cellAt(attributes: readonly AttributeShares[], index: number): Attributes {
  let rest = index
  const entries: [string, Value][] = []
  for (const attribute of attributes.toReversed()) {
    entries.unshift([attribute.name, attribute.values[rest % attribute.values.length]!])
    rest = Math.floor(rest / attribute.values.length)
  }
  return Object.fromEntries(entries)
}

/**
 * Cells whose share is short of the target, single values and pairs together: those that lack the most examples first,
 * counted in whole ones as they are told; among equals whole values before pairs, which are their parts; then the emptier.
 */
function rankGaps(attributes: readonly AttributeGap[], pairs: readonly PairGap[]): readonly RankedGap[] {
  const singles = attributes.flatMap(({ name, values }) =>
    values.map(({ value, count, target, need }) => ({
      cell: { [name]: value } as Attributes,
      count,
      target,
      need,
    })),
  )
  const doubles = pairs.flatMap(({ attributes: [a, b], cells }) =>
    cells.map(({ values: [x, y], count, target, need }) => ({
      cell: { [a]: x, [b]: y } as Attributes,
      count,
      target,
      need,
    })),
  )
  const total = attributes[0]?.values.reduce((sum, value) => sum + value.count, 0) ?? 0
  return [...singles, ...doubles]
    .filter(gap => gap.target * total - gap.count >= 0.5)
    .map(gap => ({ ...gap, why: reasonOf(gap.count, gap.target, total) }))
    .toSorted(
      (a, b) =>
        missing(b, total) - missing(a, total) ||
        Object.keys(a.cell).length - Object.keys(b.cell).length ||
        filled(a) - filled(b) ||
        key(a).localeCompare(key(b), 'en'),
    )
}

/** Real examples missing, in whole ones: what is wanted of so many rows less what is there. */
function missing({ target, count }: RankedGap, total: number): number {
  return Math.round(target * total) - count
}

/** The part of what is wanted that is there. */
function filled({ count, target }: RankedGap): number {
  return count / target
}

function key(gap: RankedGap): string {
  return JSON.stringify(gap.cell)
}

function reasonOf(count: number, target: number, total: number): string {
  const wanted = `the target asks for ${(100 * target).toFixed(1)} %`
  if (count === 0) return `no real example; ${wanted}`
  return `${count} of ${total} real examples (${((100 * count) / total).toFixed(1)} %); ${wanted}`
}
