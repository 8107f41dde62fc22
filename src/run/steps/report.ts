import { hashOf } from '../../data/hash.ts'
import { writeAnswer } from '../../report/answer.ts'
import { type Report, reportSchema } from '../../report/report-schema.ts'
import { createStudent } from '../../student/create.ts'
import { learnableTasks } from '../../tune/tune.ts'
import type { Metric } from '../../validate/metric.ts'
import type { Evaluation } from './evaluate.ts'
import type { FilledMixture } from './fill.ts'
import type { FittedGenerator } from './fit.ts'
import type { TaskCurve } from './curve.ts'
import type { TaskForecast } from './forecast.ts'
import type { MeasuredGaps } from './gaps.ts'
import type { Manifest } from './mix.ts'
import type { TunedArm } from './tune.ts'
import type { Maker, MakerInput } from './maker.ts'
import { countLearned } from './learned-counts.ts'
import { reportCalibration, reportSlices } from './report-exploratory.ts'
import { reportPreview } from './report-preview.ts'
import { reportTraining } from './report-training.ts'
import { reportEquivalents } from './report-equivalents.ts'
import { writeNotes } from './notes.ts'
import { generatorNamed } from '../registry.ts'
import { reportReview } from '../report-review.ts'
import type { UsedAdvice } from '../use-advice.ts'
import { reportSearches } from '../report-search.ts'
import { addReasons } from '../share-cells.ts'

const samplesPerGenerator = 5

/** Assembles the report from what the steps made: figures only, no times. */
export const makeReport: Maker<Report> = async input => {
  const { project, prepared, seed, need } = input
  const tasks = reportTasks(input)
  const figures = {
    regime: prepared.regime,
    data: reportData(input),
    tasks,
    gaps: await reportGaps(input),
    generation: await reportGeneration(input),
    uplift: await reportUplift(input),
  }
  const evaluation = await need<Evaluation>('evaluate')
  const { training, notes } = await reportTraining(input)
  const report: Report = {
    version: 1,
    project: { name: project.name, seed, hash: hashOf(project) },
    answer: writeAnswer(figures),
    ...figures,
    ...(input.review === null ? {} : { review: await reportReview(input, input.review) }),
    ...(await reportSearches(input)),
    private: { figures: (await need<readonly Metric[]>('copying')).map(reportMetric) },
    arms: await reportArms(input, evaluation),
    ...training,
    ...(await reportPreview(input)),
    exploratory: evaluation.exploratory.map(each => ({ ...each, interval: intervalOf(each.interval) })),
    equivalents: await reportEquivalents(input, evaluation),
    calibration: evaluation.calibrations.map(reportCalibration),
    slices: evaluation.slices.map(reportSlices),
    artifacts: await reportArtifacts(input),
    notes: [...writeNotes(project, prepared, await notedInFills(input)), ...notes],
  }
  // A figure that is no number would be written as null, and nobody could read the report again.
  return reportSchema.parse(report)
}

/** What was counted, and what the student showed. */
async function reportGaps({ need }: MakerInput): Promise<Report['gaps']> {
  const curves = await need<readonly TaskCurve[]>('curve')
  return { ...(await need<MeasuredGaps>('gaps')), curves: curves.map(({ error: _error, ...curve }) => curve) }
}

function intervalOf([low, high]: readonly [number, number]): { low: number; high: number } {
  return { low, high }
}

function reportData({ step, prepared }: MakerInput): Report['data'] {
  const { look } = step.options as { look: number }
  const { sealed } = prepared
  return {
    sources: prepared.sources.map(({ setAside, ...source }) => ({
      ...source,
      ...(setAside === 0 ? {} : { setAside }),
    })),
    split: {
      train: prepared.train.length,
      dev: prepared.dev.length,
      fit: prepared.fit.length,
      test: sealed.count,
    },
    groups: prepared.groups,
    seal: prepared.regime === 'sealed' ? { hash: sealed.hash, rows: sealed.count, look } : null,
  }
}

function reportTasks({ project, prepared }: MakerInput): Report['tasks'] {
  const student = createStudent(project.student)
  const reasons = new Map(
    learnableTasks(student, prepared.tasks).skipped.map(({ task, reason }) => [task, reason]),
  )
  return prepared.tasks.map(task => ({
    name: task.name,
    kind: task.kind,
    metric: task.metric,
    student: reasons.has(task.name) ? null : student.name,
    skipped: reasons.get(task.name) ?? null,
    trainWordings: task.wordings.train.map(({ prompt }) => prompt),
    heldOutWordings: task.wordings.heldOut.map(({ prompt }) => prompt),
  }))
}

async function reportGeneration(input: MakerInput): Promise<Report['generation']> {
  const { project, replicates, need } = input
  const fits = await Promise.all(
    Object.entries(project.generators).map(async ([name, { use }]) => {
      const fit = await need<FittedGenerator>(`fit:${name}@0`)
      return {
        name,
        kind: use,
        fittedOn: { rows: fit.rows.length, share: fit.share },
        guarantee: generatorNamed(use).can.guarantee,
      }
    }),
  )
  const cells = new Map<string, Report['generation']['cells'][number]>()
  const samples: { generator: string; share: 'anyone'; row: FilledMixture['accepted'][number]['row'] }[] = []
  for (const { index } of replicates) {
    for (const mixture of Object.keys(project.mixtures)) {
      const fill = await need<FilledMixture>(`fill:${mixture}@${index}`)
      for (const filled of fill.cells) {
        const key = hashOf([mixture, filled.generator, filled.cell])
        cells.set(key, addCells(cells.get(key), { mixture, ...filled }))
      }
      if (index === 0) {
        for (const { generator, row } of sampleRows(fill)) {
          const shown = samples.filter(sample => sample.generator === generator).length
          if (shown < samplesPerGenerator) samples.push({ generator, share: 'anyone', row })
        }
      }
    }
  }
  return {
    generators: fits,
    ...reportAdvice(input),
    cells: [...cells.values()],
    sampleAccepted: samples,
  }
}

