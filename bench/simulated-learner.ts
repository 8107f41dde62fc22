import type { Random } from '../src/data/random.ts'
import type { Outcome } from '../src/evaluate/outcome.ts'

/**
 * Cross-validation of a learner that really learns: nearest class mean (Rocchio) on normal features. Two arms see
 * `shared` features and `own` ones each, which are exchangeable between the arms: neither is better, though on any one
 * data set one is. `fresh` makes each fold train on a resample of its rows with noise, as generation would.
 */
export interface LearnerWorld {
  readonly rows: number
  /** Share of the second of two labels. */
  readonly share: number
  readonly shared: number
  readonly own: number
  readonly fresh: boolean
  readonly repeats: number
  readonly folds: number
}

/** Share of the first arm's wrong answers that are put right, and of the second arm's right ones that are put wrong. */
export interface Gain {
  readonly mended: number
  readonly spoiled: number
}

/** Outcomes of both arms on one drawn data set. */
export function crossValidateArms(
  world: LearnerWorld,
  random: Random,
  { mended, spoiled }: Gain = { mended: 0, spoiled: 0 },
): readonly [readonly Outcome[], readonly Outcome[]] {
  const labels = Array.from({ length: world.rows }, () => (random.next() < world.share ? 1 : 0))
  const views = drawViews(world, labels, random)
  const outcomes: [Outcome[], Outcome[]] = [[], []]
  for (let repeat = 0; repeat < world.repeats; repeat++) {
    const foldOf = dealFolds(labels, world.folds, random)
    for (let fold = 0; fold < world.folds; fold++) {
      const train = [...labels.keys()].filter(row => foldOf[row] !== fold)
      const test = [...labels.keys()].filter(row => foldOf[row] === fold)
      for (const arm of [0, 1] as const) {
        const classify = learnMeans(views[arm], labels, train, world.fresh ? random : undefined)
        outcomes[arm].push({
          task: 'learned',
          arm: arm === 0 ? 'mixed' : 'rival',
          replicate: repeat * world.folds + fold,
          answers: test.map(row => {
            const answer = classify(views[arm][row]!)
            const right = answer === labels[row]
            const turned = random.next() < (arm === 0 ? (right ? 0 : mended) : right ? spoiled : 0)
            return {
              id: `${row}`,
              group: `${row}`,
              gold: `${labels[row]}`,
              predicted: `${turned ? 1 - answer : answer}`,
            }
          }),
        })
      }
    }
  }
  return outcomes
}

function drawViews(world: LearnerWorld, labels: readonly number[], random: Random) {
  const apart = 1.8 / Math.sqrt(world.shared + world.own)
  const draw = (label: number, count: number): number[] =>
    Array.from({ length: count }, () => random.normal(label * apart))
  const shared = labels.map(label => draw(label, world.shared))
  const view = (): number[][] => labels.map((label, row) => [...shared[row]!, ...draw(label, world.own)])
  return [view(), view()] as const
}

/** Stratified by label. */
function dealFolds(labels: readonly number[], folds: number, random: Random): readonly number[] {
  const order = [0, 1].flatMap(label =>
    random.shuffle([...labels.keys()].filter(row => labels[row] === label)),
  )
  const foldOf = labels.map(() => 0)
  for (const [position, row] of order.entries()) foldOf[row] = position % folds
  return foldOf
}

function learnMeans(
  view: readonly (readonly number[])[],
  labels: readonly number[],
  train: readonly number[],
  fresh: Random | undefined,
) {
  const width = view[0]!.length
  const sums = [new Float64Array(width), new Float64Array(width)]
  const counts = [0, 0]
  for (const row of fresh ? train.map(() => fresh.pick(train)) : train) {
    const label = labels[row]!
    counts[label] = counts[label]! + 1
    for (const [column, value] of view[row]!.entries())
      sums[label]![column] = sums[label]![column]! + value + (fresh ? fresh.normal() : 0)
  }
  const distance = (features: readonly number[], label: number): number =>
    features.reduce(
      (sum, value, column) => sum + (value - sums[label]![column]! / Math.max(1, counts[label]!)) ** 2,
      0,
    )
  return (features: readonly number[]): number => (distance(features, 0) < distance(features, 1) ? 0 : 1)
}
