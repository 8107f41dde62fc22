import { type ArmCalibration, compareConfidence, measureCalibration } from '../../evaluate/calibration.ts'
import type { Regime } from '../../evaluate/measure.ts'
import type { Outcome } from '../../evaluate/outcome.ts'
import type { ResolvedTask } from '../../task/render.ts'
import type { Rival } from './evaluate.ts'

/** Whether the probabilities of each arm are to be believed, and whether mixing changed that. */
export interface TaskCalibration {
  readonly task: string
  readonly arm: string
  readonly rival: string
  /** The mixed arm, its rival, and then the others. */
  readonly arms: readonly ArmCalibration[]
  /** By how much more overconfident the mixed arm is than its rival. */
  readonly change: { readonly value: number; readonly interval: readonly [number, number] }
}

/** The calibration of every arm that answered in all replicates; null where the student gives no probabilities. */
export function calibrateTask(
  regime: Regime,
  compared: {
    readonly task: ResolvedTask
    readonly arm: string
    readonly mixed: readonly Outcome[]
    readonly rival: Rival
    readonly outcomes: readonly Outcome[]
  },
): TaskCalibration | null {
  const { task, arm, mixed, rival, outcomes } = compared
  const others = [...Map.groupBy(outcomes, outcome => outcome.arm)].filter(
    ([name, own]) => name !== arm && name !== rival.arm && own.length === mixed.length,
  )
  const [first, second, ...rest] = [mixed, rival.outcomes, ...others.map(([, own]) => own)].map(own =>
    measureCalibration(own, regime),
  )
  if (!first || !second) return null
  return {
    task: task.name,
    arm,
    rival: rival.arm,
    // Where the rival is chosen in every fold, its outcomes are of two arms: it goes by the name of the one chosen most.
    arms: [first, { ...second, arm: rival.arm }, ...rest.filter(each => each !== null)],
    change: compareConfidence(mixed, rival.outcomes, regime),
  }
}
