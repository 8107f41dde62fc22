import { chatFormat, inspectCheckpoint } from '../model/checkpoint.ts'
import { preflight } from '../model/preflight.ts'
import type { LoadedProject } from '../project/project.ts'
import { stopAtErrors } from '../student/decoder.ts'
import { placeStudent } from './place-base.ts'
import { renderRows } from './steps/fill.ts'
import type { Prepared } from './steps/prepare.ts'

/**
 * Tokenizes the training rows as a project's base model will, before anything is made. Throws a UserError that names
 * the examples which cannot be learned; what is questionable is told before each training.
 */
export async function preflightRows(
  { project, folder }: LoadedProject,
  prepared: Prepared,
  seed: number,
): Promise<void> {
  const student = placeStudent(project.student, folder)
  if (student.use !== 'decoder' || student.base === null) return
  const { base } = student
  const { config, chat } = await inspectCheckpoint(base, () => {})
  const examples = renderRows(prepared.train, {
    tasks: prepared.tasks,
    attributes: project.attributes,
    seed,
  })
  const limit = Math.min(student.limit, config.context)
  stopAtErrors(preflight(chatFormat(chat, base), examples, { turns: student.learn, limit }).findings)
}
