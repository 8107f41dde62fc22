import { statSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { formatBytes } from '../data/bytes.ts'
import { hashFile } from '../data/file.ts'
import { shortHashOf } from '../data/hash.ts'
import { tryLock } from '../data/lock.ts'
import { UserError } from '../error.ts'
import { readDescription } from '../model/checkpoint.ts'
import { checkGgufHead } from '../model/gguf-head.ts'
import {
  assertFreeName,
  type CachedModel,
  checkModelName,
  type ModelRecord,
  noteFetched,
  placeModel,
} from './cache.ts'
import { assertRoom, lockFile, unfinishedFolder } from './cache-room.ts'
import { describeBase, type Description } from './describe.ts'
import { fetchFile, fetchHead, type FileRequest } from './fetch-file.ts'
import { explainHubError, type HubAccess, withoutNetwork } from './hub-access.ts'
import { type HubFile, type HubModel, readCommit, readHubModel } from './hub-model.ts'
import { formatHubName, type HubSource, MAIN } from './source.ts'

/** What is told while a model is fetched or copied. */
export interface FetchEvents {
  log(message: string): void
  /** Bytes that are here, of all that are fetched. */
  fetching(done: number, total: number): void
}

export interface FetchRequest {
  readonly source: HubSource
  /** Folder of the models that were added. */
  readonly cache: string
  readonly access: HubAccess
  /** What it is to be called; left out, as its repository or file. */
  readonly name?: string | undefined
  readonly signal: AbortSignal
  readonly events: FetchEvents
  /** Milliseconds since 1970. */
  now(): number
}

/** Bytes of a GGUF file that are looked at before the rest is fetched: more than most headers have. */
const HEAD = 2 ** 24

/**
 * Fetches a model of the hub into the cache: its files checked, the description before the weights, and in its place
 * only when it is whole. What an interrupted attempt left is gone on from; of two processes the second waits and takes
 * what the first made. Returns what is there already of the same commit. Throws UserError, or the signal's reason.
 */
export async function fetchModel(request: FetchRequest): Promise<CachedModel> {
  const { source, access, signal, cache, name } = request
  if (name !== undefined) checkModelName(name)
  if (access.offline) {
    throw new UserError(
      `${formatHubName(source)} is not on this machine, and HF_HUB_OFFLINE forbids to fetch it.`,
      `Unset HF_HUB_OFFLINE to fetch it. ${withoutNetwork}`,
    )
  }
  try {
    const commit = await readCommit(access, source, signal)
    const key = shortHashOf([source.repository, commit, source.file], 16)
    const release = await waitForLock(request, lockFile(cache, key))
    try {
      const there = await noteFetched(cache, { source, commit, at: formatTime(request) })
      if (there !== undefined) return there
      if (name !== undefined) assertFreeName(cache, name)
      const model = await readHubModel(access, { source, commit }, signal)
      return await fetchFiles(request, model, path.join(unfinishedFolder(cache), key))
    } finally {
      release()
    }
  } catch (error) {
    signal.throwIfAborted()
    throw explainHubError(error, source, access)
  }
}

async function waitForLock({ events, signal, source }: FetchRequest, file: string): Promise<() => void> {
  for (let told = false; ; told = true) {
    const taken = tryLock(file)
    if (typeof taken === 'function') return taken
    if (!told)
      events.log(`Process ${taken.process} is fetching ${formatHubName(source)} already; waiting for it.`)
    await wait(300, undefined, { signal })
  }
}

async function fetchFiles(request: FetchRequest, model: HubModel, folder: string): Promise<CachedModel> {
  const { source, cache, access, events, signal } = request
  const files = [...model.small, ...model.weights]
  await mkdir(folder, { recursive: true })
  const here = new Map(files.map(file => [file, sizeHere(folder, file)]))
  const size = { here: sum(here.values()), total: sum(files.map(({ bytes }) => bytes)) }
  await assertRoom(cache, size.total - size.here)
  events.log(tellFetch(request, model, size))
  const asked = (file: HubFile): FileRequest => ({
    access,
    model,
    file,
    target: path.join(folder, file.name),
    signal,
    onBytes(bytes) {
      here.set(file, bytes)
      events.fetching(sum(here.values()), size.total)
    },
  })
  // A model that cannot be used is refused before its weights are fetched.
  for (const file of model.small) await fetchFile(asked(file))
  if (source.file === null) await orWithout(folder, () => readDescription(folder, () => {}))
  else await checkHead(asked(model.weights[0]!), folder)
  for (const file of model.weights) await fetchFile(asked(file))
  const base = source.file === null ? folder : path.join(folder, model.weights[0]!.name)
  const description = await orWithout(folder, () => describeBase(base))
  const record = await recordOf(request, { model, folder, description })
  return placeModel(cache, { folder, record, names: namesFor(request, model) })
}

function tellFetch(
  { source, access, cache }: FetchRequest,
  { commit, small, weights }: HubModel,
  size: { readonly here: number; readonly total: number },
): string {
  const count = small.length + weights.length
  const part = size.here > 0 ? `, ${formatBytes(size.here)} of them here from before` : ''
  return (
    `Fetching ${formatHubName(source)} at commit ${commit.slice(0, 10)} from ${access.address}: ` +
    `${count === 1 ? 'one file' : `${count} files`}, ${formatBytes(size.total)}${part}. It is kept in ${cache}.`
  )
}

async function checkHead(request: FileRequest, folder: string): Promise<void> {
  const { bytes } = request.file
  if (bytes <= HEAD) return
  const head = await fetchHead(request, HEAD)
  await orWithout(folder, () => checkGgufHead(head, bytes))
}

/** What cannot be used is not kept: the files would only be refused again. */
async function orWithout<Result>(folder: string, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    await rm(folder, { recursive: true, force: true })
    throw new UserError(
      `The model cannot be used: ${error.message.replaceAll(`${folder}${path.sep}`, '').replaceAll(folder, 'it')}`,
      'Take another model. docs/models.md lists what can be read.',
      { cause: error },
    )
  }
}

