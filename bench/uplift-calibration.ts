/**
 * How often uplift errs, over simulated repeats with a known truth. Prints, against the bars:
 * - false verdicts at level 0.95 between two arms drawn independently from one distribution: 3 to 7 %;
 * - verdicts found when the true uplift is the smallest detectable effect forecast before the run: 75 to 85 %. That
 *   effect is the one that follows from the variance known: the mean over the repeats without an effect. What forecasting
 *   it from one pilot on 400 other rows makes of it is printed below, without a bar.
 *
 *     node bench/uplift-calibration.ts [repeats, 1000 unless given] [seed, 1 unless given]
 */
import { createRandom, type Random } from '../src/data/random.ts'
import { smallestDetectable } from '../src/evaluate/detectable.ts'
import { forecastUplift } from '../src/evaluate/plan.ts'
import type { Metric } from '../src/evaluate/metric.ts'
import { expectedEstimate } from '../src/evaluate/measure.ts'
import type { Pilot } from '../src/evaluate/pilot.ts'
import { measureUplift, type Uplift } from '../src/evaluate/uplift.ts'
import { drawArm, drawFolds, drawItems, liftFor, type World } from './simulated-arms.ts'
import { crossValidateArms, type LearnerWorld } from './simulated-learner.ts'

const repeats = Number(process.argv[2] ?? 1000)
const seed = Number(process.argv[3] ?? 1)
const falseVerdicts = [0.03, 0.07] as const
const found = [0.75, 0.85] as const
let missed = 0

function percent(value: number, digits: number): string {
  return (100 * value).toFixed(digits)
}

function print(name: string, count: number, bar?: readonly [number, number]): void {
  const share = count / repeats
  const inside = bar === undefined || (share >= bar[0] && share <= bar[1])
  if (!inside) missed++
  console.log(
    `${name.padEnd(80)} ${percent(share, 1).padStart(5)} % ± ${percent(Math.sqrt((share * (1 - share)) / repeats), 1)}` +
      `${bar ? `   bar ${percent(bar[0], 0)} to ${percent(bar[1], 0)} %` : ''}${inside ? '' : '   MISSED'}`,
  )
}

const accuracy: Pick<World, 'metric' | 'shares' | 'base' | 'itemSpread'> = {
  metric: 'accuracy',
  shares: [0.5, 0.5],
  base: [0.8, 0.8],
  itemSpread: 1.5,
}
const rare: typeof accuracy = { metric: 'macro-f1', shares: [0.89, 0.11], base: [1.6, 0.3], itemSpread: 1.5 }

interface Sealed {
  readonly world: World
  readonly items: number
  readonly seeds: number
}

const sealed: readonly Sealed[] = [accuracy, rare].flatMap(kind =>
  (
    [
      [200, 3, 0.1, 1],
      [200, 5, 0, 0],
      [200, 5, 0.1, 1],
      [200, 5, 0.4, 0.5],
      [600, 5, 0.2, 0.5],
      [600, 8, 0.1, 0.5],
      [1440, 5, 0.1, 0],
      [1440, 5, 0.3, 1],
    ] as const
  ).map(([items, seeds, seedSpread, armSpread]) => ({
    world: { ...kind, seedSpread, armSpread },
    items,
    seeds,
  })),
)

function metricOf({ metric, shares }: World): Metric {
  return metric === 'accuracy'
    ? { name: metric }
    : { name: metric, labels: shares.map((_, label) => String(label)) }
}

function describe({ world, items, seeds }: Sealed): string {
  return `${world.metric.padEnd(8)} ${items} items, ${seeds} seeds, spread of seeds ${world.seedSpread}, of items by arm ${world.armSpread}`
}

console.log(`Sealed: false verdicts between arms from one distribution, ${repeats} repeats`)
for (const design of sealed) print(describe(design), countFalse(design), falseVerdicts)

console.log('\nSealed: found at the smallest detectable effect, the variance known')
for (const design of sealed.filter(({ seeds }) => seeds >= 5))
  print(describe(design), countFound(design), found)

console.log(
  '\nSealed: found where each repeat forecasts it from a pilot of its own, 5 times 5 folds over 400 training rows',
)
for (const design of sealed.filter(({ items, world }) => items === 200 && world.seedSpread === 0.4))
  print(describe(design), countFoundAfterPilot(design))

type Learned = LearnerWorld & { readonly metric: Metric }

const kinds: readonly Pick<Learned, 'metric' | 'share'>[] = [
  { metric: { name: 'accuracy' }, share: 0.5 },
  { metric: { name: 'macro-f1', labels: ['0', '1'] }, share: 0.25 },
]
const learners: readonly Learned[] = kinds.flatMap(({ metric, share }) =>
  [100, 180].flatMap(rows =>
    [
      { shared: 6, own: 0, fresh: true },
      { shared: 0, own: 6, fresh: false },
      { shared: 4, own: 4, fresh: true },
    ].map(({ shared, own, fresh }) => ({ metric, share, rows, shared, own, fresh, repeats: 5, folds: 5 })),
  ),
)

