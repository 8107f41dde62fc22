import type { VarianceComponents } from '../stats/crossed.ts'
import { type Design, expectedEstimate } from './measure.ts'
import { smallestDetectable } from './detectable.ts'
import type { Metric } from './metric.ts'
import { type Pilot, type PilotComponents, pilotComponents, pilotFreedom } from './pilot.ts'

/** What a comparison is expected to show before anyone has looked at the test rows. */
export interface Forecast {
  /** Smallest true difference found four times in five, in the metric's unit. */
  readonly smallestDetectable: number
  readonly components: VarianceComponents
}

/**
 * The smallest effect that a comparison of this design could show, from a pilot repeated at least twice. It holds as far
 * as the pilot's arms differ item by item as the mixed arm will differ from its rival. For one of m tasks that Holm
 * adjusts, the careful `level` is 1 - 0.05 / m.
 */
export function forecastUplift(given: {
  readonly metric: Metric
  readonly pilot: Pilot
  readonly design: Design
  readonly level?: number
}): Forecast {
  const { metric, design, level = 0.95 } = given
  const pilot = withoutNegatives(pilotComponents(metric, given.pilot))
  return {
    smallestDetectable: smallestDetectable(metric.name, expectedEstimate(pilot.components, design), {
      level,
      pilotFreedom: pilotFreedom(pilot, design),
    }),
    components: pilot.components,
  }
}

function withoutNegatives(pilot: PilotComponents): PilotComponents {
  const arms = pilot.components.arms.map(({ seed, residual }) => ({ seed: Math.max(0, seed), residual }))
  return { ...pilot, components: { arms, item: Math.max(0, pilot.components.item) } }
}

/** What would make a difference of `worth` detectable. Items are independent ones: rows, or groups of rows. */
export type Collection =
  | { readonly kind: 'enough' }
  | { readonly kind: 'rows'; readonly further: number }
  /** Seeds vary too much for rows alone: so many seeds (or repeats), and further rows beside them. */
  | { readonly kind: 'seeds'; readonly replicates: number; readonly further: number }

/** With more than this many times the present rows, more seeds are the better advice. */
const mostGrowth = 100
const mostReplicates = 1000

/**
 * How many labelled rows to collect, or how many seeds to run, so that a difference of `worth` (in the metric's unit)
 * is found four times in five.
 */
export function rowsToCollect(given: {
  readonly metric: Metric['name']
  readonly components: VarianceComponents
  readonly design: Design
  readonly worth: number
  readonly level?: number
}): Collection {
  const { metric, components, design, worth, level = 0.95 } = given
  const shows = (changed: Design): boolean =>
    smallestDetectable(metric, expectedEstimate(components, changed), { level }) <= worth
  if (shows(design)) return { kind: 'enough' }

  const most = design.items * mostGrowth
  const fewestItems = (base: Design): number =>
    leastThat(items => shows({ ...base, items }), design.items, most) - design.items
  if (shows({ ...design, items: most })) return { kind: 'rows', further: fewestItems(design) }

  const present = design.regime === 'sealed' ? Math.max(...design.seeds) : design.repeats
  const replicates = leastThat(
    count => shows({ ...withReplicates(design, count), items: most }),
    present,
    mostReplicates,
  )
  return { kind: 'seeds', replicates, further: fewestItems(withReplicates(design, replicates)) }
}

function withReplicates(design: Design, count: number): Design {
  return design.regime === 'sealed'
    ? { ...design, seeds: design.seeds.map(seeds => (seeds === 1 ? 1 : count)) }
    : { ...design, repeats: count }
}

/** The least whole number in [low, high] for which `holds`, which stays true once it is; `high` where it never is. */
function leastThat(holds: (value: number) => boolean, low: number, high: number): number {
  let [below, above] = [low - 1, high]
  while (above - below > 1) {
    const middle = Math.floor((below + above) / 2)
    if (holds(middle)) above = middle
    else below = middle
  }
  return above
}