function sizeHere(folder: string, { name, bytes }: HubFile): number {
  const sizes = ['', '.part'].map(
    ending => statSync(path.join(folder, name + ending), { throwIfNoEntry: false })?.size ?? 0,
  )
  return Math.min(Math.max(...sizes), bytes)
}

async function recordOf(
  request: FetchRequest,
  {
    model,
    folder,
    description,
  }: { readonly model: HubModel; readonly folder: string; readonly description: Description },
): Promise<ModelRecord> {
  const { repository, file, revision } = model.source
  const time = formatTime(request)
  const files = [...model.small, ...model.weights].map(async ({ name, bytes, checksum }) => ({
    name,
    bytes,
    sha256: checksum.kind === 'sha256' ? checksum.hex : await hashFile(path.join(folder, name)),
  }))
  return {
    version: 1,
    source: { kind: 'hub', repository, file, commit: model.commit, revisions: { [revision ?? MAIN]: time } },
    added: time,
    ...description,
    files: await Promise.all(files),
  }
}

function sum(numbers: Iterable<number>): number {
  let total = 0
  for (const number of numbers) total += number
  return total
}

function formatTime({ now }: FetchRequest): string {
  return new Date(now()).toISOString()
}

/** As its repository or file is called, else with what tells it from others of that name. */
function namesFor({ name, source }: FetchRequest, { commit, weights }: HubModel): readonly string[] {
  if (name !== undefined) return [name]
  const [owner = '', repository = ''] = source.repository.split('/')
  const own = source.file === null ? repository : weights[0]!.name.replace(/\.gguf$/i, '')
  return [own, `${owner}-${own}`, `${own}-${commit.slice(0, 7)}`, `${owner}-${own}-${commit}`]
}
