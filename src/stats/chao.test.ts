import { expect, test } from 'vitest'
import { chaoRichness } from './chao.ts'

// The spider data of Sackett et al. (2011) as iNEXT's ChaoRichness gives them: estimate, s.e. and 95 % interval.
test.each([
  ['girdled', { units: 168, sightings: 168, seen: 26, once: 12, twice: 4 }, [43.893, 14.306, 30.511, 96.971]],
  ['logged', { units: 252, sightings: 252, seen: 37, once: 14, twice: 4 }, [61.403, 18.532, 43.502, 128.583]],
] as const)('richness of the %s plots is what iNEXT prints', (_, counts, figures) => {
  const { estimate, deviation, interval } = chaoRichness(counts)
  for (const [index, figure] of [estimate, deviation, ...interval].entries())
    expect(figure).toBeCloseTo(figures[index]!, 2)
})

test('without things seen twice it takes the form corrected for bias', () => {
  const { estimate, deviation } = chaoRichness({ units: 10, sightings: 10, seen: 6, once: 4, twice: 0 })
  // By hand: 6 + 0.9 · 4 · 3 / 2 = 11.4; variance 0.9 · 12 / 2 + 0.81 · 4 · 49 / 4 − 0.81 · 256 / (4 · 11.4) = 40.54.
  expect(estimate).toBeCloseTo(11.4, 10)
  expect(deviation ** 2).toBeCloseTo(40.5426, 3)
})

test('where nothing was seen once, all was seen', () => {
  const counts = { units: 9, sightings: 9, seen: 3, once: 0, twice: 1 }
  expect(chaoRichness(counts)).toEqual({ estimate: 3, deviation: 0, interval: [3, 3] })
})
