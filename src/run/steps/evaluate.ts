import type { TracedRow } from '../../data/row.ts'
import { openSeal } from '../../data/seal.ts'
import { type ArmSummary, summariseArm } from '../../evaluate/arm-summary.ts'
import { assertNoLeak } from '../../evaluate/lineage.ts'
import type { Outcome } from '../../evaluate/outcome.ts'
import { measureUplift, type Uplift } from '../../evaluate/uplift.ts'
import { decideVerdicts, type JudgedUplift } from '../../evaluate/verdict.ts'
import type { ResolvedTask } from '../../task/render.ts'
import type { FilledMixture } from './fill.ts'
import type { FittedGenerator } from './fit.ts'
import { measureTaskEquivalent, type TaskEquivalent } from './equivalent.ts'
import { calibrateTask, type TaskCalibration } from './calibrate.ts'
import { measureTaskSlices, type TaskSlices } from './held-out-slices.ts'
import { metricOf, metricsBeside } from './metrics.ts'
import { rivalOf } from './rival.ts'
import { knownGroups } from '../known-groups.ts'
import type { Maker, MakerInput } from './maker.ts'

/** An arm compared with the rival, without a verdict. */
export interface ExploratoryComparison {
  readonly task: string
  readonly metric: string
  readonly arm: string
  readonly rival: string
  readonly value: number
  readonly interval: readonly [number, number]
}

/** The confirmatory comparison of one task. */
export type ConfirmatoryComparison = JudgedUplift & {
  readonly arm: string
  readonly rivalArm: string
  readonly whyRival: string
}

/** All that is measured on held-out rows. */
export interface Evaluation {
  readonly confirmatory: readonly ConfirmatoryComparison[]
  readonly exploratory: readonly ExploratoryComparison[]
  readonly summaries: readonly (ArmSummary & { readonly task: string })[]
  readonly equivalents: readonly TaskEquivalent[]
  readonly calibrations: readonly TaskCalibration[]
  readonly slices: readonly TaskSlices[]
}

/** The arm without synthetic examples that a task is compared with, and its outcomes. */
export interface Rival {
  readonly arm: string
  readonly why: string
  readonly outcomes: readonly Outcome[]
}

/** Proves that nothing leaked, then measures every arm, the uplift of each task, and judges it. */
export const makeEvaluate: Maker<Evaluation> = async input => {
  const { step, project, prepared, replicates, need } = input
  await proveNoLeak(input)
  const outcomes = (
    await Promise.all(
      step.needs.filter(name => name.startsWith('answer@')).map(name => need<readonly Outcome[]>(name)),
    )
  ).flat()
  const [confirmatoryArm] = Object.keys(project.mixtures)
  const measured = prepared.tasks.filter(({ name }) => outcomes.some(({ task }) => task === name))
  const uplifts: (Uplift & Omit<ConfirmatoryComparison, keyof JudgedUplift>)[] = []
  const exploratory: ExploratoryComparison[] = []
  const summaries: (ArmSummary & { task: string })[] = []
  const equivalents: TaskEquivalent[] = []
  const calibrations: TaskCalibration[] = []
  const slices: TaskSlices[] = []
  const heldOut = heldOutRows(replicates)
  for (const task of measured) {
    const metric = metricOf(task)
    const own = outcomes.filter(outcome => outcome.task === task.name)
    const rival = await findRival(input, task, own)
    for (const arm of new Set(own.map(outcome => outcome.arm))) {
      const outcomesOfArm = own.filter(outcome => outcome.arm === arm)
      // An arm that had nothing to learn from in some replicate (a mixture that stayed empty) cannot be compared.
      if (outcomesOfArm.length < replicates.length) continue
      const labels = task.kind === 'label' ? { labels: task.labels! } : {}
      summaries.push({
        task: task.name,
        ...summariseArm({
          outcomes: outcomesOfArm,
          metric,
          regime: prepared.regime,
          beside: metricsBeside(task),
          ...labels,
        }),
      })
      if (arm === rival.arm) continue
      const uplift = measureUplift({
        task: task.name,
        metric,
        mixed: outcomesOfArm,
        rival: rival.outcomes,
        regime: prepared.regime,
      })
      if (arm === confirmatoryArm) {
        uplifts.push({ ...uplift, arm, rivalArm: rival.arm, whyRival: rival.why })
        const compared = { task, metric, arm, mixed: outcomesOfArm, rival }
        if (project.evaluate.curve) equivalents.push(await measureTaskEquivalent(input, compared))
        slices.push(measureTaskSlices(input, { ...compared, heldOut }))
        const calibration = calibrateTask(prepared.regime, { ...compared, outcomes: own })
        if (calibration !== null) calibrations.push(calibration)
      } else
        exploratory.push({
          task: task.name,
          metric: metric.name,
          arm,
          rival: rival.arm,
          value: uplift.value,
          interval: uplift.interval,
        })
    }
  }
  const judged = decideVerdicts(uplifts, { worth: project.evaluate.worth / 100 })
  return {
    confirmatory: judged.map((each, index) => ({ ...uplifts[index]!, ...each })),
    exploratory,
    summaries,
    equivalents,
    calibrations,
    slices,
  }
}

