import type { Project } from '../../project/schema.ts'
import type { Noted } from '../../validate/validation.ts'
import { descendsFromLocal } from '../plan-replicate.ts'
import type { Prepared } from './prepare.ts'

/** What a reader must know to read the figures right, beyond the figures. */
export function writeNotes(project: Project, prepared: Prepared, noted: readonly Noted[]): string[] {
  const notes = [
    prepared.regime === 'sealed'
      ? `Sealed regime: the real rows are fixed and ${project.evaluate.seeds} seeds vary generation and training; counts of generated rows are sums over the seeds.`
      : `Scarce regime: ${project.evaluate.repeats} times ${project.evaluate.folds}-fold cross-validation with the whole loop refitted in every fold; counts of generated rows are sums over the folds.`,
  ]
  if (project.preview !== undefined && prepared.regime === 'scarce')
    notes.push('The preview was left out: it is measured on sealed rows, and there are too few.')
  const local = Object.keys(project.generators).filter(name => descendsFromLocal(project, name))
  if (local.length > 0) {
    notes.push(
      `Fitted on rows that may not leave this machine: ${local.join(', ')}. What they make is synthetic data without a differential-privacy guarantee; mixtures with it are kept under .tilth/private.`,
    )
  }
  if (prepared.repeatedInTest > 0) {
    notes.push(
      `${prepared.repeatedInTest} of ${prepared.train.length} real training rows have the same content as a dev or test row.`,
    )
  }
  for (const task of prepared.tasks) {
    if (
      task.kind !== 'chat' &&
      task.wordings.train.length === 1 &&
      task.wordings.heldOut[0]?.prompt === task.wordings.train[0]?.prompt
    ) {
      notes.push(`Task "${task.name}" has one wording, so it is tested with the wording it was trained on.`)
    }
  }
  for (const [note, found] of Map.groupBy(noted, each => each.note)) {
    notes.push(
      `${note} Accepted rows that it applies to: ${found.reduce((sum, { count }) => sum + count, 0)}.`,
    )
  }
  return notes
}
