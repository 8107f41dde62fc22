import { basename, resolve } from 'node:path'
import { UserError } from '../error.ts'
import type { ServedModel } from '../serve/served-model.ts'
import { UsageError } from './exit.ts'
import type { Terminal } from './terminal.ts'

export const modelFlags = {
  model: {
    type: 'string',
    alias: 'm',
    valueHint: 'folder',
    description: 'Folder of a model as Hugging Face saves it; may be given several times.',
  },
  context: {
    type: 'string',
    valueHint: 'tokens',
    description: 'Most tokens of a conversation and its answer, 2048 unless told.',
  },
} as const

/** Opens every --model; each is named for its folder. */
export async function openModels(
  asked: { readonly raw: readonly string[]; readonly context: string | undefined; readonly rows: number },
  terminal: Terminal,
): Promise<readonly ServedModel[]> {
  const folders = asked.raw.flatMap(argument => (argument.startsWith('--model=') ? [argument.slice(8)] : []))
  if (folders.length === 0) throw new UsageError('--model is missing: which model should answer?')
  const names = folders.map(folder => basename(resolve(folder)))
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined)
    throw new UserError(
      `Two models are called ${twice}.`,
      'A model is called as its folder: rename one of them.',
    )
  const context = readCount('context', asked.context) ?? 2048
  const { readCheckpoint } = await import('../model/checkpoint.ts')
  const { openServedModel } = await import('../serve/served-model.ts')
  const models: ServedModel[] = []
  try {
    for (const [index, folder] of folders.entries()) {
      const checkpoint = await readCheckpoint(resolve(folder))
      models.push(await openServedModel({ name: names[index]!, checkpoint, rows: asked.rows, context }))
      terminal.signal.throwIfAborted()
    }
    return models
  } catch (error) {
    await closeModels(models)
    throw error
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
