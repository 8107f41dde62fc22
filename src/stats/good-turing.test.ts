import { expect, test } from 'vitest'
import { createRandom } from '../data/random.ts'
import { unitsUntil, unseenMass, unseenMassAfter } from './good-turing.ts'
import { countSpecies, type SpeciesCounts } from './species.ts'

const abundance = (units: number, seen: number, once: number, twice: number): SpeciesCounts => ({
  units,
  sightings: units,
  seen,
  once,
  twice,
})

test('the prosody data of Gale and Sampson (1995): 120 of 30,902 seen once leave 0.0039 unseen', () => {
  const { mass, interval } = unseenMass(abundance(30_902, 1_000, 120, 40))
  expect(mass).toBeCloseTo(0.003883, 6)
  // By hand, Esty (1983): 1.959964 · sqrt(120 · (1 − 0.003883) + 80) / 30,902 = 0.000896.
  expect(interval[0]).toBeCloseTo(0.003883 - 0.000896, 5)
  expect(interval[1]).toBeCloseTo(0.003883 + 0.000896, 5)
})

test('the coverage that iNEXT prints for its spider data, 0.9289 and 0.9446', () => {
  expect(1 - unseenMassAfter(abundance(168, 26, 12, 4), 0)).toBeCloseTo(0.9289, 4)
  expect(1 - unseenMassAfter(abundance(252, 37, 14, 4), 0)).toBeCloseTo(0.9446, 4)
})

test('as many more units as it says bring the unseen mass down to what is asked, and one fewer does not', () => {
  const girdled = abundance(168, 26, 12, 4)
  const more = unitsUntil(girdled, 0.03)
  expect(unseenMassAfter(girdled, more)).toBeLessThanOrEqual(0.03)
  expect(unseenMassAfter(girdled, more - 1)).toBeGreaterThan(0.03)
})

test('what was seen shows where nothing is left, and where nothing can be told', () => {
  // The rule of three: no new thing in 100 sightings leaves at most 3 %.
  expect(unseenMass(abundance(100, 5, 0, 0))).toEqual({
    mass: 0,
    interval: [0, expect.closeTo(0.0295, 4) as number],
  })
  expect(unseenMass(abundance(0, 0, 0, 0))).toEqual({ mass: 1, interval: [0, 1] })
  expect(unitsUntil(abundance(10, 10, 10, 0), 0.5)).toBeGreaterThan(10)
  expect(unitsUntil(abundance(10, 2, 1, 0), 0.01)).toBe(Infinity)
})

test('a thing that stands in a unit twice is counted once', () => {
  expect(countSpecies([['a', 'a', 'b'], ['b'], ['c']])).toEqual({
    units: 3,
    sightings: 4,
    seen: 3,
    once: 2,
    twice: 1,
  })
})

test('of samples from a known distribution the interval holds the true unseen mass about as often as it says', () => {
  const weights = Array.from({ length: 200 }, (_, rank) => 1 / (rank + 1))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const random = createRandom(1, 'zipf')
  let held = 0
  for (let draw = 0; draw < 300; draw++) {
    const sample = Array.from({ length: 100 }, () => [String(random.weighted(weights))])
    const seen = new Set(sample.flat())
    const truth = weights.reduce(
      (sum, weight, rank) => sum + (seen.has(String(rank)) ? 0 : weight / total),
      0,
    )
    const { interval } = unseenMass(countSpecies(sample))
    if (truth >= interval[0] && truth <= interval[1]) held++
  }
  expect(held / 300).toBeGreaterThan(0.91)
  expect(held / 300).toBeLessThan(0.99)
})
