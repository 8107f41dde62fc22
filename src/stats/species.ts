/**
 * How often things of an open kind were seen: words, cities, species. All that the estimators of what was not seen need
 * to know. Where units hold several things (a text its words), a thing is counted once a unit.
 */
export interface SpeciesCounts {
  /** Units looked at: rows. */
  readonly units: number
  /** Sightings of all things; equal to `units` where each holds one. */
  readonly sightings: number
  /** Different things seen, and how many of them in one unit alone, and in two. */
  readonly seen: number
  readonly once: number
  readonly twice: number
}

/** Counts the things of each unit; one that stands in a unit twice counts once. */
export function countSpecies(units: readonly (readonly string[])[]): SpeciesCounts {
  const counts = new Map<string, number>()
  for (const unit of units) for (const thing of new Set(unit)) counts.set(thing, (counts.get(thing) ?? 0) + 1)
  const frequencies = [...counts.values()]
  return {
    units: units.length,
    sightings: frequencies.reduce((sum, count) => sum + count, 0),
    seen: counts.size,
    once: frequencies.filter(count => count === 1).length,
    twice: frequencies.filter(count => count === 2).length,
  }
}