/** The better arm without synthetic examples, by cross-validation on training rows: in every replicate its own choice. */
async function findRival(
  { project, prepared, replicates, need }: MakerInput,
  task: ResolvedTask,
  outcomes: readonly Outcome[],
): Promise<Rival> {
  const stands = project.student.use !== 'linear' && task.kind === 'label'
  const by = stands ? ', of the linear student, which stands for the slower one in this choice' : ''
  if (prepared.regime === 'sealed') {
    const { arm, why } = await rivalOf(need, task, 0)
    return { arm, why: `${why}${by}`, outcomes: outcomes.filter(outcome => outcome.arm === arm) }
  }
  const choices = await Promise.all(replicates.map(({ index }) => rivalOf(need, task, index)))
  // Nothing was compared where there are no classes to weight.
  const [alike] = choices
  if (alike !== undefined && choices.every(({ scores }) => Object.keys(scores).length === 0))
    return { arm: alike.arm, why: alike.why, outcomes: outcomes.filter(({ arm }) => arm === alike.arm) }
  const counts = Map.groupBy(choices, ({ arm }) => arm)
  const [most] = [...counts].toSorted(([, a], [, b]) => b.length - a.length)
  return {
    arm: most![0],
    why:
      `chosen in each fold by ${task.metric} in cross-validation on its training rows: ` +
      [...counts].map(([arm, chosen]) => `${arm} in ${chosen.length} of ${choices.length}`).join(', ') +
      by,
    outcomes: outcomes.filter(({ arm, replicate }) => arm === choices[replicate]!.arm),
  }
}

/** The held-out rows of all replicates, each once. */
function heldOutRows(replicates: MakerInput['replicates']): readonly TracedRow[] {
  const seals = new Set(replicates.map(({ sealed }) => sealed))
  const rows = [...seals].flatMap(sealed => openSeal(sealed, sealed.hash))
  return [...new Map(rows.map(row => [row.id, row])).values()]
}

/** Evaluation is refused where anything that was trained or fitted on descends from a held-out row. */
async function proveNoLeak({ project, prepared, replicates, review, need }: MakerInput): Promise<void> {
  const groupOf = knownGroups(prepared, review)
  for (const { index, train, sealed } of replicates) {
    const fits = await Promise.all(
      Object.keys(project.generators).map(name => need<FittedGenerator>(`fit:${name}@${index}`)),
    )
    const fills = await Promise.all(
      Object.keys(project.mixtures).map(name => need<FilledMixture>(`fill:${name}@${index}`)),
    )
    assertNoLeak({
      training: [...train, ...fills.flatMap(({ accepted }) => accepted)],
      fittedRows: new Map(fits.map(({ hash, rows }) => [hash, rows])),
      groupOf,
      heldOut: openSeal(sealed, sealed.hash),
    })
  }
}
