import type { TracedRow } from '../../data/row.ts'
import type { Metric } from '../../evaluate/metric.ts'
import type { Outcome } from '../../evaluate/outcome.ts'
import { measureSlices, type Slice, type SliceUplift } from '../../evaluate/slices.ts'
import type { Project } from '../../project/schema.ts'
import type { ResolvedTask } from '../../task/render.ts'
import type { Rival } from './evaluate.ts'
import type { MakerInput } from './maker.ts'
import type { Prepared } from './prepare.ts'

/** The slices of one task on which its mixed arm was compared with its rival. */
export interface TaskSlices {
  readonly task: string
  readonly metric: string
  readonly arm: string
  readonly rival: string
  readonly tested: readonly SliceUplift[]
  /** Slices with too few items to be tested. */
  readonly small: number
}

/** The uplift of one task's mixed arm on every slice of the held-out rows. */
export function measureTaskSlices(
  { project, prepared }: MakerInput,
  compared: {
    readonly task: ResolvedTask
    readonly metric: Metric
    readonly arm: string
    readonly mixed: readonly Outcome[]
    readonly rival: Rival
    readonly heldOut: readonly TracedRow[]
  },
): TaskSlices {
  const { task, metric, arm, mixed, rival, heldOut } = compared
  const found = measureSlices({
    metric,
    mixed,
    rival: rival.outcomes,
    regime: prepared.regime,
    slices: slicesOf({ project, prepared, task, heldOut, outcomes: mixed }),
  })
  return { task: task.name, arm, rival: rival.arm, ...found }
}

/**
 * The held-out items of every attribute's value, and of every label. Only values that training rows or targets have are
 * slices: the report names those anyway, and others might stand in held-out rows that may not leave the machine.
 */
function slicesOf(given: {
  readonly project: Project
  readonly prepared: Prepared
  readonly task: ResolvedTask
  readonly heldOut: readonly TracedRow[]
  readonly outcomes: readonly Outcome[]
}): readonly Slice[] {
  const { project, prepared, task, heldOut, outcomes } = given
  const answered = new Map(outcomes.flatMap(({ answers }) => answers.map(answer => [answer.id, answer.gold])))
  const items = heldOut.flatMap(({ id, row }) => {
    const item = `${id}/${task.name}`
    const gold = answered.get(item)
    return gold === undefined ? [] : [{ item, gold, row }]
  })
  const attributes = project.attributes.filter(name => task.kind !== 'label' || name !== task.answer)
  const ofAttributes = attributes.flatMap(name =>
    knownValues(project, prepared, name).map(value => ({
      attribute: name,
      value,
      items: new Set(items.filter(({ row }) => nameOf(row[name]) === value).map(({ item }) => item)),
    })),
  )
  const ofLabels =
    task.kind === 'label'
      ? task.labels!.map(label => ({
          attribute: task.answer,
          value: label,
          items: new Set(items.filter(({ gold }) => gold === label).map(({ item }) => item)),
        }))
      : []
  return [...ofLabels, ...ofAttributes].filter(slice => slice.items.size > 0)
}

function knownValues({ target }: Project, { train }: Prepared, name: string): readonly string[] {
  const wanted = target[name]
  const targeted = typeof wanted === 'object' ? Object.keys(wanted) : []
  return [...new Set([...train.map(({ row }) => nameOf(row[name])), ...targeted])].sort()
}

function nameOf(value: TracedRow['row'][string] | undefined): string {
  return value === null || value === undefined ? 'missing' : String(value)
}
