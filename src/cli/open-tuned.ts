import { resolve } from 'node:path'
import { cancel, isCancel, select } from '@clack/prompts'
import type { TunedModel, TunedRequest } from '../run/tuned-model.ts'
import { UserError } from '../error.ts'
import { projectFlag } from './command.ts'
import { UsageError } from './exit.ts'
import { type AskedModel, valuesOf } from './open-models.ts'
import { findRun } from './run-folder.ts'
import type { Terminal } from './terminal.ts'

/** Which model of a run is meant. */
export const tunedFlags = {
  task: {
    type: 'string',
    valueHint: 'name',
    description: 'The task, where each has a model of its own; asked for where there are several.',
  },
  replicate: {
    type: 'string',
    valueHint: 'number',
    description: 'The replicate that trained it, from 0; left out, the first.',
  },
} as const

/** Flags of the commands that answer with models of a run. */
export const answeringFlags = {
  arm: {
    type: 'string',
    valueHint: 'name',
    description:
      'The tuned model of this training set of the run; may be given several times. Without --model and --arm, the first mixture’s.',
  },
  run: { type: 'string', valueHint: 'name', description: 'The run; left out, the latest.' },
  ...tunedFlags,
  ...projectFlag,
} as const

/** A model of a run, and how it is read. */
export interface AskedTuned extends AskedModel {
  readonly tuned: TunedModel
}

/**
 * The models of a run that are asked for: those of every --arm, or the first mixture's where neither an arm nor a model is
 * named. Each is called as its arm. Throws UsageError for flags that belong to runs where only models are named.
 */
export async function askTuned(
  args: {
    readonly run?: string | undefined
    readonly task?: string | undefined
    readonly replicate?: string | undefined
    readonly project?: string | undefined
  },
  raw: readonly string[],
  terminal: Terminal,
): Promise<readonly AskedTuned[]> {
  const arms: readonly (string | undefined)[] = [...new Set(valuesOf('arm', raw))]
  if (arms.length === 0 && valuesOf('model', raw).length > 0) {
    const stray = (['run', 'task', 'replicate', 'project'] as const).find(flag => args[flag] !== undefined)
    if (stray !== undefined)
      throw new UsageError(`--${stray} says which tuned model is meant: name its --arm too.`)
    return []
  }
  const project = resolve(args.project ?? '.')
  const { id, folder, report } = await findRun(project, args.run)
  const run = { id, folder, seed: report!.project.seed }
  const request = { project, run, task: args.task, replicate: readReplicate(args.replicate) }
  const { openTuned } = await import('../run/tuned-model.ts')
  const { readWhole } = await import('../model/checkpoint.ts')
  const found: AskedTuned[] = []
  // The answer to which task holds for every arm.
  let { task } = request
  for (const arm of arms.length === 0 ? [undefined] : arms) {
    const tuned = await findOrAsk({ ...request, task, arm }, terminal)
    task = tuned.model.task.name
    found.push({ name: tuned.arm, tuned, read: async () => readWhole(await openTuned(tuned)) })
  }
  return found
}

/** Finds a tuned model; where its task is not clear and a person is there, asks for it. */
export async function findOrAsk(request: TunedRequest, terminal: Terminal): Promise<TunedModel> {
  const { findTuned, UnclearTask } = await import('../run/tuned-model.ts')
  try {
    return await findTuned(request)
  } catch (error) {
    if (!terminal.interactive || !(error instanceof UnclearTask)) throw error
    const task = await select({
      message: 'Which task?',
      options: error.tasks.map(name => ({ value: name, label: name })),
    })
    if (!isCancel(task)) return findTuned({ ...request, task })
    cancel('No task was chosen.')
    throw new UserError('No answer was given.', 'Name the task with --task.')
  }
}

/** A replicate as written: a whole number from 0. Throws UsageError. */
export function readReplicate(written: string | undefined): number | undefined {
  if (written === undefined || (/^\d+$/.test(written) && Number.isSafeInteger(Number(written))))
    return written === undefined ? undefined : Number(written)
  throw new UsageError(`--replicate is "${written}"; it should be a whole number from 0.`)
}
