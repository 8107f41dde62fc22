import { residualVariance } from '../stats/crossed.ts'
import { normalQuantile, studentQuantile } from '../stats/distributions.ts'
import { meanOf, varianceOf } from '../stats/moments.ts'
import type { CurveErrors } from '../stats/power-law.ts'
import { measureArms, type Regime, tabulateFolds } from './measure.ts'
import { directionOf, type Metric } from './metric.ts'
import type { Outcome } from './outcome.ts'
import { sharedItems, tabulate } from './table.ts'

/** The arm without synthetic examples, trained on so many of the real examples in every replicate. */
export interface CurveArm {
  /** Real training examples, the mean over replicates. */
  readonly examples: number
  readonly outcomes: readonly Outcome[]
}

/** Errors of a curve's points and of the mixed arm, on the same items, with what they vary together. */
export type JudgedCurve = Required<CurveErrors>

/** One arm, item by item. */
interface Judged {
  readonly error: number
  /** [item]: the item's part in the error, the mean over replicates. */
  readonly profile: Float64Array
  /** Between replicates, of the error, beyond what the items' own noise makes. */
  readonly seed: number
  readonly replicates: number
}

/**
 * The errors (1 less the score, or the metric itself where less is better) of all points and of the mixed arm, with
 * their covariance. What is had on the same items varies together: the covariance of the items' parts (jackknife). Each
 * replicate draws its own nested subsets: a smaller one varies with the larger one around it as sums of exchangeable
 * draws do, by a part of the squared error in proportion to 1/size - 1/largest. In cross-validation the items' part is
 * corrected for what folds share (Nadeau and Bengio 2003). All is widened as t is over the normal distribution, with
 * the degrees of freedom of the mixed arm's difference from the largest point. The real rows are taken as they are, as the
 * uplift takes them. Throws where the arms did not answer the same items.
 */
export function judgeCurve(given: {
  readonly metric: Metric
  readonly curve: readonly CurveArm[]
  readonly mixed: readonly Outcome[]
  readonly regime: Regime
}): JudgedCurve {
  const { metric, curve, mixed, regime } = given
  const arms = [...curve.map(({ outcomes }) => outcomes), mixed]
  const { estimate } = measureArms({ metric, arms: [mixed, curve.at(-1)!.outcomes], regime })
  const wider = (studentQuantile(0.975, estimate.freedom) / normalQuantile(0.975)) ** 2
  const { judged, share } = regime === 'sealed' ? judgeSealed(metric, arms) : judgeFolds(metric, arms)
  const points = judged.slice(0, -1)
  const other = judged.at(-1)!
  const sizes = curve.map(({ examples }) => examples)
  const draws = drawCovariance(points, sizes)
  const onItems = (first: Judged, second: Judged): number =>
    (share * covarianceOf(first.profile, second.profile)) / first.profile.length
  return {
    sizes,
    errors: points.map(({ error }) => error),
    covariance: points.flatMap((row, i) =>
      points.map((column, j) => wider * (onItems(row, column) + draws(i, j))),
    ),
    other: {
      error: other.error,
      variance: wider * (onItems(other, other) + other.seed / other.replicates),
      covariance: points.map(point => wider * onItems(point, other)),
    },
  }
}

type ItemTables = ReturnType<typeof tabulateFolds>['tables']

function judgeSealed(metric: Metric, arms: readonly (readonly Outcome[])[]) {
  const items = sharedItems(arms.flat())
  return {
    judged: judgeTables(
      metric,
      arms.map(outcomes => tabulate(metric, outcomes, items)),
    ),
    share: 1,
  }
}

/** `share`: what the items' variance counts for; each fold's score and what all folds have in common. */
function judgeFolds(metric: Metric, arms: readonly (readonly Outcome[])[]) {
  const { tables, folds } = tabulateFolds(metric, arms)
  const repeats = tables[0]!.scores.length
  return { judged: judgeTables(metric, tables), share: 1 / repeats + folds / (folds - 1) }
}

function judgeTables(metric: Metric, tables: ItemTables): readonly Judged[] {
  return tables.map(({ scores, parts }) => {
    const profile = parts[0]!.map((_, item) => meanOf(parts.map(each => each[item]!)))
    const score = meanOf(scores)
    return {
      error: directionOf(metric) === 1 ? 1 - score : score,
      profile: directionOf(metric) === 1 ? profile.map(part => -part) : profile,
      seed: Math.max(0, varianceOf(scores) - residualVariance(parts, profile) / profile.length),
      replicates: scores.length,
    }
  })
}

/** What the draws of the subsets add to the covariance of two points, smaller sizes first. */
function drawCovariance(points: readonly Judged[], sizes: readonly number[]) {
  const largest = sizes.at(-1)!
  const relative = points.map(({ seed, error }) => seed / Math.max(error, 1e-9) ** 2)
  const steady = relative.at(-1)!
  const reach = sizes.map(size => 1 / size - 1 / largest)
  const excess = relative.reduce((sum, value) => sum + value - steady, 0)
  const reached = reach.reduce((sum, value) => sum + value, 0)
  // One size alone says nothing of how draws of smaller ones vary.
  const rate = reached > 0 ? Math.max(0, excess / reached) : 0
  return (i: number, j: number): number => {
    const together = rate * Math.min(reach[i]!, reach[j]!) + (i === j ? steady : 0)
    return (together * points[i]!.error * points[j]!.error) / points[i]!.replicates
  }
}

function covarianceOf(first: Float64Array, second: Float64Array): number {
  const [middle, other] = [meanOf(first), meanOf(second)]
  const products = first.reduce((sum, value, index) => sum + (value - middle) * (second[index]! - other), 0)
  return products / (first.length - 1)
}
