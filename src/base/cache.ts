import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import path from 'node:path'
import { z } from 'zod'
import { writeFileAtomic } from '../data/file.ts'
import { UserError } from '../error.ts'
import { type HubSource, MAIN } from './source.ts'

const recordSchema = z.object({
  version: z.literal(1),
  source: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('hub'),
      repository: z.string(),
      /** The branches, tags and commits that it was asked for by, with when they last stood for its commit: ISO 8601, UTC. */
      revisions: z.record(z.string(), z.string()),
      commit: z.string(),
      file: z.string().nullable(),
    }),
    z.object({ kind: z.literal('path'), path: z.string() }),
  ]),
  /** ISO 8601, UTC. */
  added: z.string(),
  format: z.enum(['safetensors', 'gguf']),
  architecture: z.string(),
  /** Numbers in its weights. */
  weights: z.number(),
  /** Tokens. */
  context: z.number(),
  licence: z.string().nullable(),
  files: z.array(z.object({ name: z.string(), bytes: z.number(), sha256: z.string() })).min(1),
})

/** What is kept beside a model that was added. */
export type ModelRecord = z.output<typeof recordSchema>

/** A model that was added: `model:name`. */
export interface CachedModel extends ModelRecord {
  readonly name: string
  readonly folder: string
  /** What is read: its folder, or its GGUF file. */
  readonly path: string
  /** Of all its files together. */
  readonly bytes: number
}

const RECORD = 'model.json'

/** The place of one machine: what the environment says, and where a person's files lie. */
export interface Machine {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly platform: string
  readonly home: string
}

/**
 * The folder of the models that were added: `models` in TILTH_CACHE, else in `tilth` under XDG_CACHE_HOME (as the XDG
 * Base Directory Specification has it, absolute or ignored), under %LOCALAPPDATA% on Windows, or under ~/.cache.
 */
export function cacheFolder(
  { environment, platform, home }: Machine = {
    environment: process.env,
    platform: process.platform,
    home: homedir(),
  },
): string {
  const own = environment['TILTH_CACHE']
  if (own !== undefined && own !== '') return path.resolve(own, 'models')
  const shared = environment['XDG_CACHE_HOME']
  if (shared !== undefined && path.isAbsolute(shared)) return path.join(shared, 'tilth', 'models')
  const local = environment['LOCALAPPDATA']
  if (platform === 'win32' && local !== undefined && local !== '') return path.join(local, 'tilth', 'models')
  return path.join(home, '.cache', 'tilth', 'models')
}

/** Every model of the cache, by name. Throws a UserError for one whose record cannot be read. */
export function listModels(cache: string): readonly CachedModel[] {
  if (!existsSync(cache)) return []
  return readdirSync(cache)
    .filter(name => !name.startsWith('.') && existsSync(path.join(cache, name, RECORD)))
    .toSorted()
    .map(name => readModel(cache, name))
}

function readModel(cache: string, name: string): CachedModel {
  const folder = path.join(cache, name)
  try {
    const record = recordSchema.parse(JSON.parse(readFileSync(path.join(folder, RECORD), 'utf8')))
    const isFile = record.format === 'gguf'
    return {
      name,
      ...record,
      folder,
      path: isFile ? path.join(folder, record.files[0]!.name) : folder,
      bytes: record.files.reduce((sum, { bytes }) => sum + bytes, 0),
    }
  } catch (error) {
    throw new UserError(
      `${path.join(folder, RECORD)} does not say what model this is.`,
      `Remove the folder ${folder} and add the model again.`,
      { cause: error },
    )
  }
}

/** The model that a place of the hub stood for when it was last asked; of whatever revision where none is named. */
export function findFetched(cache: string, source: HubSource): CachedModel | undefined {
  const { revision } = source
  const asked = (model: CachedModel): string | undefined => {
    const from = model.source
    if (from.kind !== 'hub' || !isSamePlace(from, source)) return undefined
    if (revision === null) return Object.values(from.revisions).toSorted().at(-1)
    return from.revisions[revision] ?? (isStartOf(revision, from.commit) ? model.added : undefined)
  }
  return listModels(cache)
    .filter(model => asked(model) !== undefined)
    .toSorted((one, other) => (asked(one)! < asked(other)! ? 1 : -1))[0]
}

/** Seven digits name a commit, as git shortens it. */
function isStartOf(revision: string, commit: string): boolean {
  return revision.length >= 7 && commit.startsWith(revision)
}

type Place = Pick<HubSource, 'repository' | 'file'>

function isSamePlace(one: Place, other: Place): boolean {
  return one.repository.toLowerCase() === other.repository.toLowerCase() && one.file === other.file
}

/** The model of a commit, noted to be what a revision stands for at a time; undefined where it was not fetched. */
export async function noteFetched(
  cache: string,
  fetched: { readonly source: HubSource; readonly commit: string; readonly at: string },
): Promise<CachedModel | undefined> {
  const { source, commit, at } = fetched
  const found = listModels(cache).find(
    ({ source: from }) => from.kind === 'hub' && from.commit === commit && isSamePlace(from, source),
  )
  if (found?.source.kind !== 'hub') return undefined
  const { name, folder, path: _path, bytes: _bytes, ...record } = found
  const revisions = { ...found.source.revisions, [source.revision ?? MAIN]: at }
  await writeRecord(folder, { ...record, source: { ...found.source, revisions } })
  return readModel(cache, name)
}

async function writeRecord(folder: string, record: ModelRecord): Promise<void> {
  await writeFileAtomic(path.join(folder, RECORD), `${JSON.stringify(record, null, 2)}\n`)
}

const names = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9_-])?$/

/** Throws a UserError for what cannot be a model's name here or on another system. */
export function checkModelName(name: string): void {
  if (names.test(name) && !/^(?:con|nul|aux|prn|com\d|lpt\d)(?:\.|$)/i.test(name)) return
  throw new UserError(
    `"${name}" cannot be the name of a model.`,
    'It may have letters, digits, dots, dashes and underscores, and begins with a letter or a digit.',
  )
}

/**
 * Makes a whole folder a model of the cache, under the first name that is free, by one renaming. Where `wanted` is one
 * name alone and it is taken, throws a UserError.
 */
export async function placeModel(
  cache: string,
  staged: { readonly folder: string; readonly record: ModelRecord; readonly names: readonly string[] },
): Promise<CachedModel> {
  const { folder, record, names: wanted } = staged
  await writeRecord(folder, record)
  for (const name of wanted) {
    const target = path.join(cache, name)
    if (existsSync(target)) continue
    try {
      await rename(folder, target)
      return readModel(cache, name)
    } catch (error) {
      // Another process took the name in between: a folder is never renamed over one that holds something.
      if (!['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(String((error as NodeJS.ErrnoException).code)))
        throw error
      if (!existsSync(target)) throw error
    }
  }
  throw takenName(wanted)
}

/** Throws a UserError where a model has this name already. */
export function assertFreeName(cache: string, name: string): void {
  if (existsSync(path.join(cache, name))) throw takenName([name])
}

function takenName(wanted: readonly string[]): UserError {
  return new UserError(
    `A model called ${wanted.join(' or ')} is there already.`,
    'Give it another name with --name, or remove that one with `tilth model remove`.',
  )
}

/** Removes a model: at once from the list, then its files. */
export async function removeModel({ folder, name }: CachedModel): Promise<void> {
  const gone = path.join(path.dirname(folder), `.removed-${name}-${process.pid}`)
  await rename(folder, gone)
  await rm(gone, { recursive: true, force: true })
}
