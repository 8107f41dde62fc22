import type { TunedArm } from './tune.ts'

/** Examples of an arm over the tasks that its student learned; over all tasks where it learned none. */
export function countLearned(
  counts: TunedArm['counts'],
  learned: readonly string[],
): { readonly real: number; readonly synthetic: number } {
  const counted = (learned.length > 0 ? learned : Object.keys(counts)).flatMap(task => counts[task] ?? [])
  return {
    real: counted.reduce((sum, { real }) => sum + real, 0),
    synthetic: counted.reduce((sum, { synthetic }) => sum + synthetic, 0),
  }
}
