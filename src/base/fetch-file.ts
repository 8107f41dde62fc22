import { createHash, type Hash } from 'node:crypto'
import { createReadStream, existsSync, statSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { UserError } from '../error.ts'
import { type HubAccess, HubSilence, reasonOf } from './hub-access.ts'
import { type HubFile, type HubModel, openHubFile } from './hub-model.ts'

/** Attempts in a row that bring no byte before a file is given up. */
const ATTEMPTS = 5
/** Milliseconds without a byte after which a connection counts as broken. */
const STALL = 60_000
const NO_RANGE = 'the hub does not know ranges'

export interface FileRequest {
  readonly access: HubAccess
  readonly model: Pick<HubModel, 'source' | 'commit'>
  readonly file: HubFile
  /** Where it is to lie; what is fetched of it lies beside it, as `.part`, until it is whole. */
  readonly target: string
  readonly signal: AbortSignal
  /** Told how many bytes of it are here, also those of before. */
  onBytes(here: number): void
}

/**
 * Fetches one file, from where an earlier attempt ended, and checks its bytes; nothing is under its name before they
 * are right. Throws UserError where they are not, HubRefusal, HubSilence, or the reason of the signal.
 */
export async function fetchFile(request: FileRequest): Promise<void> {
  const { file, target, onBytes } = request
  const part = `${target}.part`
  if (existsSync(target)) {
    if ((await digestOf(target, file, request.signal)) === file.checksum.hex) return onBytes(file.bytes)
    await rm(target)
  }
  const before = sizeOf(part)
  let digest = await fillPart(request, part, file.bytes)
  // What an interrupted attempt left may be wrong; what is fetched from the start is only what the hub sends.
  if (digest !== file.checksum.hex && before > 0) {
    await rm(part, { force: true })
    digest = await fillPart(request, part, file.bytes)
  }
  if (digest !== file.checksum.hex) {
    await rm(part, { force: true })
    throw wrongBytes(request, digest)
  }
  await rename(part, target)
}

/** Fetches the first bytes of a file into its part-file, where that has fewer, and returns its path. Throws as `fetchFile` does. */
export async function fetchHead(request: FileRequest, bytes: number): Promise<string> {
  const { target } = request
  if (existsSync(target)) return target
  const part = `${target}.part`
  if (sizeOf(part) < bytes) await fillPart(request, part, bytes)
  return part
}

/** Fetches what is missing of the first bytes of a part-file: their digest, or null where the hub cannot go on from its middle. */
async function fillPart(request: FileRequest, part: string, end: number): Promise<string | null> {
  const { file, signal, access, onBytes } = request
  if (sizeOf(part) > file.bytes) await rm(part)
  const hash = startHash(file)
  const filled = { bytes: sizeOf(part) }
  if (filled.bytes > 0) await hashInto(hash, part, signal)
  onBytes(filled.bytes)
  const handle = await open(part, 'a')
  try {
    let failed = 0
    while (filled.bytes < end) {
      const before = filled.bytes
      const problem = await readOn(request, { from: before, end }, async bytes => {
        await handle.appendFile(bytes)
        hash.update(bytes)
        filled.bytes += bytes.length
        onBytes(filled.bytes)
      })
      if (problem === NO_RANGE) return null
      if (problem === null) continue
      failed = filled.bytes > before ? 1 : failed + 1
      if (failed === ATTEMPTS) throw new HubSilence(problem)
      await access.pause(1000 * 2 ** (failed - 1), signal)
    }
    await handle.sync()
    return hash.digest('hex')
  } finally {
    await handle.close()
  }
}

/** Reads from byte `from` to `end` or until the connection ends: null, or what broke it. */
async function readOn(
  { access, model, file, signal }: FileRequest,
  { from, end }: { readonly from: number; readonly end: number },
  take: (bytes: Uint8Array) => Promise<void>,
): Promise<string | null> {
  const stall = new AbortController()
  const timer = setTimeout(() => stall.abort(), STALL)
  const own = AbortSignal.any([signal, stall.signal])
  let left = end - from
  try {
    const response = await openHubFile(access, { model, file, from, end }, own)
    if (!goesOn(response, from)) {
      await response.body?.cancel()
      return NO_RANGE
    }
    for await (const bytes of readEach(response)) {
      if (bytes.length > left && end === file.bytes) throw tooLong(file)
      // A hub that does not know ranges sends on: what was asked for is enough.
      const wanted = bytes.subarray(0, left)
      left -= wanted.length
      timer.refresh()
      await take(wanted)
      if (left === 0 && end < file.bytes) return null
    }
    return left === 0 ? null : 'the connection ended early'
  } catch (error) {
    signal.throwIfAborted()
    if (stall.signal.aborted) return 'no byte came for a minute'
    if (error instanceof HubSilence) return error.message
    if (error instanceof BrokenBody) return error.message
    throw error
  } finally {
    clearTimeout(timer)
  }
}

class BrokenBody extends Error {}

/** Tells what the network breaks from what the disk refuses. */
async function* readEach(response: Response): AsyncIterable<Uint8Array> {
  const reader = response.body!.getReader() as ReadableStreamDefaultReader<Uint8Array>
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw new BrokenBody(reasonOf(error), { cause: error })
      })
      if (done) return
      yield value
    }
  } finally {
    await reader.cancel().catch(() => {})
  }
}

/** A hub that does not know ranges sends the whole again, which cannot be appended. */
function goesOn(response: Response, from: number): boolean {
  const [, start] = /^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '') ?? []
  return from === 0 || (response.status === 206 && Number(start) === from)
}

function wrongBytes({ file, access }: FileRequest, digest: string | null): UserError {
  return digest === null
    ? new UserError(
        `The connection broke while ${file.path} was fetched, and ${access.address} cannot go on in the middle of a file.`,
        'Give the same command again; a proxy between here and the hub may be the reason.',
      )
    : new UserError(
        `${file.path} came with other bytes than ${access.address} promised.`,
        'Give the same command again. Where it happens twice, something on the way changes the file: a proxy, or a mirror that is out of date.',
      )
}

function tooLong(file: HubFile): Error {
  return new UserError(
    `${file.path} is longer than the ${file.bytes} bytes that the hub promised.`,
    'Give the same command again; a proxy or a mirror may be out of date.',
  )
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

async function digestOf(path: string, file: HubFile, signal: AbortSignal): Promise<string> {
  const hash = startHash(file)
  await hashInto(hash, path, signal)
  return hash.digest('hex')
}

async function hashInto(hash: Hash, path: string, signal: AbortSignal): Promise<void> {
  for await (const bytes of createReadStream(path, { signal })) hash.update(bytes as Uint8Array)
}

/** Git hashes `blob <length>\0` before the bytes (gitformat-loose, "git hash-object"). */
function startHash({ checksum, bytes }: HubFile): Hash {
  if (checksum.kind === 'sha256') return createHash('sha256')
  return createHash('sha1').update(`blob ${bytes}\0`)
}
