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

/** What is reported of a task beside its own metric. */
export function metricsBeside(task: ResolvedTask): readonly Metric[] {
  const names = {
    label: [],
    number: [],
    fields: ['field-f1', 'exact-match'],
    text: ['token-f1', 'chrf', 'rouge-l', 'exact-match'],
    chat: ['token-f1', 'chrf', 'rouge-l', 'exact-match'],
  } as const
  return names[task.kind]
    .filter(name => name !== task.metric)
    .map(name => metricOf({ ...task, metric: name } as ResolvedTask))
}
