import { basename } from 'node:path'
import { cacheFolder } from '../base/cache.ts'
import { isToFetch, locateBase } from '../base/locate.ts'
import { UserError } from '../error.ts'
import type { Checkpoint } from '../model/checkpoint.ts'
import type { ServedModel } from '../serve/served-model.ts'
import { UsageError } from './exit.ts'
import { showFetch } from './fetch-progress.ts'
import { bringModel } from './model-add.ts'
import type { Terminal } from './terminal.ts'

export const modelFlags = {
  model: {
    type: 'string',
    alias: 'm',
    valueHint: 'model',
    description:
      'A folder as Hugging Face saves it, a GGUF file, `hf:owner/name` or `model:name`; may be given several times.',
  },
  context: {
    type: 'string',
    valueHint: 'tokens',
    description: 'Most tokens of a conversation and its answer, 2048 unless told.',
  },
} as const

/** A model that is asked for, to be read. */
export interface AskedModel {
  /** What it is called in answers and by clients. */
  readonly name: string
  read(): Promise<Checkpoint>
}

/**
 * Opens every --model, fetched before where it is one of the hub, and the models of runs that are asked for besides. Each
 * is called as its folder, its file, its arm or in the list of models.
 */
export async function openModels(
  asked: {
    readonly raw: readonly string[]
    readonly context: string | undefined
    readonly rows: number
    readonly tuned: readonly AskedModel[]
  },
  terminal: Terminal,
): Promise<readonly ServedModel[]> {
  const { readCheckpoint } = await import('../model/checkpoint.ts')
  const found: AskedModel[] = []
  for (const written of valuesOf('model', asked.raw)) {
    const { name, path } = await findModelAsked(written, terminal)
    found.push({ name, read: () => readCheckpoint(path) })
  }
  found.push(...asked.tuned)
  const names = found.map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined)
    throw new UserError(
      `Two models are called ${twice}.`,
      'A model is called as its folder or as `tilth model list` has it, and a tuned one as its arm: rename one of them.',
    )
  const context = readCount('context', asked.context) ?? 2048
  const { openServedModel } = await import('../serve/served-model.ts')
  const models: ServedModel[] = []
  try {
    for (const { name, read } of found) {
      models.push(await openServedModel({ name, checkpoint: await read(), rows: asked.rows, context }))
      terminal.signal.throwIfAborted()
    }
    return models
  } catch (error) {
    await closeModels(models)
    throw error
  }
}

/** Every value of a flag that may be given several times. */
export function valuesOf(flag: string, raw: readonly string[]): readonly string[] {
  const begin = `--${flag}=`
  return raw.flatMap(argument => (argument.startsWith(begin) ? [argument.slice(begin.length)] : []))
}

/** Where a model lies that --model names, and what it is called. */
async function findModelAsked(
  written: string,
  terminal: Terminal,
): Promise<{ readonly name: string; readonly path: string }> {
  const located = locateBase(written, { folder: process.cwd(), cache: cacheFolder() })
  if (!isToFetch(located)) return { name: located.model?.name ?? basename(located.path), path: located.path }
  const progress = showFetch(terminal)
  try {
    return await bringModel({ written, name: undefined }, progress, terminal.signal)
  } finally {
    progress.stop()
  }
}

export async function closeModels(models: readonly ServedModel[]): Promise<void> {
  await Promise.all(models.map(model => model.close()))
}

/** A whole number from 1 as written. Throws UsageError. */
export function readCount(flag: string, written: string | undefined): number | undefined {
  if (written === undefined) return undefined
  const count = Number(written)
  if (/^\d+$/.test(written) && Number.isSafeInteger(count) && count > 0) return count
  throw new UsageError(`--${flag} is "${written}"; it should be a whole number from 1.`)
}
