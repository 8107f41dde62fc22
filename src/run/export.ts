import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Example } from '../data/example.ts'
import { readExamples } from '../data/parquet.ts'
import { createRandom } from '../data/random.ts'
import { didYouMean, oneOf } from '../did-you-mean.ts'
import { UserError } from '../error.ts'
import type { DataExport, ExportFormat } from '../export/format.ts'
import { type Lineage, lineageOf } from '../export/lineage.ts'
import { checkExport } from '../export/preflight.ts'
import { exportReadme } from '../export/readme.ts'
import { chooseTraining, estimateTokens } from '../export/training.ts'
import { type Arm, makeArms } from '../mix/arms.ts'
import type { LoadedProject } from '../project/project.ts'
import { renderExample } from '../task/render.ts'
import { learnedTurns } from '../task/task.ts'
import { openBase } from './base-folder.ts'
import { manifestName, writeExportFolder } from './export-folder.ts'
import { placeOf } from './export-place.ts'
import type { Plan, PlannedStep } from './plan.ts'
import { makeReplicates, makePublishedReplicate, publishedReplicate } from './replicate.ts'
import { openResults, type RunResults } from './run-results.ts'
import { renderRows } from './steps/fill.ts'
import type { Manifest } from './steps/mix.ts'
import { heldOutWordings, type Prepared } from './steps/prepare.ts'

/** What is asked to be exported. */
export interface ExportRequest {
  readonly loaded: LoadedProject
  readonly run: { readonly id: string; readonly folder: string; readonly seed: number }
  readonly format: ExportFormat
  /** Left out, the mixture itself. */
  readonly arm?: string | undefined
  /** Left out, the first. */
  readonly mixture?: string | undefined
  /** Left out, a small model that the trainer knows. */
  readonly base?: string | undefined
  /** Left out, `exports/<name>` in the project, under .tilth/private for what may not leave the machine. */
  readonly out?: string | undefined
  /** Lets what descends from local rows out of .tilth/private, and to hosted trainers. */
  readonly letLocalDataOut: boolean
  readonly signal: AbortSignal
}

/** What was written. */
export interface WrittenExport {
  readonly name: string
  readonly folder: string
  readonly format: string
  readonly command: string
  readonly lineage: Lineage
  readonly train: number
  readonly evaluation: number
  readonly training: DataExport['training']
  readonly cautions: readonly string[]
}

/**
 * Exports one training set of a run for a trainer elsewhere: data files, configuration, README and manifest, whole or not
 * at all; the same run gives the same bytes. Throws UserError where the arm is unknown, the run's results are gone, a check
 * of what the trainer would refuse or drop fails, or local data would leave the machine.
 */
export async function exportArm(request: ExportRequest): Promise<WrittenExport> {
  const { loaded, run, format, signal } = request
  const results = openResults(loaded.folder, run, 'export that run')
  const prepared = await results.read<Prepared>('prepare')
  const chosen = await chooseArm(request, results, prepared)
  const evaluation = evaluationOf(loaded, prepared)
  const name = `${run.id}-${chosen.arm}-${format.name}`
  const train = createRandom(run.seed, `export/${chosen.arm}`).shuffle(chosen.examples)
  const longest = [...train, ...evaluation].reduce(
    (most, { messages }) => Math.max(most, estimateTokens(messages)),
    0,
  )
  const data: DataExport = {
    name,
    train,
    evaluation,
    learnAll: new Set(prepared.tasks.filter(task => learnedTurns(task) === 'all').map(task => task.name)),
    base: openBase(request.base ?? format.defaultBase),
    training: chooseTraining({ seed: chosen.seed, examples: train.length, longest }),
  }
  const { arm, mixture } = chosen
  const lineage = lineageOf({ project: loaded.project.name, run: run.id, arm, mixture }, train, evaluation)
  const { problems, cautions: found } = checkExport(format, data)
  const cautions = [...scarceCaution(prepared), ...found]
  if (problems.length > 0) {
    throw new UserError(
      [
        `This cannot be exported to ${format.title} as it is; nothing was written.`,
        ...problems.map(each => `- ${each}`),
      ].join('\n'),
      'Put that right in the project or the data, run it again, then export.',
    )
  }
  const folder = placeOf({
    ...request,
    name,
    local: lineage.local,
    what: 'These examples descend',
    host: format.demands.hosted ? format.title : null,
  })
  await writeExportFolder({
    folder,
    closed: lineage.local,
    signal,
    files: [
      ...format.files(data),
      { path: 'README.md', content: [exportReadme(format, data, { lineage, cautions })] },
    ],
    seal: files =>
      `${JSON.stringify(
        {
          version: 1,
          format: format.name,
          checkedAgainst: format.checkedAgainst,
          name,
          base: data.base.name,
          lineage,
          from: chosen.from,
          training: data.training,
          examples: { train: train.length, evaluation: evaluation.length },
          files,
        },
        null,
        2,
      )}\n`,
  })
  return {
    name,
    folder,
    format: format.name,
    command: format.command,
    lineage,
    train: train.length,
    evaluation: evaluation.length,
    training: data.training,
    cautions,
  }
}

