import type { Advice } from '../../advise/advice.ts'
import { advise, type OtherGenerator } from '../../advise/advise.ts'
import { type FoundGaps, keyOfCell } from '../../advise/gap.ts'
import { listGaps } from '../../advise/list-gaps.ts'
import { planRequests } from '../../advise/plan-requests.ts'
import type { Trial } from '../../advise/trial.ts'
import type { Attributes } from '../../data/example.ts'
import { planCells } from '../../gaps/measure.ts'
import type { Unseen } from '../../gaps/unseen.ts'
import { type Probed, probeGenerator } from '../probe.ts'
import { allGenerators, generatorNamed } from '../registry.ts'
import type { TaskCurve } from './curve.ts'
import type { MeasuredGaps } from './gaps.ts'
import type { Maker, MakerInput } from './maker.ts'
import { derivationsOf } from './prepare.ts'

/** What the step is told: the data that the advice is for, and whether to try the generators. */
export interface AdviseOptions {
  readonly data: string
  readonly probe: boolean
}

/** Cells of gaps that are tried besides those that are to be asked for. */
const mostProbed = 20

/** Ranks the gaps, tries the generators of the first mixture on them, and says what to make of whom. Never sees sealed rows. */
export const makeAdvise: Maker<Advice> = async input => {
  const { project, prepared, need } = input
  const { data, probe } = input.step.options as AdviseOptions
  const gaps = await need<MeasuredGaps>('gaps')
  const found = mapFindings(input, gaps, await need<readonly TaskCurve[]>('curve'))
  const rows = prepared.train.map(({ row }) => row)
  const listed = listGaps(found)
  const [mixture] = Object.keys(project.mixtures)
  const base =
    mixture === undefined
      ? []
      : planCells({
          rows,
          attributes: project.attributes,
          target: project.target,
          synthetic: found.synthetic,
        })
  const requests = planRequests(base, listed, rows)
  const asked = new Map<string, Attributes>()
  const ofGaps = listed.flatMap(({ cell, kind }) => (cell === null || kind === 'label' ? [] : [cell]))
  for (const cell of [...requests.map(request => request.cell), ...ofGaps.slice(0, mostProbed)]) {
    asked.set(keyOfCell(cell), cell)
  }
  return advise({
    project: project.name,
    data,
    mixture: mixture ?? null,
    gaps: listed,
    requests,
    trainingRows: rows,
    trials: await tryGenerators(input, probe, [...asked.values()], gaps.unseen),
    others: otherGenerators(input),
  })
}

async function tryGenerators(
  input: MakerInput,
  probe: boolean,
  cells: readonly Attributes[],
  unseen: readonly Unseen[],
): Promise<readonly Trial[]> {
  const { project, prepared, context } = input
  const mixed = Object.values(project.mixtures)[0]?.generators ?? []
  const trials: Trial[] = []
  for (const [name, settings] of Object.entries(project.generators)) {
    const generator = generatorNamed(settings.use)
    const size = {
      rows: prepared.train.length + prepared.fit.length,
      columns: prepared.schema.columns.length,
    }
    const fitSeconds = generator.estimate(settings, { ...size, count: 0 })
    const isMixed = mixed.includes(name)
    const total = mixed.length * cells.length
    const done = mixed.indexOf(name) * cells.length
    const openings = unseen.filter(({ of }) => of !== 'words')
    const probed: Probed =
      probe && isMixed
        ? await probeGenerator(input, {
            generator: name,
            cells,
            unseen: openings,
            progress: place => context.progress(done + place, total),
          })
        : { unfit: null, cells: [], brings: [] }
    const { fills, is, reach, dollars } = generator.can
    trials.push({
      name,
      use: settings.use,
      is,
      fills,
      reach,
      dollars,
      mixed: isMixed,
      fitSeconds,
      rowSeconds: (generator.estimate(settings, { ...size, count: 1000 }) - fitSeconds) / 1000,
      ...probed,
    })
  }
  return trials
}

/** Kinds of generator that the project does not have. */
function otherGenerators({ project, prepared }: MakerInput): readonly OtherGenerator[] {
  const used = new Set(Object.values(project.generators).map(({ use }) => use as string))
  const derived = derivationsOf(project)
  const columns = prepared.schema.columns.filter(({ name }) => derived[name] === undefined)
  const answers = Object.values(project.tasks).flatMap(task => (task.kind === 'label' ? [task.answer] : []))
  const labels = answers.filter(answer => columns.some(({ name }) => name === answer))
  return allGenerators().flatMap(({ name, can, needs, propose }) =>
    used.has(name) || propose === undefined
      ? []
      : [
          {
            use: name,
            is: can.is,
            fills: can.fills,
            needs: needs.rows,
            settings: propose({ columns, labels: [...new Set(labels)] }),
          },
        ],
  )
}

/** What the steps before found, as the advice reads it. */
function mapFindings(
  { prepared, project }: MakerInput,
  gaps: MeasuredGaps,
  curves: readonly TaskCurve[],
): FoundGaps {
  const rows = prepared.train.map(({ row }) => row)
  const { conflicts } = gaps
  return {
    rows: gaps.rows,
    synthetic: gaps.mixture - gaps.rows,
    cells: gaps.ranked,
    slices: curves.flatMap(({ task, examples, error, slices }) =>
      slices.map(slice => ({
        ...slice,
        task,
        of: examples,
        overall: error ?? 0,
        cell: asInRows(slice.cell, rows),
      })),
    ),
    combinations: gaps.coverage.flatMap(({ missing }) => missing),
    unseen: gaps.unseen,
    curves: curves.map(({ task, error, ahead, says }) => ({
      task,
      error,
      gain: ahead.length < 2 ? null : ahead[1]!.score - ahead[0]!.score,
      says,
    })),
    noise: curves.flatMap(({ task, labels }) =>
      labels === null
        ? []
        : [
            {
              task,
              share: labels.share,
              disputed: labels.disputed,
              rows: labels.suspects.map(({ row }) => row),
            },
          ],
    ),
    conflicts: conflicts.tasks.map(({ task, conflicting }) => ({
      task,
      conflicting,
      rows: conflicts.examples.filter(each => each.task === task).flatMap(each => each.rows),
    })),
    absent: prepared.tasks.flatMap(task => {
      if (task.kind !== 'label') return []
      const seen = new Set(rows.map(row => String(row[task.answer] ?? '')))
      const listed = project.tasks[task.name]
      const labels = listed?.kind === 'label' ? (listed.labels ?? []) : []
      return labels
        .filter(label => !seen.has(label))
        .map(value => ({ task: task.name, column: task.answer, value }))
    }),
    repeatedInTest: gaps.repeatedInTest,
  }
}

/** A label is text where the column may hold numbers: the cell with the values as the rows have them. */
function asInRows(cell: Attributes, rows: readonly Attributes[]): Attributes {
  return Object.fromEntries(
    Object.entries(cell).map(([name, value]) => {
      const row = value === null ? undefined : rows.find(each => String(each[name] ?? '') === String(value))
      return [name, row?.[name] ?? value]
    }),
  )
}
