import type { Context } from '../context.ts'
import type { Attributes, Example } from '../data/example.ts'
import { hashOf } from '../data/hash.ts'
import type { TracedRow } from '../data/row.ts'
import { betterHalf, type ScoredRow } from '../mix/better-half.ts'
import type { Project } from '../project/schema.ts'
import { createStudent, proxySettings } from '../student/create.ts'
import type { ResolvedTask } from '../task/render.ts'
import { meanOf } from '../stats/moments.ts'
import { learnableTasks, tuneArm } from '../tune/tune.ts'
import { type FilledMixture, type FillWork, renderFilled, renderRows } from './steps/fill.ts'

/** Why a row that passed every check is not in a mixture that takes the better half. */
const reason = 'not-in-the-better-half'

/**
 * Scores made rows by a student that learned from the real examples alone: the mean probability, over the tasks that it
 * learns, of the label that a row was made with. Rows and real examples must be of the same passage of the loop.
 */
export async function scoreRows(
  rows: readonly TracedRow[],
  given: {
    readonly project: Pick<Project, 'student'>
    readonly tasks: readonly ResolvedTask[]
    readonly real: readonly Example[]
    readonly synthetic: readonly Example[]
    readonly context: Context
  },
): Promise<readonly ScoredRow[]> {
  const { tasks, real, synthetic, context } = given
  const student = createStudent(proxySettings(given.project.student))
  const { learned } = learnableTasks(student, tasks)
  const models = await tuneArm(
    { student, tasks: learned, examples: real, classWeights: 'none' },
    { ...context, progress: () => {} },
  )
  const labels = new Map<string, { readonly label: string; readonly probability: number }[]>()
  for (const task of learned) {
    const model = models[task.name]
    const asked = synthetic.filter(example => example.task === task.name)
    if (model === undefined || asked.length === 0) continue
    const predictions = await student.predict(model, asked, context)
    for (const [index, { group, messages }] of asked.entries()) {
      const label = messages.at(-1)!.content
      const probability = predictions[index]!.probabilities?.[label] ?? 0
      labels.set(group, [...(labels.get(group) ?? []), { label, probability }])
    }
  }
  return rows.map(({ id, group, origin }) => {
    const own = labels.get(group) ?? []
    const cell: Attributes = origin.kind === 'synthetic' ? origin.cell : {}
    return {
      id,
      stratum: hashOf([cell, own.map(({ label }) => label)]),
      score: own.length === 0 ? 0 : meanOf(own.map(({ probability }) => probability)),
    }
  })
}

/** A mixture without the worse half of its rows; those that a reviewer put right stay, whatever their score. */
export async function keepBetterHalf(filled: FilledMixture, work: FillWork): Promise<FilledMixture> {
  const { project, tasks, passage, review, context } = work
  const how = { tasks, attributes: project.attributes, seed: passage.seed }
  const fixed = new Set(review?.directives.fixes.map(({ traced }) => traced.id))
  const scored = await scoreRows(filled.accepted, {
    project,
    tasks,
    real: renderRows(passage.train, how),
    synthetic: [...renderFilled(filled, how)],
    context,
  })
  const kept = betterHalf(scored.filter(({ id }) => !fixed.has(id)))
  const stays = ({ id }: TracedRow): boolean => fixed.has(id) || kept.has(id)
  const scores = new Map(scored.map(({ id, score }) => [id, score]))
  const dropped = filled.accepted.filter(row => !stays(row))
  const counts = Map.groupBy(dropped, madeFor)
  return {
    ...filled,
    accepted: filled.accepted.filter(stays),
    rejected: [
      ...filled.rejected,
      ...dropped.map(traced => ({
        traced,
        reason,
        detail: `the student of the real rows gives its label ${scores.get(traced.id)!.toFixed(3)}`,
      })),
    ],
    cells: filled.cells.map(cell => {
      const count = counts.get(hashOf([cell.generator, cell.cell]))?.length ?? 0
      if (count === 0) return cell
      const reasons = { ...cell.reasons, [reason]: count }
      return { ...cell, wanted: cell.wanted - count, accepted: cell.accepted - count, reasons }
    }),
  }
}

function madeFor({ origin }: TracedRow): string {
  return origin.kind === 'synthetic' ? hashOf([origin.generator, origin.cell]) : ''
}