console.log('\nScarce: false verdicts between learners from one distribution, 5 times 5 folds')
for (const world of learners) print(describeLearner(world), countFalseLearned(world), falseVerdicts)

console.log('\nScarce: false verdicts with so few rows that the result carries a caution')
for (const rows of [40, 60, 80]) {
  const world = { ...learners.at(-1)!, rows, shared: 2, own: 10 }
  print(describeLearner(world), countFalseLearned(world))
}

console.log('\nScarce: found at the smallest detectable effect, each repeat forecasting it from other rows')
for (const world of learners.filter(({ metric }) => metric.name === 'accuracy'))
  print(describeLearner(world), countFoundLearned(world))

console.log(missed === 0 ? '\nAll bars met.' : `\n${missed} bars missed.`)

function countFalse(design: Sealed): number {
  const random = createRandom(seed, describe(design))
  return countRepeats(() => compare(design, 0, random).p < 0.05)
}

function compare({ world, items: count, seeds }: Sealed, lift: number, random: Random): Uplift {
  const items = drawItems(world, count, random)
  const mixed = drawArm(world, items, { arm: 'mixed', replicates: seeds, lift, random })
  const rival = drawArm(world, items, { arm: 'rival', replicates: seeds, random })
  return measureUplift({ task: 'simulated', metric: metricOf(world), mixed, rival, regime: 'sealed' })
}

function countFound(design: Sealed): number {
  const { world, items, seeds } = design
  const random = createRandom(seed, `found ${describe(design)}`)
  const without = Array.from({ length: repeats }, () => compare(design, 0, random))
  const average = (part: (uplift: Uplift) => number): number =>
    without.reduce((sum, uplift) => sum + part(uplift), 0) / without.length
  const components = {
    arms: [0, 1].map(arm => ({
      seed: average(uplift => uplift.components.arms[arm]!.seed),
      residual: average(uplift => uplift.components.arms[arm]!.residual),
    })),
    item: average(uplift => uplift.components.item),
  }
  const { freedom } = expectedEstimate(components, { regime: 'sealed', seeds: [seeds, seeds], items })
  const variance = average(uplift => uplift.standardError ** 2)
  const lift = liftFor(
    world,
    random,
  )(smallestDetectable(world.metric, { variance, freedom }, { level: 0.95 }))
  return countRepeats(() => isFound(compare(design, lift, random)))
}

function countFoundAfterPilot(design: Sealed): number {
  const { world, items, seeds } = design
  const random = createRandom(seed, describe(design))
  const lift = liftFor(world, random)
  return countRepeats(() => {
    const { smallestDetectable } = forecastUplift({
      metric: metricOf(world),
      pilot: drawPilot(world, random),
      design: { regime: 'sealed', seeds: [seeds, seeds], items },
    })
    return isFound(compare(design, lift(smallestDetectable), random))
  })
}

/** Two arms of the world, cross-validated 5 times in 5 folds on 400 training rows. */
function drawPilot(world: World, random: Random): Pilot {
  const training = drawItems(world, 400, random)
  const foldRandom = random.stream(`folds ${random.next()}`)
  const draw = (arm: string) => drawFolds(world, training, { arm, repeats: 5, folds: 5, foldRandom, random })
  return { arms: [draw('mixed'), draw('rival')], models: 1 }
}

function countFalseLearned(world: Learned): number {
  const random = createRandom(seed, describeLearner(world))
  return countRepeats(() => compareLearned(world, crossValidateArms(world, random)).p < 0.05)
}

/** Half of the gain in accuracy is put on one arm, half is taken from the other. */
function countFoundLearned(world: Learned): number {
  const random = createRandom(seed, describeLearner(world))
  const trials = Array.from(
    { length: 200 },
    () => compareLearned(world, crossValidateArms(world, random)).mixed,
  )
  const right = trials.reduce((sum, score) => sum + score, 0) / trials.length
  const { repeats: times, folds, rows } = world
  const design = {
    regime: 'scarce',
    repeats: times,
    folds,
    items: rows,
    testPerTrain: 1 / (folds - 1),
  } as const
  return countRepeats(() => {
    const arms = crossValidateArms(world, random)
    const { smallestDetectable } = forecastUplift({
      metric: world.metric,
      pilot: { arms, models: 1 },
      design,
    })
    const half = smallestDetectable / 2
    const gain = { mended: half / (1 - right), spoiled: half / right }
    return isFound(compareLearned(world, crossValidateArms(world, random, gain)))
  })
}

function compareLearned({ metric }: Learned, [mixed, rival]: ReturnType<typeof crossValidateArms>): Uplift {
  return measureUplift({ task: 'learned', metric, mixed, rival, regime: 'scarce' })
}

function isFound({ p, value }: Uplift): boolean {
  return p < 0.05 && value > 0
}

function countRepeats(happens: () => boolean): number {
  let count = 0
  for (let repeat = 0; repeat < repeats; repeat++) if (happens()) count++
  return count
}

function describeLearner({ metric, rows, shared, own, fresh }: Learned): string {
  return `${metric.name.padEnd(8)} ${rows} rows, features shared ${shared}, own ${own}${fresh ? ', new noise in each fold' : ''}`
}
