import { fileDownloadInfo, InvalidApiResponseFormatError, listFiles, modelInfo } from '@huggingface/hub'
import { didYouMean } from '../did-you-mean.ts'
import { UserError } from '../error.ts'
import { type HubAccess, patientFetch } from './hub-access.ts'
import { INDEX, isDescription, SINGLE } from './model-files.ts'
import { formatHubName, type HubSource, MAIN } from './source.ts'

/** A file of the hub, with what its bytes must be. */
export interface HubFile {
  /** Path in the repository. */
  readonly path: string
  /** What it is called here. */
  readonly name: string
  readonly bytes: number
  /** Of a large file its SHA-256, else its git object id: SHA-1 over a header and its bytes. */
  readonly checksum: { readonly kind: 'sha256' | 'git'; readonly hex: string }
}

/** What of a repository is fetched. */
export interface HubModel {
  readonly source: HubSource
  readonly commit: string
  /** What is looked at before the weights are fetched. */
  readonly small: readonly HubFile[]
  readonly weights: readonly HubFile[]
}

const shard = /^model-\d{5}-of-\d{5}\.safetensors$/

/** Milliseconds that the hub has for a list or a description. */
const PATIENCE = 60_000

/** The commit that a revision stands for now. Throws HubRefusal, HubSilence or the reason of the signal. */
export async function readCommit(access: HubAccess, source: HubSource, signal: AbortSignal): Promise<string> {
  const { sha } = await modelInfo({
    name: source.repository,
    revision: source.revision ?? MAIN,
    additionalFields: ['sha'],
    ...connection(access, signal),
  })
  if (/^[0-9a-f]{40}$/.test(sha)) return sha
  throw new UserError(`${access.address} does not say which commit ${formatHubName(source)} is.`)
}

/**
 * Lists the files of a model: those that describe it, and its weights, as safetensors or the one GGUF file that is
 * asked for. Throws a UserError where there are none of these, and for a list with names that lead out of a folder.
 */
export async function readHubModel(
  access: HubAccess,
  { source, commit }: { readonly source: HubSource; readonly commit: string },
  signal: AbortSignal,
): Promise<HubModel> {
  const listed = await listHubFiles(access, { source, commit }, signal)
  if (source.file !== null) return { source, commit, small: [], weights: [ggufOf(source, listed)] }
  const own = listed.filter(({ path }) => !path.includes('/'))
  const small = own.filter(({ path }) => isDescription(path))
  const has = (name: string): boolean => own.some(({ path }) => path === name)
  const weights = own.filter(({ path }) => (has(INDEX) ? shard.test(path) : path === SINGLE))
  if (weights.length === 0) throw withoutWeights(source, listed)
  for (const needed of ['config.json', 'tokenizer.json']) {
    if (has(needed)) continue
    throw new UserError(
      `${formatHubName(source)} has no ${needed}.`,
      'Take a model as Hugging Face transformers saves it.',
    )
  }
  return { source, commit, small, weights }
}

async function listHubFiles(
  access: HubAccess,
  { source, commit }: { readonly source: HubSource; readonly commit: string },
  signal: AbortSignal,
): Promise<readonly HubFile[]> {
  const listed: HubFile[] = []
  const entries = listFiles({
    repo: { type: 'model', name: source.repository },
    revision: commit,
    recursive: true,
    ...connection(access, signal),
  })
  try {
    for await (const { type, path, size, oid, lfs } of entries) {
      if (type !== 'file') continue
      assertInside(path, source)
      const hex = lfs?.oid ?? oid
      if (hex === undefined) continue
      const checksum = { kind: lfs === undefined ? ('git' as const) : ('sha256' as const), hex }
      listed.push({ path, name: path.split('/').at(-1)!, bytes: lfs?.size ?? size, checksum })
    }
  } catch (error) {
    // The client takes any JSON for a list.
    if (error instanceof TypeError) throw new InvalidApiResponseFormatError(error.message, { cause: error })
    throw error
  }
  return listed
}

function connection(access: HubAccess, signal: AbortSignal) {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)])
  return {
    hubUrl: access.address,
    fetch: patientFetch(access, limited),
    ...(access.token === null ? {} : { accessToken: access.token }),
  }
}

/** A list that names places outside of its own folder is no list to trust. */
function assertInside(path: string, source: HubSource): void {
  const parts = path.split('/')
  if (!/[\\\0]|^[A-Za-z]:/.test(path) && parts.every(part => !['', '.', '..'].includes(part))) return
  throw new UserError(
    `${formatHubName(source)} lists the file ${JSON.stringify(path)}, which leads out of its folder.`,
    'Nothing was fetched. Do not trust this model.',
  )
}

function ggufOf(source: HubSource, listed: readonly HubFile[]): HubFile {
  const found = listed.find(({ path }) => path === source.file)
  if (found !== undefined) return found
  const known = listed.filter(({ path }) => isGguf(path)).map(({ path }) => path)
  throw new UserError(
    `${source.repository} has no file ${source.file}.${didYouMean(source.file!, known)}`,
    known.length === 0 ? 'It has no GGUF file at all.' : `Its GGUF files are ${known.join(', ')}.`,
  )
}

function isGguf(path: string): boolean {
  return path.toLowerCase().endsWith('.gguf')
}

function withoutWeights(source: HubSource, listed: readonly HubFile[]): UserError {
  const name = formatHubName(source)
  const gguf = listed.find(({ path }) => isGguf(path))
  if (gguf !== undefined) {
    const all = listed.filter(({ path }) => isGguf(path)).map(({ path }) => path)
    return new UserError(
      `${name} has no model.safetensors, but GGUF files.`,
      `Name one of them: ${all.map(path => `\`${formatHubName({ ...source, file: path })}\``).join(', ')}.`,
    )
  }
  if (listed.some(({ path }) => /\.(?:bin|pt|pth|ckpt)$/.test(path))) {
    return new UserError(
      `${name} has its weights as pickle files only, which can run any program when they are read; they are never fetched.`,
      'Take a revision or another model with safetensors or GGUF files, or convert it yourself with transformers: `model.save_pretrained(folder)`.',
    )
  }
  return new UserError(
    `${name} has no weights that can be read: neither model.safetensors nor its shards.`,
    'Take another model, or a GGUF file of it.',
  )
}

/** Opens a file of a model from its byte `from` to before `end`. Throws HubRefusal or HubSilence. */
export async function openHubFile(
  access: HubAccess,
  asked: {
    readonly model: Pick<HubModel, 'source' | 'commit'>
    readonly file: HubFile
    readonly from: number
    readonly end: number
  },
  signal: AbortSignal,
): Promise<Response> {
  const { model, file, from, end } = asked
  const request = patientFetch(access, signal)
  const info = await fileDownloadInfo({
    repo: { type: 'model', name: model.source.repository },
    path: file.path.split('/').map(encodeURIComponent).join('/'),
    revision: model.commit,
    ...connection(access, signal),
  })
  if (info === null) throw new UserError(`${formatHubName(model.source)} has no file ${file.path} any more.`)
  return request(info.url, {
    headers: {
      ...(access.token === null ? {} : { Authorization: `Bearer ${access.token}` }),
      ...(from === 0 && end === file.bytes
        ? {}
        : { Range: `bytes=${from}-${end === file.bytes ? '' : end - 1}` }),
    },
  })
}
