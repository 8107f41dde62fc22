import type { Random } from '../src/data/random.ts'
import type { Answer, Outcome } from '../src/evaluate/outcome.ts'
import { normalQuantile } from '../src/stats/distributions.ts'

/**
 * Arms whose answers follow a known law. The log odds of a right answer are the sum of a base, what makes the item
 * hard for every arm, what makes it hard for this arm, and what this seed does with the item's label; a wrong answer
 * is any other label. Two arms of one world are draws from one distribution.
 */
export interface World {
  readonly metric: 'accuracy' | 'macro-f1'
  /** Share of each label. */
  readonly shares: readonly number[]
  /** Base log odds of each label. */
  readonly base: readonly number[]
  /** Standard deviations, in log odds. */
  readonly itemSpread: number
  readonly armSpread: number
  readonly seedSpread: number
}

export interface SimulatedItem {
  readonly id: string
  readonly label: number
  readonly difficulty: number
}

export function drawItems(world: World, count: number, random: Random): readonly SimulatedItem[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `item ${index}`,
    label: random.weighted(world.shares),
    difficulty: random.normal(0, world.itemSpread),
  }))
}

/** One arm over all items, under `replicates` seeds. `lift` is added to its log odds. */
export function drawArm(
  world: World,
  items: readonly SimulatedItem[],
  { arm, replicates, lift = 0, random }: { arm: string; replicates: number; lift?: number; random: Random },
): readonly Outcome[] {
  const ask = drawProfile(world, items, lift, random)
  return Array.from({ length: replicates }, (_, replicate) => ({
    task: 'simulated',
    arm,
    replicate,
    answers: ask(items.map((_, index) => index)),
  }))
}

/** One arm by repeated cross-validation: each fold is answered under a seed of its own. */
export function drawFolds(
  world: World,
  items: readonly SimulatedItem[],
  plan: { arm: string; repeats: number; folds: number; foldRandom: Random; random: Random },
): readonly Outcome[] {
  const ask = drawProfile(world, items, 0, plan.random)
  return Array.from({ length: plan.repeats }, (_, repeat) => {
    const dealt = plan.foldRandom.stream(`repeat ${repeat}`).shuffle(items.map((_, index) => index))
    return Array.from({ length: plan.folds }, (_, fold) => ({
      task: 'simulated',
      arm: plan.arm,
      replicate: repeat * plan.folds + fold,
      answers: ask(dealt.filter((_, position) => position % plan.folds === fold)),
    }))
  }).flat()
}

function drawProfile(world: World, items: readonly SimulatedItem[], lift: number, random: Random) {
  const odds = items.map(
    ({ label, difficulty }) => world.base[label]! + lift + difficulty + random.normal(0, world.armSpread),
  )
  return (asked: readonly number[]): readonly Answer[] => {
    const seed = world.shares.map(() => random.normal(0, world.seedSpread))
    return asked.map(index => {
      const { id, label } = items[index]!
      const right = random.next() < logistic(odds[index]! + seed[label]!)
      const answer = right
        ? label
        : (label + random.integer(1, world.shares.length - 1)) % world.shares.length
      return { id, group: id, gold: String(label), predicted: String(answer) }
    })
  }
}

/** The lift whose expected gain in the metric, over endless items and seeds, is `gain`. */
export function liftFor(world: World, random: Random): (gain: number) => number {
  const seeds = Array.from({ length: 400 }, () => world.shares.map(() => random.normal(0, world.seedSpread)))
  const lifts = Array.from({ length: 101 }, (_, step) => step / 25)
  const scores = lifts.map(lift => expectedScore(world, lift, seeds))
  return gain => {
    const wanted = scores[0]! + gain
    const above = scores.findIndex(score => score >= wanted)
    if (above < 0) throw new Error(`no lift gains ${gain}`)
    if (above === 0) return 0
    const share = (wanted - scores[above - 1]!) / (scores[above]! - scores[above - 1]!)
    return lifts[above - 1]! + share * (lifts[above]! - lifts[above - 1]!)
  }
}

/** Mean over seeds of the score on endless items. */
function expectedScore(world: World, lift: number, seeds: readonly (readonly number[])[]): number {
  const spread = Math.hypot(world.itemSpread, world.armSpread)
  const scores = seeds.map(seed => {
    const recalls = world.base.map((base, label) =>
      mean(grid.map(z => logistic(base + lift + seed[label]! + spread * z))),
    )
    if (world.metric === 'accuracy')
      return recalls.reduce((sum, value, label) => sum + value * world.shares[label]!, 0)
    const missed = recalls.map((value, label) => ((1 - value) * world.shares[label]!) / (recalls.length - 1))
    const strayTotal = missed.reduce((sum, value) => sum + value, 0)
    return mean(
      recalls.map((value, label) => {
        const hits = value * world.shares[label]!
        return (2 * hits) / (world.shares[label]! + hits + strayTotal - missed[label]!)
      }),
    )
  })
  return mean(scores)
}

/** Points of equal probability on the normal distribution. */
const grid = Array.from({ length: 40 }, (_, index) => normalQuantile((index + 0.5) / 40))

function logistic(odds: number): number {
  return 1 / (1 + Math.exp(-odds))
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
