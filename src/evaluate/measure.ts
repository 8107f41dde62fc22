import {
  crossedVariance,
  expectedVariance,
  type ScoreTable,
  type VarianceComponents,
} from '../stats/crossed.ts'
import { meanOf } from '../stats/moments.ts'
import {
  expectedResampledVariance,
  resampledVariance,
  resamplingComponents,
  type Resampling,
  type ResamplingDesign,
} from '../stats/resampled.ts'
import type { Estimate } from '../stats/satterthwaite.ts'
import type { Metric } from './metric.ts'
import type { Outcome } from './outcome.ts'
import { poolRepeats } from './repeats.ts'
import { type Items, sharedItems, tabulate } from './table.ts'

/** `sealed`: one test set, seeds vary. `scarce`: repeated cross-validation, the whole loop refitted in each fold. */
export type Regime = 'sealed' | 'scarce'

/** What the precision of a measurement hangs on; `items` counts groups, which are what was drawn. */
export type Design =
  | { readonly regime: 'sealed'; readonly seeds: readonly number[]; readonly items: number }
  | ({ readonly regime: 'scarce' } & ResamplingDesign)

/** The score of one arm, or the difference of two. */
export interface Measurement {
  /** Mean score of each arm over its replicates. */
  readonly means: readonly number[]
  /** Each arm's score in each replicate; in cross-validation in each repeat, its folds pooled. */
  readonly scores: readonly (readonly number[])[]
  /** Of the mean score of one arm, or of the difference of two. */
  readonly estimate: Estimate
  readonly components: VarianceComponents
  readonly design: Design
  readonly items: Items
}

/** Numbers of rows in one fold of cross-validation. */
export interface FoldSizes {
  readonly train: number
  readonly test: number
}

/** Measures one arm or compares two on the same items. Throws where the arms did not answer the same items. */
export function measureArms(given: {
  readonly metric: Metric
  readonly arms: readonly (readonly Outcome[])[]
  readonly regime: Regime
  readonly folds?: FoldSizes
}): Measurement {
  return given.regime === 'sealed' ? measureSealed(given.metric, given.arms) : measureScarce(given)
}

/** The variance that a measurement of this design is expected to have. */
export function expectedEstimate(components: VarianceComponents, design: Design): Estimate {
  return design.regime === 'sealed'
    ? expectedVariance(components, design)
    : expectedResampledVariance(components, design)
}

function measureSealed(metric: Metric, arms: readonly (readonly Outcome[])[]): Measurement {
  const items = sharedItems(arms.flat())
  const tables = arms.map(outcomes => tabulate(metric, outcomes, items))
  const { components, ...estimate } = crossedVariance(tables)
  return {
    means: tables.map(({ scores }) => meanOf(scores)),
    scores: tables.map(({ scores }) => scores),
    estimate,
    components,
    design: { regime: 'sealed', seeds: arms.map(outcomes => outcomes.length), items: items.groups.length },
    items,
  }
}

function measureScarce({ metric, arms, folds: sizes }: Parameters<typeof measureArms>[0]): Measurement {
  const { items, tables, resamplings, folds } = tabulateFolds(metric, arms)
  const difference = subtract(resamplings)
  const testPerTrain = sizes ? sizes.test / sizes.train : 1 / (folds - 1)
  return {
    means: tables.map(({ scores }) => meanOf(scores)),
    scores: tables.map(({ scores }) => scores),
    estimate: resampledVariance(difference, testPerTrain),
    components: componentsOf(difference),
    design: {
      regime: 'scarce',
      repeats: difference.values.length,
      folds,
      items: items.groups.length,
      testPerTrain,
    },
    items,
  }
}

/** A fold is trained under a seed of its own, so that the difference counts as one arm. */
function componentsOf(difference: Resampling): VarianceComponents {
  const { item, seed, residual } = resamplingComponents(difference)
  return { arms: [{ seed: Math.max(0, seed), residual }], item: Math.max(0, item) }
}

/** Cross-validated arms item by item. Throws where they were not cross-validated on the same folds. */
export function tabulateFolds(metric: Metric, arms: readonly (readonly Outcome[])[]) {
  const repeats = arms.map(poolRepeats)
  const items = sharedItems(repeats.flatMap(({ pooled }) => pooled))
  const tables = repeats.map(({ pooled }) => tabulate(metric, pooled, items))
  const folds = repeats[0]!.foldOf.map(repeat => Int32Array.from(items.groups, group => repeat.get(group)!))
  for (const { foldOf } of repeats) {
    const same =
      foldOf.length === folds.length &&
      foldOf.every((repeat, index) =>
        items.groups.every((group, item) => repeat.get(group) === folds[index]![item]),
      )
    if (!same) throw new Error(`evaluate: the arms were not cross-validated on the same folds`)
  }
  return {
    items,
    tables,
    folds: repeats[0]!.folds,
    resamplings: tables.map((table): Resampling => ({ values: contributions(table), foldOf: folds })),
  }
}

/** What each item contributes to the score of its repeat, so that the mean over items is that score. */
function contributions({ scores, parts }: ScoreTable): readonly Float64Array[] {
  return parts.map((repeat, index) => repeat.map(part => scores[index]! + part))
}

/** The difference of two arms, item by item; of one arm, itself. */
export function subtract([first, second]: readonly Resampling[]): Resampling {
  if (second === undefined) return first!
  return {
    values: first!.values.map((repeat, index) =>
      repeat.map((value, item) => value - second.values[index]![item]!),
    ),
    foldOf: first!.foldOf,
  }
}