interface ChosenArm {
  readonly arm: string
  readonly mixture: string | null
  readonly examples: readonly Example[]
  /** Of that passage, below 2^31: what trainers take for a seed. */
  readonly seed: number
  /** Key of the step, and the hashes of the mixture's files that the examples were read from. */
  readonly from: unknown
}

/** The examples of an arm in the passage that is written for use elsewhere. A mixture's file in the store holds the real examples as well. */
async function chooseArm(
  request: ExportRequest,
  results: RunResults,
  prepared: Prepared,
): Promise<ChosenArm> {
  const { loaded, run } = request
  const mix = chooseMix(request, results.plan)
  const replicate =
    publishedReplicate(prepared.regime) === 'all'
      ? makePublishedReplicate(loaded.project, prepared, run.seed)
      : makeReplicates(loaded.project, prepared, run.seed)[0]!
  const { attributes } = loaded.project
  const folder = mix === null ? null : results.folderOf(mix.name)
  const mixed =
    folder === null
      ? renderRows(replicate.train, { tasks: prepared.tasks, attributes, seed: replicate.seed })
      : await readExamples(path.join(folder, 'train.parquet'))
  const mixture = mix?.subject ?? null
  const synthetic = mixed.filter(({ origin }) => origin.kind === 'synthetic')
  const arms = makeArms(
    mixed.filter(({ origin }) => origin.kind === 'real'),
    mixture === null ? [] : [{ name: mixture, synthetic }],
  )
  const arm = pickArm(arms, request.arm ?? mixture ?? 'real', run.id)
  return {
    arm: arm.name,
    mixture,
    examples: arm.examples,
    seed: replicate.seed % 2 ** 31,
    from:
      folder === null
        ? { key: results.plan.steps.find(({ kind }) => kind === 'prepare')!.key }
        : { key: mix!.key, files: readManifest(folder).files },
  }
}

/** The step that wrote the mixture: the one named, the one that is the arm, or the first; null where the run has none. */
function chooseMix({ run, arm, mixture }: ExportRequest, { steps }: Plan): PlannedStep | null {
  const mixes = steps.filter(({ kind }) => kind === 'mix')
  const names = mixes.map(({ subject }) => subject!)
  const wanted = mixture ?? (arm !== undefined && names.includes(arm) ? arm : names[0])
  if (wanted === undefined) return null
  const found = mixes.find(({ subject }) => subject === wanted)
  if (found !== undefined) return found
  throw new UserError(
    `Run ${run.id} has no mixture "${wanted}".${didYouMean(wanted, names)}`,
    names.length === 0 ? 'It has real examples alone.' : `It has ${oneOf(names)}.`,
  )
}

function pickArm(arms: readonly Arm[], name: string, run: string): Arm {
  const arm = arms.find(each => each.name === name)
  const names = arms.map(each => each.name)
  if (arm === undefined) {
    throw new UserError(
      `Run ${run} has no training set "${name}".${didYouMean(name, names)}`,
      `It has ${oneOf(names)}.`,
    )
  }
  if (arm.classWeights !== 'none') {
    throw new UserError(
      `"${name}" weighs rare classes in the loss, which no format of a trainer of language models carries.`,
      'Export "real" or "real-repeated".',
    )
  }
  if (arm.examples.length === 0)
    throw new UserError(`"${name}" of run ${run} holds no example.`, '`tilth validate` says why.')
  return arm
}

/** In the scarce regime the training sets that are written are made from all rows, and are not those that were scored. */
function scarceCaution({ regime }: Prepared): readonly string[] {
  if (regime !== 'scarce') return []
  return [
    'With fewer than 200 test rows this training set is made from all real training rows: the report scores sets made in the same way from parts of them.',
  ]
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(path.join(folder, manifestName), 'utf8')) as Manifest
}

/** The project's development rows, asked in wordings that are not learned from. The sealed rows are never touched. */
function evaluationOf({ project }: LoadedProject, { tasks, dev }: Prepared): readonly Example[] {
  const random = heldOutWordings(project)
  return dev.flatMap(traced =>
    tasks.flatMap(task => {
      const example = renderExample(task, traced, {
        side: 'held-out',
        attributes: project.attributes,
        random,
      })
      return example === null ? [] : [example]
    }),
  )
}