function reportAdvice({ step, project }: MakerInput): Pick<Report['generation'], 'advice'> {
  const { advice } = step.options as { readonly advice: UsedAdvice | null }
  if (advice === null) return {}
  const rows = advice.requests.reduce((sum, { count }) => sum + count, 0)
  return { advice: { mixture: Object.keys(project.mixtures)[0]!, requests: advice.requests.length, rows } }
}

async function notedInFills({ step, need }: MakerInput): Promise<FilledMixture['noted']> {
  const fills = step.needs.filter(name => name.startsWith('fill:') && !name.endsWith('@all'))
  return (await Promise.all(fills.map(name => need<FilledMixture>(name)))).flatMap(({ noted }) => noted)
}

/** The counts of one cell over all replicates. */
function addCells(
  before: Report['generation']['cells'][number] | undefined,
  more: Report['generation']['cells'][number],
): Report['generation']['cells'][number] {
  if (before === undefined) return more
  return {
    ...before,
    wanted: before.wanted + more.wanted,
    accepted: before.accepted + more.accepted,
    tried: before.tried + more.tried,
    reasons: addReasons([before.reasons, more.reasons]),
    why: before.why ?? more.why,
  }
}

/** Rows to look at: none that descend from local ones. */
function sampleRows({
  accepted,
}: FilledMixture): { generator: string; row: FilledMixture['accepted'][number]['row'] }[] {
  return accepted.flatMap(({ origin, row }) =>
    origin.kind === 'synthetic' && origin.share === 'anyone' ? [{ generator: origin.generator, row }] : [],
  )
}

async function reportArms({ step, need }: MakerInput, evaluation: Evaluation): Promise<Report['arms']> {
  const names = step.needs.filter(name => name.startsWith('tune:') && name.endsWith('@0'))
  return Promise.all(
    names.map(async name => {
      const { arm, counts } = await need<TunedArm>(name)
      const summaries = evaluation.summaries.filter(summary => summary.arm === arm.name)
      const learned = new Set(summaries.map(({ task }) => task))
      const { real, synthetic } = countLearned(counts, [...learned])
      return {
        name: arm.name,
        description: arm.description,
        examples: real + synthetic,
        real,
        synthetic,
        classWeights: arm.classWeights,
        tasks: summaries.map(({ task, scores, recall, unparsed }) => ({
          task,
          scores: Object.fromEntries(
            Object.entries(scores).map(([metric, score]) => [
              metric,
              { ...score, interval: intervalOf(score.interval) },
            ]),
          ),
          recall: recall.map(each => ({ ...each, interval: intervalOf(each.interval) })),
          unparsed: unparsed.share,
        })),
      }
    }),
  )
}

async function reportUplift({ project, need }: MakerInput): Promise<Report['uplift']> {
  const { confirmatory } = await need<Evaluation>('evaluate')
  const forecasts = await need<readonly TaskForecast[]>('forecast')
  return confirmatory.map(each => ({
    task: each.task,
    metric: each.metric,
    arm: each.arm,
    rival: each.rivalArm,
    whyRival: each.whyRival,
    armScore: each.mixed,
    rivalScore: each.rival,
    value: each.value,
    interval: intervalOf(each.interval),
    p: each.p,
    pAdjusted: each.pAdjusted,
    verdict: each.verdict,
    confirmatory: true,
    smallestDetectable: {
      before: forecasts.find(({ task }) => task === each.task)?.smallestDetectable ?? null,
      after: each.smallestDetectable,
    },
    worth: project.evaluate.worth / 100,
    ...rowsAndSeeds(each.collect),
    method: each.method,
    replicates: each.replicates,
    items: each.items,
    cautions: [...each.cautions],
  }))
}

function rowsAndSeeds(
  collect: Evaluation['confirmatory'][number]['collect'],
): Pick<Report['uplift'][number], 'rowsToCollect' | 'replicatesToRun'> {
  if (collect === null || collect.kind === 'enough') return { rowsToCollect: null, replicatesToRun: null }
  return {
    rowsToCollect: collect.further,
    replicatesToRun: collect.kind === 'seeds' ? collect.replicates : null,
  }
}

function reportMetric(metric: Metric): Report['private']['figures'][number] {
  return {
    name: metric.name,
    value: metric.value,
    interval: metric.interval === undefined ? null : intervalOf(metric.interval),
    floor: metric.floor ?? null,
    ceiling: metric.ceiling ?? null,
    threshold: metric.threshold ?? null,
    pass: metric.pass ?? null,
    note: metric.note,
  }
}

/** The mixtures that may be handed out; those that descend from local rows stay under .tilth/private. */
async function reportArtifacts({ step, need }: MakerInput): Promise<Report['artifacts']> {
  const mixes = step.needs.filter(name => name.startsWith('mix:'))
  const manifests = await Promise.all(mixes.map(name => need<Manifest>(name)))
  return manifests
    .filter(({ local }) => !local)
    .flatMap(({ mixture, files }) =>
      Object.entries(files).map(([file, hash]) => ({ path: `mixtures/${mixture}/${file}`, hash })),
    )
}
