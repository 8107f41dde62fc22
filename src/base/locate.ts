import { existsSync } from 'node:fs'
import path from 'node:path'
import { didYouMean } from '../did-you-mean.ts'
import { UserError } from '../error.ts'
import { type CachedModel, findFetched, listModels } from './cache.ts'
import { baseForms, type HubSource, readBaseSource } from './source.ts'

/** A base model that is on this machine. */
export interface LocatedBase {
  /** A folder or a GGUF file, absolute. */
  readonly path: string
  /** Null for a path that a person named. */
  readonly model: CachedModel | null
}

export interface Places {
  /** Paths are meant from here. */
  readonly folder: string
  /** Folder of the models that were added. */
  readonly cache: string
}

/**
 * Finds a base model as a person wrote it, without the network: where it lies, or the place of the hub that it would
 * have to be fetched from. Throws a UserError for a path or a name that is not there.
 */
export function locateBase(written: string, { folder, cache }: Places): LocatedBase | HubSource {
  const source = readBaseSource(written, folder)
  if (source.kind === 'hub') {
    const model = findFetched(cache, source)
    return model === undefined ? source : { path: model.path, model }
  }
  if (source.kind === 'added') {
    const model = findModel(cache, source.name)
    return { path: model.path, model }
  }
  if (existsSync(source.path)) return { path: source.path, model: null }
  throw notThere(written, source.path, cache)
}

/** The model that was added under a name. Throws a UserError where there is none. */
export function findModel(cache: string, name: string): CachedModel {
  const models = listModels(cache)
  const found = models.find(model => model.name === name)
  if (found !== undefined) return found
  const known = models.map(model => model.name)
  throw new UserError(
    `No model called "${name}" was added.${didYouMean(name, known)}`,
    known.length === 0
      ? `None was added yet: \`tilth model add\` takes ${baseForms.replace(' or `model:name`', '')}.`
      : `\`tilth model list\` shows what was added: ${known.join(', ')}.`,
  )
}

function notThere(written: string, asPath: string, cache: string): UserError {
  const added = listModels(cache).map(({ name }) => name)
  const isHubLike = /^[\w-][\w.-]*\/[\w.-]+$/.test(written) && !written.toLowerCase().endsWith('.gguf')
  const guess = added.includes(written)
    ? ` Did you mean \`model:${written}\`, which was added?`
    : isHubLike
      ? ` Did you mean \`hf:${written}\`, of the hub?`
      : didYouMean(path.basename(written), added).replace(/"(.*)"/, '`model:$1`')
  return new UserError(
    `There is no folder or file ${asPath}, which should hold the base model.${guess}`,
    `A base model is ${baseForms}.`,
  )
}

/** Whether a model must be fetched before it can be used. */
export function isToFetch(located: LocatedBase | HubSource): located is HubSource {
  return 'kind' in located
}
