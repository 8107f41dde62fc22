import { type Conflicts, findConflicts } from '../../gaps/conflicts.ts'
import { type Coverage, measureCoverage } from '../../gaps/coverage.ts'
import { type Gaps, measureGaps } from '../../gaps/measure.ts'
import { measureUnseen, type Unseen } from '../../gaps/unseen.ts'
import type { Maker } from './maker.ts'

/** What the real training rows do not cover, and what is wrong among them. */
export interface MeasuredGaps extends Gaps {
  readonly coverage: readonly Coverage[]
  readonly unseen: readonly Unseen[]
  readonly conflicts: Conflicts
  /** Training rows whose content is that of a dev or test row. */
  readonly repeatedInTest: number
}

/** Counts what the real training rows cover against the target, for the first mixture. */
export const makeGaps: Maker<MeasuredGaps> = async ({ project, prepared }) => {
  const [mixture] = Object.values(project.mixtures)
  const { attributes, target } = project
  const rows = prepared.train.map(({ row }) => row)
  const synthetic = Math.round((mixture?.perReal ?? 0) * rows.length)
  const answers = Object.values(project.tasks).flatMap(task => (task.kind === 'label' ? [task.answer] : []))
  return {
    ...measureGaps({ rows, attributes, target, synthetic }),
    coverage: measureCoverage(rows, attributes),
    unseen: measureUnseen({
      rows,
      columns: prepared.schema.columns,
      closed: [...attributes, ...answers],
      synthetic,
    }),
    conflicts: findConflicts(prepared.train, prepared.tasks),
    repeatedInTest: prepared.repeatedInTest,
  }
}
