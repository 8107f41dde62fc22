import { fewestSealedRows, type Project } from '../project/schema.ts'
import { checkAnswers } from './check-answers.ts'
import { checkLeaks } from './check-leaks.ts'
import { cellsOutOfReach } from './check-reach.ts'
import { checkAttributes, checkConstraints, checkTargets } from './check-target.ts'
import { type CheckedRows, regimeOf, type RowWarning } from './row-warning.ts'

/** Fewer training rows than this say next to nothing. */
const fewestTraining = 20

/**
 * What is questionable in the rows, the worst first: leaks, then what cannot be learned or measured, then what is thin.
 * Every row may be looked at, since nothing is learned here. Values of local rows are counted, never quoted.
 */
export async function checkRows(
  project: Project,
  rows: CheckedRows,
  signal: AbortSignal,
): Promise<readonly RowWarning[]> {
  return [
    ...checkLeaks(project, rows),
    ...checkAnswers(project, rows),
    ...checkTargets(project, rows.train),
    ...(await cellsOutOfReach(project, rows, signal)),
    ...checkAttributes(project, rows.train),
    ...checkConstraints(project, rows.train),
    ...fewRows(project, rows),
  ]
}

function fewRows(project: Project, { train, test }: CheckedRows): readonly RowWarning[] {
  const isSealed = regimeOf(project, { train, test }) === 'sealed'
  const learned = isSealed && test.length === 0 ? train.length * (1 - project.split.test) : train.length
  const few: RowWarning[] = []
  if (learned < fewestTraining) {
    few.push({
      message: `There are ${Math.floor(learned)} training rows; with fewer than ${fewestTraining}, scores say next to nothing.`,
      next: 'Collect more before you judge by them.',
    })
  }
  if (test.length > 0 && !isSealed) {
    few.push({
      message: `The test source has ${test.length} rows, and ${fewestSealedRows} are the fewest that are sealed: all rows are cross-validated instead, those of the test source among them.`,
      next: `Add ${fewestSealedRows - test.length} test rows to measure on sealed ones.`,
    })
  }
  return few
}
