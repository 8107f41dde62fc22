import { cacheFolder } from '../base/cache.ts'
import { isToFetch, type LocatedBase, locateBase } from '../base/locate.ts'
import { hashOf } from '../data/hash.ts'
import { didYouMean, oneOf } from '../did-you-mean.ts'
import { UserError } from '../error.ts'
import { type OpenCheckpoint, openCheckpoint } from '../model/checkpoint.ts'
import { adapterMerger, adapterShapes } from '../model/lora.ts'
import type { DecoderModel } from '../student/decoder.ts'
import type { StudentSettings } from '../student/options.ts'
import { hashBase } from './base-model.ts'
import type { Plan, PlannedStep } from './plan.ts'
import { replicateSeed } from './replicate.ts'
import { openResults } from './run-results.ts'
import { readSettings } from './settings.ts'
import { openArrays } from './steps/arrays-codec.ts'
import type { TunedArm } from './steps/tune.ts'

/** Which model of a run is meant. */
export interface TunedRequest {
  /** Folder of the project. */
  readonly project: string
  readonly run: { readonly id: string; readonly folder: string; readonly seed: number }
  /** Left out, the first mixture's, or `real` where there is none. */
  readonly arm?: string | undefined
  /** May be left out where the arm learned one task alone. */
  readonly task?: string | undefined
  /** From 0; left out, the first. */
  readonly replicate?: number | undefined
}

/** A decoder that a run trained on one arm's examples of one task, in one replicate; its weights are not read yet. */
export interface TunedModel {
  readonly run: string
  readonly arm: string
  readonly replicate: number
  /** Of how many. */
  readonly replicates: number
  readonly regime: Plan['regime']
  readonly seed: number
  /** Key of the step that made it. */
  readonly key: string
  /** Where its result lies. */
  readonly folder: string
  /** True where it descends from rows that may not leave the machine. */
  readonly local: boolean
  readonly settings: Extract<StudentSettings, { use: 'decoder' }>
  /** Where its base model lies; null where it began from scratch. */
  readonly base: string | null
  readonly model: Omit<DecoderModel, 'learned'>
  /** Tasks that the arm learned, each with a model of its own. */
  readonly tasks: readonly string[]
  readonly counts: { readonly real: number; readonly synthetic: number }
}

/** An arm learned several tasks, each with a model of its own, and none was named. */
export class UnclearTask extends UserError {
  readonly tasks: readonly string[]

  constructor(arm: string, tasks: readonly string[]) {
    super(
      `"${arm}" learned several tasks, each with a model of its own.`,
      `Name one with --task: ${oneOf(tasks)}.`,
    )
    this.tasks = tasks
  }
}

/**
 * Finds a model that a run trained. Throws a UserError where the run has no decoder, no such arm, task or replicate, where
 * its result is gone, or where the base model is not the one that it was trained on; UnclearTask where a task must be named.
 */
export async function findTuned(request: TunedRequest): Promise<TunedModel> {
  const { project, run } = request
  const results = openResults(project, run, 'give the same command again')
  const { plan } = results
  const step = chooseStep(request, plan)
  const settings = readSettings(run.folder)
  if (settings === null) throw unknownSettings(run.id)
  const { student } = settings.project
  if (student.use !== 'decoder') {
    throw new UserError(
      `The student of run ${run.id} is linear: it chooses among labels, and writes nothing.`,
      'Set `student: { use: decoder }` in the project file and run it again.',
    )
  }
  const folder = results.folderOf(step.name)
  const arrays = await openArrays(folder)
  await arrays.close()
  const { models, counts } = arrays.value as TunedArm
  const task = chooseTask(request, step.subject!, Object.keys(models))
  return {
    run: run.id,
    arm: step.subject!,
    replicate: Number(step.replicate),
    replicates: plan.replicates,
    regime: plan.regime,
    seed: replicateSeed(run.seed, Number(step.replicate)),
    key: step.key,
    folder,
    local: step.local,
    settings: student,
    base: student.base === null ? null : await checkedBase(request, student.base, settings.base?.hash),
    model: models[task] as DecoderModel,
    tasks: Object.keys(models),
    counts: counts[task]!,
  }
}

