import type { Measurement } from './measure.ts'
import type { Metric } from './metric.ts'
import type { Outcome } from './outcome.ts'

/** With fewer held-out groups of a label, each is more than a tenth of its recall. */
const fewestOfLabel = 10
const fewestSealedItems = 200
/** With fewer, simulated learners had 7 to 11 % false verdicts instead of 5 % (bench/uplift-calibration.ts). */
const fewestScarceItems = 100
const fewestSeeds = 5

/** Why the interval is less sure than it says, in sentences; empty where there is no reason. */
export function findCautions(given: {
  readonly metric: Metric
  readonly arms: readonly (readonly Outcome[])[]
  readonly measured: Measurement
}): readonly string[] {
  const { measured } = given
  return [
    ...(measured.design.regime === 'sealed' ? sealedCautions(given) : scarceCautions(measured)),
    ...labelCautions(given),
    ...(measured.estimate.variance === 0
      ? ['No answer differed between seeds and items: the interval has no width, which says little.']
      : []),
  ]
}

function sealedCautions(given: Parameters<typeof findCautions>[0]): readonly string[] {
  const { arms, measured } = given
  const groups = measured.items.groups.length
  const small =
    groups < fewestSealedItems
      ? [
          `The test set has ${groups} independent items, fewer than the ${fewestSealedItems} that a sealed test asks for.`,
        ]
      : []
  const seeds = arms.flatMap((outcomes, arm) => {
    const name = outcomes[0]!.arm
    if (outcomes.length === 1)
      return [`Arm "${name}" was trained once: how much it varies is not in the interval.`]
    const varies = measured.components.arms[arm]!.residual > 0
    return outcomes.length < fewestSeeds && varies
      ? [`Arm "${name}" was trained under ${outcomes.length} seeds, fewer than ${fewestSeeds}.`]
      : []
  })
  return [...small, ...seeds]
}

function scarceCautions({ design, items }: Measurement): readonly string[] {
  const cautions: string[] = []
  if (items.groups.length < fewestScarceItems)
    cautions.push(
      `Cross-validation over ${items.groups.length} independent items, fewer than ${fewestScarceItems}: the interval may be too narrow.`,
    )
  if (design.regime === 'scarce' && design.repeats === 1)
    cautions.push('Cross-validation was not repeated: the interval is wider than it need be.')
  return cautions
}

function labelCautions({ metric, measured }: Parameters<typeof findCautions>[0]): readonly string[] {
  if (metric.name !== 'macro-f1') return []
  const groups = new Map<string, Set<string>>()
  for (const { gold, group } of measured.items.answers)
    groups.set(gold, (groups.get(gold) ?? new Set()).add(group))
  const labels = metric.labels ?? [...groups.keys()].sort()
  const rare = labels.filter(label => (groups.get(label)?.size ?? 0) < fewestOfLabel)
  if (rare.length === 0) return []
  const counts = rare.slice(0, 5).map(label => `"${label}" ${groups.get(label)?.size ?? 0}`)
  const more = rare.length > 5 ? ` and ${rare.length - 5} more` : ''
  return [
    `Macro-F1 rests on few held-out items of some labels (${counts.join(', ')}${more}): each item moves it much.`,
  ]
}
