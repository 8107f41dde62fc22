import type { TunedArm } from '../run/steps/tune.ts'
import { exitCodes } from './exit.ts'
import { bySubject, defineStageCommand } from './stage.ts'
import { formatTable } from './text.ts'

export const tuneCommand = defineStageCommand({
  name: 'tune',
  summary: 'Trains a student on each training set.',
  details:
    'Trains on the real examples alone, on them weighted and repeated, on the synthetic ones alone, and on each mixture.',
  show(result, terminal) {
    const arms = bySubject<TunedArm>(result)
    const rows = arms.flatMap(([arm, { counts }]) =>
      Object.entries(counts).map(([task, { real, synthetic }]) => [arm, task, real, synthetic]),
    )
    terminal.out(formatTable(['training set', 'task', 'real', 'synthetic'], rows))
    const skipped = Object.keys(arms[0]?.[1].counts ?? {}).filter(
      task => !arms.some(([, { models }]) => Object.hasOwn(models, task)),
    )
    if (skipped.length > 0)
      terminal.note(
        `Not learned by this student: ${skipped.join(', ')}. Their examples are only written out.`,
      )
    return exitCodes.done
  },
  plain: result =>
    Object.fromEntries(
      bySubject<TunedArm>(result).map(([name, { arm, counts }]) => [name, { ...arm, counts }]),
    ),
})
