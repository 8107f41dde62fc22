import type { CurveArm } from '../../evaluate/curve-errors.ts'
import type { Metric } from '../../evaluate/metric.ts'
import type { Outcome } from '../../evaluate/outcome.ts'
import { measureEquivalent, type RealEquivalent } from '../../evaluate/real-equivalent.ts'
import { meanOf } from '../../stats/moments.ts'
import type { ResolvedTask } from '../../task/render.ts'
import type { Rival } from './evaluate.ts'
import type { GrownParts } from './grow.ts'
import type { MakerInput } from './maker.ts'

/** What one arm's synthetic examples were worth in real ones, for one task. */
export type TaskEquivalent = RealEquivalent & {
  readonly task: string
  readonly metric: string
  readonly arm: string
  readonly rival: string
}

/** Reads the mixed arm's score off the curve of the rival on growing parts of the real rows. */
export async function measureTaskEquivalent(
  { prepared, replicates, need }: MakerInput,
  compared: {
    readonly task: ResolvedTask
    readonly metric: Metric
    readonly arm: string
    readonly mixed: readonly Outcome[]
    readonly rival: Rival
  },
): Promise<TaskEquivalent> {
  const { task, metric, arm, mixed, rival } = compared
  const grown = await Promise.all(replicates.map(({ index }) => need<GrownParts>(`grow@${index}`)))
  const answers = await Promise.all(
    replicates.map(({ index }) => need<readonly Outcome[]>(`answer:curve@${index}`)),
  )
  const outcomes = answers.flat().filter(outcome => outcome.task === task.name)
  const parts = grown.flatMap(each => each.parts.filter(part => part.examples[task.name] !== undefined))
  const byArm = [...Map.groupBy(parts, part => part.arm)]
    // Folds differ by a row or two: a part that is too small in one of them is left out of all.
    .filter(([, own]) => own.length === replicates.length)
    .toSorted(([, [a]], [, [b]]) => a!.share - b!.share)
  const curve: CurveArm[] = byArm.map(([name, own]) => ({
    examples: meanOf(own.map(part => part.examples[task.name]!)),
    outcomes: outcomes.filter(outcome => outcome.arm === name),
  }))
  const whole = {
    examples: meanOf(grown.map(({ examples }) => examples[task.name]!)),
    outcomes: rival.outcomes,
  }
  const found = measureEquivalent({
    metric,
    curve: [...curve, whole],
    mixed,
    regime: prepared.regime,
  })
  return { task: task.name, metric: metric.name, arm, rival: rival.arm, ...found }
}
