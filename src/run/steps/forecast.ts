import { directionOf, scoreAnswers } from '../../evaluate/metric.ts'
import type { Design } from '../../evaluate/measure.ts'
import type { Outcome } from '../../evaluate/outcome.ts'
import { type Forecast, forecastUplift } from '../../evaluate/plan.ts'
import { roomFor } from '../../report/room.ts'
import { meanOf } from '../../stats/moments.ts'
import type { Maker, MakerInput } from './maker.ts'
import { metricOf } from './metrics.ts'
import { pilotFolds, type RivalOutcomes } from './rival.ts'

/** The smallest effect that each learnable task's comparison could show, before anyone has looked at the test rows. */
export interface TaskForecast {
  readonly task: string
  readonly metric: string
  /**
   * A true difference of this size is found four times in five; a fraction, or the metric's own unit.
   * Null where the two arms of the pilot gave the same answers, which tells nothing of how a mixture will differ, and
   * where the pilot's student is not the one that is measured.
   */
  readonly smallestDetectable: number | null
  /** Of the better arm of the pilot. */
  readonly score: number
  readonly components: Forecast['components']
}

/** Forecasts from the cross-validation of the arms without synthetic examples. */
export const makeForecast: Maker<readonly TaskForecast[]> = async input => {
  const { prepared, need } = input
  const outcomes = await need<RivalOutcomes>('rival@0')
  const tasks = prepared.tasks.filter(({ name }) => outcomes.some(({ task }) => task === name))
  return tasks.map(task => {
    const armed = (arm: string): Outcome[] =>
      outcomes.filter(each => each.task === task.name && each.arm === arm)
    const metric = metricOf(task)
    const { smallestDetectable, components } = forecastUplift({
      metric,
      pilot: { arms: [armed('real'), armed('real-weighted')], models: pilotFolds },
      design: designOf(input),
      level: 1 - 0.05 / tasks.length,
    })
    const scores = ['real', 'real-weighted'].map(arm =>
      meanOf(armed(arm).map(({ answers }) => scoreAnswers(metric, answers))),
    )
    return {
      task: task.name,
      metric: task.metric,
      // The linear student's pilot says nothing of how far the answers of a decoder scatter.
      smallestDetectable:
        input.project.student.use === 'linear' && smallestDetectable > 0 ? smallestDetectable : null,
      score: directionOf(metric) * Math.max(...scores.map(score => directionOf(metric) * score)),
      components,
    }
  })
}

/** What is told before the run goes on: what it can show, and where that is too little for what the user wants to know. */
export function tellForecast(forecasts: readonly TaskForecast[], worth: number): readonly string[] {
  return forecasts.map(({ task, metric, smallestDetectable, score }) => {
    if (smallestDetectable === null)
      return `${task}: how small a difference will show cannot be foretold from the training rows`
    if (metric === 'mean-absolute-error')
      return `${task}: a difference of ${smallestDetectable.toPrecision(3)} or more should show`
    const points = 100 * smallestDetectable
    const room = roomFor(metric, score, smallestDetectable)
    if (room === 'none')
      return `${task}: these rows are too few to show even the largest possible difference of ${metric}; the report will say how many more it takes`
    const enough =
      points <= worth
        ? ''
        : `; ${worth} would be worth it, so the report will say how many more rows it takes`
    return `${task}: a difference of ${points.toFixed(1)} points of ${metric} or more should show${room === 'worse' ? `, though real examples alone reach ${(100 * score).toFixed(1)}, which leaves room for ${(100 * (1 - score)).toFixed(1)}` : ''}${enough}`
  })
}

function designOf({ project, prepared, replicates }: MakerInput): Design {
  const { seeds, repeats } = project.evaluate
  if (prepared.regime === 'sealed') {
    return { regime: 'sealed', seeds: [seeds, seeds], items: prepared.scoredGroups }
  }
  const folds = replicates.length / repeats
  return { regime: 'scarce', repeats, folds, items: prepared.scoredGroups, testPerTrain: 1 / (folds - 1) }
}
