import { countText, differenceText, intervalText, metricText, plural, scoreText } from './figure.ts'
import type { Report } from './report-schema.ts'

type Preview = NonNullable<Report['preview']>
type PreviewTask = Preview['tasks'][number]

/** What was previewed, and with how little. */
export function previewSays(preview: Omit<Preview, 'says'>): string {
  const { base, weights, full, seeds, rows, ofRows, tasks } = preview
  const decoder = `A language model of ${countText(weights)} weights, ${base === null ? 'from scratch' : `from ${base}`}`
  const asked = full
    ? `in all ${plural(seeds, 'seed')} on all ${plural(rows, 'sealed row')}`
    : `in ${plural(seeds, 'seed')} on ${countText(rows)} of ${plural(ofRows, 'sealed row')}`
  const learned = tasks.filter(each => each.learned).map(({ task }) => task)
  const outcome =
    learned.length === 0
      ? 'It learned none of the tasks better than giving everyone the commonest answer.'
      : `Better than giving everyone the commonest answer it learned ${learned.join(', ')}.`
  return `${decoder}, for ${plural(tasks.length, 'task')} at once, ${asked}. ${outcome}`
}

/** What the arms reached, their difference, and whether that is more than knowing nothing of the request. */
export function previewTaskSays(task: Omit<PreviewTask, 'says'>, real: string): string {
  const { metric, arms, floor, learned, kind } = task
  const alone = arms.find(({ arm }) => arm === real)
  const reached = [
    ...(alone === undefined
      ? []
      : [`Real examples alone reach ${scoreText(metric, alone.figures[0]!.mean)} of ${metricText(metric)}`]),
    ...arms.flatMap(({ arm, figures, difference }) =>
      difference === null
        ? []
        : [
            `"${arm}" ${scoreText(metric, figures[0]!.mean)} (${differenceText(metric, difference.value)}: ${intervalText(metric, difference.interval)})`,
          ],
    ),
  ].join(', ')
  const commonest = `the commonest answer, given to everyone, ${scoreText(metric, floor)}`
  if (learned) return `${reached}; ${commonest}.`
  const missed = kind === 'fields' ? ' No arm learned to extract at this size.' : ''
  return `${reached}; ${commonest}, and no arm is better than that beyond chance.${missed}`
}
