import { type Metric } from '../src/evaluate/metric.ts'
import type { Outcome } from '../src/evaluate/outcome.ts'
import { sharedItems, tabulate } from '../src/evaluate/table.ts'
import { crossedVariance } from '../src/stats/crossed.ts'
import { studentQuantile } from '../src/stats/distributions.ts'
import { meanOf } from '../src/stats/moments.ts'

/**
 * By how much one arm is better than the other where both had the same draw in each replicate: the mean of the
 * differences, draw by draw and item by item, with its 95 % interval over draws crossed with items.
 */
export function pairedUplift(
  metric: Metric,
  mixed: readonly Outcome[],
  rival: readonly Outcome[],
): { readonly value: number; readonly interval: readonly [number, number] } {
  const items = sharedItems([...mixed, ...rival])
  const [one, other] = [tabulate(metric, mixed, items), tabulate(metric, rival, items)]
  const scores = one.scores.map((score, draw) => score - other.scores[draw]!)
  const parts = one.parts.map((part, draw) => part.map((value, item) => value - other.parts[draw]![item]!))
  const { variance, freedom } = crossedVariance([{ scores, parts }])
  const half = variance === 0 ? 0 : studentQuantile(0.975, freedom) * Math.sqrt(variance)
  const value = meanOf(scores)
  return { value, interval: [value - half, value + half] }
}

/** A difference of scores in points, with its sign. */
export function points(fraction: number): string {
  return `${fraction >= 0 ? '+' : ''}${(100 * fraction).toFixed(1)}`
}

export function interval([low, high]: readonly [number, number]): string {
  return `[${points(low)}, ${points(high)}]`
}
