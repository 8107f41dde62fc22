import { measureArms } from '../evaluate/measure.ts'
import { directionOf, scoreAnswers } from '../evaluate/metric.ts'
import type { Answer, Outcome } from '../evaluate/outcome.ts'
import type { MeasuredArm } from '../mix/choose.ts'
import { armText, realOnly, type SearchArm } from '../mix/search-arms.ts'
import { meanOf } from '../stats/moments.ts'
import type { ResolvedTask } from '../task/render.ts'
import type { FoldAnswers } from './search-fold.ts'
import { metricOf } from './steps/metrics.ts'

/**
 * Each arm's score, its difference to real only pair by pair, and the standard error of that, corrected for what the
 * folds of repeated cross-validation share (`resampledVariance`). Every fold is scored under the penalty that did best on
 * the items of all other folds, so that an arm gets no credit for a penalty that fits the noise of what it is scored on.
 *
 * With several tasks an arm's score is the mean of its scores, and so is the difference; the mean of the tasks' standard
 * errors is never less than the standard error of that mean, however the tasks hang together.
 */
export function measureSearch(
  answers: readonly FoldAnswers[],
  given: {
    readonly arms: readonly SearchArm[]
    readonly tasks: readonly ResolvedTask[]
    /** Tried in this order: of equally good ones the first. */
    readonly strengths: readonly number[]
  },
): readonly MeasuredArm[] {
  const tuned = given.arms.map(arm => ({
    arm,
    ...tuneAcrossFolds(
      answers.filter(each => armText(each.arm) === armText(arm)),
      given,
    ),
  }))
  const real = tuned.find(({ arm }) => arm.perReal === realOnly.perReal)!
  return tuned.map(({ arm, C, outcomes }) => {
    const tasks = given.tasks.map(task => {
      const own = outcomes.filter(each => each.task === task.name)
      const rival = real.outcomes.filter(each => each.task === task.name)
      const metric = metricOf(task)
      const { means, estimate } = measureArms({ metric, arms: [own, rival], regime: 'scarce' })
      return {
        score: means[0]!,
        difference: directionOf(metric) * (means[0]! - means[1]!),
        standardError: Math.sqrt(estimate.variance),
        freedom: estimate.freedom,
      }
    })
    return {
      ...arm,
      C,
      score: meanOf(tasks.map(({ score }) => score)),
      difference: meanOf(tasks.map(({ difference }) => difference)),
      standardError: meanOf(tasks.map(({ standardError }) => standardError)),
      freedom: arm === real.arm ? null : Math.min(...tasks.map(({ freedom }) => freedom)),
    }
  })
}

/** The best penalty of one arm, and its answers to each fold under the penalty that is best without the fold's items. */
function tuneAcrossFolds(
  answers: readonly FoldAnswers[],
  { tasks, strengths }: { readonly tasks: readonly ResolvedTask[]; readonly strengths: readonly number[] },
): { readonly C: number; readonly outcomes: readonly Outcome[] } {
  const ofStrength = Map.groupBy(answers, ({ C }) => C)
  const best = (without: ReadonlySet<string>): number => {
    const scores = strengths.map(C =>
      meanOf(
        tasks.map(task => {
          const own = ofStrength
            .get(C)!
            .filter(({ outcome }) => outcome.task === task.name)
            .flatMap(({ outcome }) => outcome.answers.filter(({ group }) => !without.has(group)))
          const metric = metricOf(task)
          return directionOf(metric) * scoreAnswers(metric, own)
        }),
      ),
    )
    return strengths[scores.indexOf(Math.max(...scores))]!
  }
  const folds = Map.groupBy(answers, ({ outcome }) => outcome.replicate)
  return {
    C: best(new Set()),
    outcomes: [...folds.values()].flatMap(fold => {
      const C = best(new Set(fold.flatMap(({ outcome }) => outcome.answers.map(groupOf))))
      return fold.filter(each => each.C === C).map(({ outcome }) => outcome)
    }),
  }
}

function groupOf({ group }: Answer): string {
  return group
}