function chooseStep({ run, arm, replicate = 0 }: TunedRequest, plan: Plan): PlannedStep {
  const trained = plan.steps.filter(({ kind }) => kind === 'tune')
  const arms = [...new Set(trained.map(({ subject }) => subject!))]
  const [mixture] = plan.steps.filter(({ kind }) => kind === 'mix').map(({ subject }) => subject)
  const name = arm ?? mixture ?? 'real'
  if (!arms.includes(name)) {
    throw new UserError(
      `Run ${run.id} trained nothing on "${name}".${didYouMean(name, arms)}`,
      `It has ${oneOf(arms)}.`,
    )
  }
  const step = trained.find(each => each.subject === name && each.replicate === replicate)
  if (step !== undefined) return step
  throw new UserError(
    `Run ${run.id} has no replicate ${replicate}.`,
    `They are counted from 0 to ${plan.replicates - 1}.`,
  )
}

function chooseTask({ run, task }: TunedRequest, arm: string, tasks: readonly string[]): string {
  if (task === undefined) {
    if (tasks.length > 1) throw new UnclearTask(arm, tasks)
    if (tasks[0] !== undefined) return tasks[0]
    throw new UserError(`"${arm}" of run ${run.id} had no example to learn from.`, 'Take another arm.')
  }
  if (tasks.includes(task)) return task
  throw new UserError(
    `"${arm}" of run ${run.id} learned no task "${task}".${didYouMean(task, tasks)}`,
    `It learned ${oneOf(tasks)}.`,
  )
}

function unknownSettings(run: string): UserError {
  return new UserError(
    `Run ${run} was made by an earlier tilth, which did not keep what its student was.`,
    '`tilth run` writes it down, and trains nothing anew that is there.',
  )
}

/** A training belongs to the very base that it began from. */
async function checkedBase(
  { project, run }: TunedRequest,
  written: string,
  content: string | undefined,
): Promise<string> {
  if (content === undefined) throw unknownSettings(run.id)
  const { path: base } = located(written, project, run.id)
  if (hashOf(await hashBase(base, { folder: project, keep: false })) === content) return base
  throw new UserError(
    `${base} is not the base model any more that run ${run.id} began from: its files have changed.`,
    'Put the earlier files back, or train on these with `tilth run`.',
  )
}

/** Where the base of a run lies. */
function located(written: string, project: string, run: string): LocatedBase {
  const next = 'Put it back: a tuned model is what was learned beside the weights of its base.'
  try {
    const found = locateBase(written, { folder: project, cache: cacheFolder() })
    if (!isToFetch(found)) return found
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    throw new UserError(
      `The base model of run ${run} is not there any more: ${written}. ${error.message}`,
      next,
      { cause: error },
    )
  }
  throw new UserError(
    `The base model ${written} of run ${run} is not on this machine any more.`,
    `\`tilth model add ${written}\` fetches it.`,
  )
}

/** Opens a tuned model with its adapter merged in, weight by weight. */
export async function openTuned(tuned: TunedModel): Promise<OpenCheckpoint> {
  const { model, base } = tuned
  const { config, chat, lora } = model
  const learned = await openLearned(tuned)
  if (lora === null || base === null) return { config, chat, ...learned }
  try {
    const adapter: Record<string, Float32Array> = {}
    for (const name of adapterShapes(config, lora).keys()) adapter[name] = await learned.read(name)
    const merger = adapterMerger(config, lora, adapter)
    const { read, close } = await openCheckpoint(base)
    return {
      config,
      chat,
      async read(name) {
        const weight = await read(name)
        merger.addTo(name, weight)
        return weight
      },
      close,
    }
  } finally {
    await learned.close()
  }
}

/** What training changed: the adapter's matrices under peft's names, or all weights under their own. */
export async function openLearned({
  folder,
  model,
}: TunedModel): Promise<Pick<OpenCheckpoint, 'read' | 'close'>> {
  const { read, close } = await openArrays(folder)
  return { read: name => read(['models', model.task.name, 'learned', name]), close }
}
