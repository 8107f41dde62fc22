import { adjustHolm } from '../stats/holm.ts'
import { type Collection, rowsToCollect } from './plan.ts'
import type { Uplift } from './uplift.ts'

/** A confirmatory comparison with its verdict. */
export interface JudgedUplift extends Uplift {
  /** After Holm over the tasks. */
  readonly pAdjusted: number
  readonly verdict: 'helps' | 'no-evidence' | 'hurts'
  /** What to collect before a difference of `worth` could be shown; null for errors, which are not counted in points. */
  readonly collect: Collection | null
}

/**
 * Judges the one confirmatory comparison of each task. A verdict other than `no-evidence` is false for any task with
 * probability at most 1 - `level`. `worth` is a fraction, as the scores are. Throws where a task comes twice.
 */
export function decideVerdicts(
  uplifts: readonly Uplift[],
  { level = 0.95, worth }: { readonly level?: number; readonly worth: number },
): readonly JudgedUplift[] {
  const tasks = new Set(uplifts.map(({ task }) => task))
  if (tasks.size !== uplifts.length)
    throw new Error('evaluate: more than one confirmatory comparison of a task')
  const adjusted = adjustHolm(uplifts.map(({ p }) => p))
  return uplifts.map((uplift, index) => {
    const pAdjusted = adjusted[index]!
    const direction = uplift.value > 0 ? 'helps' : 'hurts'
    return {
      ...uplift,
      pAdjusted,
      verdict: pAdjusted < 1 - level ? direction : 'no-evidence',
      collect: uplift.metric === 'mean-absolute-error' ? null : rowsToCollect({ ...uplift, worth, level }),
    }
  })
}
