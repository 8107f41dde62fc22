import { UserError } from '../error.ts'
import type { Task } from './task.ts'

/** The labels of a label task in report order. Throws a UserError for a task that has none, or that is not resolved yet. */
export function labelsOf(task: Task): readonly string[] {
  if (task.kind === 'label' && task.labels !== undefined) return task.labels
  throw new UserError(
    `The task ${task.name} has no labels.`,
    'Declare its `labels`, or resolve it with the real training rows.',
  )
}
