import { expect, test } from 'vitest'
import type { VarianceComponents } from '../stats/crossed.ts'
import { expectedVariance } from '../stats/crossed.ts'
import { detectableDifference } from '../stats/power.ts'
import type { Outcome } from './outcome.ts'
import { forecastUplift, rowsToCollect } from './plan.ts'

const steady: VarianceComponents = {
  arms: [
    { seed: 0, residual: 0 },
    { seed: 0, residual: 0 },
  ],
  item: 0.15,
}
const wild: VarianceComponents = {
  arms: [
    { seed: 0.004, residual: 0.1 },
    { seed: 0.004, residual: 0.1 },
  ],
  item: 0.05,
}

test('where seeds do not vary, the rows to collect follow from 2.8 standard errors', () => {
  const design = { regime: 'sealed', seeds: [5, 5], items: 200 } as const
  const collect = rowsToCollect({ metric: 'accuracy', components: steady, design, worth: 0.05 })
  // n = 0.15 (2.8016 / 0.05)^2 = 470.9 with known variance; the t distribution adds about two.
  expect(collect).toEqual({ kind: 'rows', further: 273 })
})

test('the rows asked for are the fewest that suffice', () => {
  const design = { regime: 'sealed', seeds: [5, 5], items: 200 } as const
  const collect = rowsToCollect({ metric: 'accuracy', components: steady, design, worth: 0.05 })
  if (collect.kind !== 'rows') throw new Error(collect.kind)
  const shown = (items: number): number =>
    detectableDifference(expectedVariance(steady, { seeds: [5, 5], items }), { level: 0.95 })
  expect(shown(200 + collect.further)).toBeLessThanOrEqual(0.05)
  expect(shown(199 + collect.further)).toBeGreaterThan(0.05)
})

test('a test set that suffices asks for nothing', () => {
  const design = { regime: 'sealed', seeds: [5, 5], items: 2000 } as const
  expect(rowsToCollect({ metric: 'accuracy', components: steady, design, worth: 0.05 })).toEqual({
    kind: 'enough',
  })
})

test('where seeds vary too much for any number of rows, more seeds are asked for', () => {
  const design = { regime: 'sealed', seeds: [5, 5], items: 200 } as const
  const collect = rowsToCollect({ metric: 'accuracy', components: wild, design, worth: 0.05 })
  expect(collect.kind).toBe('seeds')
  if (collect.kind !== 'seeds') return
  const { replicates, further } = collect
  const shown = (seeds: number, items: number): number =>
    detectableDifference(expectedVariance(wild, { seeds: [seeds, seeds], items }), { level: 0.95 })
  expect(shown(replicates, 200 + further)).toBeLessThanOrEqual(0.05)
  expect(shown(replicates - 1, 20_000)).toBeGreaterThan(0.05)
})

test('in the scarce regime it is repeats that are asked for', () => {
  const design = { regime: 'scarce', repeats: 5, folds: 5, items: 80, testPerTrain: 0.25 } as const
  const components: VarianceComponents = { arms: [{ seed: 0.02, residual: 0.1 }], item: 0.05 }
  const collect = rowsToCollect({ metric: 'accuracy', components, design, worth: 0.05 })
  expect(collect).toMatchObject({ kind: 'seeds' })
})

/** Two repeats of an arm over 400 items that is right on every `period`-th item but the first `shift`. */
function pilotArm(arm: string, right: (item: number) => boolean): readonly Outcome[] {
  return [0, 1].map(replicate => ({
    task: 'damage',
    arm,
    replicate,
    answers: Array.from({ length: 400 }, (_, item) => ({
      id: `${item}`,
      group: `${item}`,
      gold: 'a',
      predicted: right(item) ? 'a' : 'b',
    })),
  }))
}

test('a pilot of steady arms forecasts by the rule for discordant pairs', () => {
  // The arms disagree on every fifth item, half each way: discordance 0.2, so 2.8 sqrt(0.2 / 1000) = 4.0 points.
  const { smallestDetectable } = forecastUplift({
    metric: { name: 'accuracy' },
    pilot: {
      arms: [pilotArm('real', item => item % 10 !== 0), pilotArm('real-weighted', item => item % 10 !== 5)],
      models: 5,
    },
    design: { regime: 'sealed', seeds: [5, 5], items: 1000 },
  })
  expect(smallestDetectable / (2.8016 * Math.sqrt(0.2 / 1000))).toBeGreaterThan(0.99)
  expect(smallestDetectable / (2.8016 * Math.sqrt(0.2 / 1000))).toBeLessThan(1.02)
})
