import { expect, test } from 'vitest'
import { drawArm, drawItems, liftFor, type World } from '../bench/simulated-arms.ts'
import { crossValidateArms } from '../bench/simulated-learner.ts'
import { createRandom, type Random } from '../src/data/random.ts'
import type { Metric } from '../src/evaluate/metric.ts'
import { measureUplift, type Uplift } from '../src/evaluate/uplift.ts'

// A small version of bench/uplift-calibration.ts. Over 300 repeats a share of 3 % has a standard error of 1.0 %, one of
// 7 % of 1.5 % and one of 75 or 85 % of 2.5 and 2.1 %: the bars (3 to 7 %, 75 to 85 %) are widened by three of them.
const repeats = 300
const falseVerdicts = [0, 0.07 + 3 * 0.0147] as const
const found = [0.75 - 3 * 0.025, 0.85 + 3 * 0.0206] as const

const metric: Metric = { name: 'macro-f1', labels: ['0', '1'] }
/** One label in nine is rare. */
const rare = { metric: 'macro-f1', shares: [0.89, 0.11], base: [1.6, 0.3], itemSpread: 1.5 } as const
const worlds: readonly World[] = [
  { ...rare, seedSpread: 0.4, armSpread: 0 },
  { ...rare, seedSpread: 0, armSpread: 1 },
]

function compare(world: World, lift: number, random: Random): Uplift {
  const items = drawItems(world, 200, random)
  const mixed = drawArm(world, items, { arm: 'mixed', replicates: 5, lift, random })
  const rival = drawArm(world, items, { arm: 'rival', replicates: 5, random })
  return measureUplift({ task: 'simulated', metric, mixed, rival, regime: 'sealed' })
}

function shareOf(happens: () => boolean): number {
  return Array.from({ length: repeats }, happens).filter(Boolean).length / repeats
}

test.each(worlds)(
  'between arms of one distribution few verdicts are false: spread of seeds $seedSpread, of items $armSpread',
  world => {
    const random = createRandom(1, 'false verdicts')
    const share = shareOf(() => compare(world, 0, random).p < 0.05)
    expect(share).toBeGreaterThan(falseVerdicts[0])
    expect(share).toBeLessThan(falseVerdicts[1])
  },
)

test.each(worlds)(
  'four effects in five of the smallest detectable size are found: spread of seeds $seedSpread, of items $armSpread',
  world => {
    const random = createRandom(2, 'found')
    const detectable = Array.from({ length: 100 }, () => compare(world, 0, random).smallestDetectable)
    const effect = detectable.reduce((sum, value) => sum + value, 0) / detectable.length
    const lift = liftFor(world, random)(effect)
    const share = shareOf(() => {
      const { p, value } = compare(world, lift, random)
      return p < 0.05 && value > 0
    })
    expect(share).toBeGreaterThan(found[0])
    expect(share).toBeLessThan(found[1])
  },
)

test.each([
  { shared: 6, own: 0, fresh: true },
  { shared: 0, own: 6, fresh: false },
])(
  'between learners of one distribution few verdicts by cross-validation are false: $shared features shared, $own own',
  arms => {
    const random = createRandom(3, 'learners')
    const world = { ...arms, rows: 100, share: 0.5, repeats: 5, folds: 5 }
    const share = shareOf(() => {
      const [mixed, rival] = crossValidateArms(world, random)
      return (
        measureUplift({ task: 'learned', metric: { name: 'accuracy' }, mixed, rival, regime: 'scarce' }).p <
        0.05
      )
    })
    expect(share).toBeGreaterThan(falseVerdicts[0])
    expect(share).toBeLessThan(falseVerdicts[1])
  },
)
