import { adjustHolm } from '../stats/holm.ts'
import type { Regime } from './measure.ts'
import type { Metric } from './metric.ts'
import type { Outcome } from './outcome.ts'
import { measureUplift } from './uplift.ts'

/** Held-out items that have a value of an attribute in common. */
export interface Slice {
  readonly attribute: string
  readonly value: string
  /** Ids of the items. */
  readonly items: ReadonlySet<string>
}

/** How much better the mixed arm is than its rival on one slice: exploratory. */
export interface SliceUplift {
  readonly attribute: string
  readonly value: string
  readonly items: number
  readonly mixed: number
  readonly rival: number
  /** Above 0, the mixed arm is better. */
  readonly uplift: number
  readonly interval: readonly [number, number]
  readonly p: number
  /** After Holm over the slices of the task. */
  readonly pAdjusted: number
}

/** Fewer independent items than this say nothing of a slice: it is counted, not tested. */
const fewest = 30

/**
 * The uplift on every slice with enough items, best first, with p adjusted by Holm over all that were tested; and how many
 * had too few. Macro-F1 is no figure of a slice, so label tasks are scored by the share of right answers. A slice of all
 * items is none. In cross-validation a slice must have items in every fold.
 */
export function measureSlices(given: {
  readonly metric: Metric
  readonly mixed: readonly Outcome[]
  readonly rival: readonly Outcome[]
  readonly regime: Regime
  readonly slices: readonly Slice[]
}): { readonly metric: Metric['name']; readonly tested: readonly SliceUplift[]; readonly small: number } {
  const metric: Metric = given.metric.name === 'macro-f1' ? { name: 'accuracy' } : given.metric
  const all = new Set(given.mixed.flatMap(({ answers }) => answers.map(({ id }) => id))).size
  const slices = given.slices.filter(({ items }) => items.size < all)
  const large = slices.flatMap(slice => {
    const parts = { mixed: within(given.mixed, slice), rival: within(given.rival, slice) }
    return isLarge(parts.mixed) ? [{ ...slice, ...parts }] : []
  })
  const measured = large.map(({ attribute, value, mixed, rival }) => {
    const found = measureUplift({ task: mixed[0]!.task, metric, mixed, rival, regime: given.regime })
    return {
      attribute,
      value,
      items: found.items,
      mixed: found.mixed,
      rival: found.rival,
      uplift: found.value,
      interval: found.interval,
      p: found.p,
    }
  })
  const adjusted = adjustHolm(measured.map(({ p }) => p))
  return {
    metric: metric.name,
    tested: measured
      .map((slice, index) => Object.assign(slice, { pAdjusted: adjusted[index]! }))
      .toSorted((a, b) => b.uplift - a.uplift || b.items - a.items),
    small: slices.length - large.length,
  }
}

function within(outcomes: readonly Outcome[], { items }: Slice): readonly Outcome[] {
  return outcomes.map(outcome => ({ ...outcome, answers: outcome.answers.filter(({ id }) => items.has(id)) }))
}

function isLarge(outcomes: readonly Outcome[]): boolean {
  const groups = new Set(outcomes.flatMap(({ answers }) => answers.map(({ group }) => group)))
  return groups.size >= fewest && outcomes.every(({ answers }) => answers.length > 0)
}
