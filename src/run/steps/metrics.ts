import type { Metric } from '../../evaluate/metric.ts'
import type { ResolvedTask } from '../../task/render.ts'
import { scoreItem } from '../../task/score.ts'

/** A task's metric as evaluation computes it. */
export function metricOf(task: ResolvedTask): Metric {
  if (task.kind === 'label' && task.metric === 'macro-f1')
    return { name: 'macro-f1', labels: task.labels ?? [] }
  if (task.kind === 'label') return { name: 'accuracy' }
  return {
    name: task.metric as Exclude<typeof task.metric, 'macro-f1' | 'accuracy'>,
    itemScore: ({ gold, predicted }) => scoreItem(task, gold, predicted),
  }
}
