import type { Example } from '../../data/example.ts'
import { type ArmSummary, summariseArm } from '../../evaluate/arm-summary.ts'
import { directionOf, scoreAnswers } from '../../evaluate/metric.ts'
import type { Outcome } from '../../evaluate/outcome.ts'
import { measureUplift } from '../../evaluate/uplift.ts'
import type { ResolvedTask } from '../../task/render.ts'
import { commonestAnswer } from './commonest-answer.ts'
import { renderRows } from './fill.ts'
import type { Maker } from './maker.ts'
import { metricOf, metricsBeside } from './metrics.ts'
import { previewTasks } from './preview-tune.ts'

/** What the preview's decoders reached in one task. */
export interface PreviewedTask {
  readonly task: string
  readonly metric: string
  /** Held-out examples. */
  readonly items: number
  /** The score of the one answer that is commonest among the real training examples, given to every request. */
  readonly floor: number
  readonly summaries: readonly ArmSummary[]
  /** Whether less is better. */
  readonly isError: boolean
  /** Of each further arm to the real examples alone; positive where it is better. */
  readonly differences: readonly {
    readonly arm: string
    readonly value: number
    readonly interval: readonly [number, number]
  }[]
}

/** The arm that the others are compared with. */
export const REAL = 'real'

/** Measures the arms of the preview on their part of the held-out rows: nothing is decided by it. */
export const makePreview: Maker<readonly PreviewedTask[]> = async input => {
  const { step, project, prepared, replicates, need } = input
  const asked = step.needs.filter(name => name.startsWith('preview-answer@'))
  const outcomes = (await Promise.all(asked.map(name => need<readonly Outcome[]>(name)))).flat()
  const tasks = previewTasks(input)
  const how = { tasks, attributes: project.attributes, seed: replicates[0]!.seed }
  const real = renderRows(prepared.train, how)
  return tasks.flatMap((task): PreviewedTask[] => {
    const own = outcomes.filter(outcome => outcome.task === task.name)
    // An arm that had nothing to learn from under some seed cannot be compared.
    const arms = [...Map.groupBy(own, ({ arm }) => arm).values()].filter(
      ({ length }) => length === asked.length,
    )
    const alone = arms.find(([first]) => first!.arm === REAL)
    if (alone === undefined) return []
    const metric = metricOf(task)
    const labels = task.kind === 'label' ? { labels: task.labels! } : {}
    const examples = real.filter(example => example.task === task.name)
    return [
      {
        task: task.name,
        metric: metric.name,
        isError: directionOf(metric) < 0,
        items: alone[0]!.answers.length,
        floor: scoreAnswers(metric, answerAlike(task, examples, alone[0]!)),
        summaries: arms.map(outcomesOfArm =>
          summariseArm({
            outcomes: outcomesOfArm,
            metric,
            regime: 'sealed',
            beside: metricsBeside(task),
            ...labels,
          }),
        ),
        differences: arms
          .filter(arm => arm !== alone)
          .map(mixed => {
            const compared = { task: task.name, metric, mixed, rival: alone, regime: 'sealed' } as const
            const { value, interval } = measureUplift(compared)
            return { arm: mixed[0]!.arm, value, interval }
          }),
      },
    ]
  })
}

/** The held-out examples, each answered with the commonest answer of the real training examples. */
function answerAlike(
  task: ResolvedTask,
  examples: readonly Example[],
  { answers }: Outcome,
): Outcome['answers'] {
  const golds = examples.map(({ messages }) => messages.at(-1)!.content)
  const predicted = commonestAnswer(task, golds)
  return answers.map(answer => ({ ...answer, predicted }))
}
