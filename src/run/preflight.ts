import { isToFetch } from '../base/locate.ts'
import type { Example } from '../data/example.ts'
import { chatFormat, inspectCheckpoint } from '../model/checkpoint.ts'
import { lengthsText, preflight } from '../model/preflight.ts'
import type { LoadedProject } from '../project/project.ts'
import { stopAtErrors } from '../student/decoder-train.ts'
import { learnedTurns } from '../task/task.ts'
import { checkConflicts } from './check-answers.ts'
import { checkLeaks } from './check-leaks.ts'
import { findBase } from './place-base.ts'
import { renderRows } from './steps/fill.ts'
import type { Prepared } from './steps/prepare.ts'

/**
 * Looks at the training rows before anything is made for a decoder: tells of columns that give the answer away and of
 * rows that contradict each other, and tokenizes the rows as the base model will, where there is one. Throws a UserError
 * that names the examples which cannot be learned; what else is questionable is told before each training.
 */
export async function preflightRows(
  { project, folder }: LoadedProject,
  prepared: Prepared,
  { seed, log }: { readonly seed: number; readonly log: (message: string) => void },
): Promise<void> {
  const { student } = project
  if (student.use !== 'decoder') return
  const { train } = prepared
  for (const { message, next } of [
    ...checkLeaks(project, { train, fit: [], test: [] }),
    ...checkConflicts(project, train),
  ]) {
    log(`${message} ${next}`)
  }
  const found = findBase(student, folder)
  if (found === null || isToFetch(found)) return
  const base = found.path
  const { config, chat } = await inspectCheckpoint(base, () => {})
  const examples = renderRows(train, { tasks: prepared.tasks, attributes: project.attributes, seed })
  const limit = Math.min(student.limit, config.context)
  const turnsOf = ({ task }: Example): 'last' | 'all' => learnedTurns(project.tasks[task])
  const { findings, lengths } = preflight(chatFormat(chat, base), examples, { turnsOf, limit })
  log(lengthsText(lengths))
  stopAtErrors(findings)
}
