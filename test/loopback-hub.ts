import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'

/** A repository of the hub: files by path, and who may have them. */
export interface Repository {
  files: Record<string, Uint8Array | string>
  commit: string
  /** Tags and branches beside `main`, with their commits. */
  revisions?: Record<string, string>
  /** Sizes that the listing says instead of the true ones, by path. */
  declared?: Record<string, number>
  gated?: boolean
  private?: boolean
}

/** What goes wrong with a request whose path holds a text; each time it does, `times` is one less. */
export interface Fault {
  on: string
  times: number
  /** Answers with this status. */
  status?: number
  retryAfter?: string
  /** Ends the connection after so many bytes of the body. */
  cutAfter?: number
  /** Changes a byte of the body. */
  corrupt?: boolean
  /** Sends the whole where a range was asked for. */
  ignoreRange?: boolean
  /** Sends so many bytes and then nothing more. */
  stallAfter?: number
}

export interface LoopbackHub {
  readonly url: string
  readonly repositories: Record<string, Repository>
  readonly faults: Fault[]
  /** Every request, in order: `GET /path`, with the range and whether it had a token. */
  readonly requests: { line: string; range: string | undefined; authorized: boolean }[]
  /** Bytes of bodies that were sent of files. */
  sent(): number
  close(): Promise<void>
}

/** Lets who sends it have gated and private models. */
export const hubToken = 'hf_loopback'

/**
 * A server on loopback that answers the endpoints of the hub which are used, as the hub does: models' commits, listings in
 * pages, small files at once, large ones through a redirect to another host that knows ranges.
 */
export async function startHub(repositories: Record<string, Repository>): Promise<LoopbackHub> {
  const faults: Fault[] = []
  const requests: LoopbackHub['requests'] = []
  const counted = { bytes: 0 }
  const addresses = { hub: '', store: '' }
  const given: Given = { repositories, faults, requests, counted, addresses }
  const hub = createServer((request, response) => answer(given, request, response))
  const store = createServer((request, response) => answer(given, request, response))
  addresses.hub = await listen(hub)
  addresses.store = await listen(store)
  return {
    url: addresses.hub,
    repositories,
    faults,
    requests,
    sent: () => counted.bytes,
    async close() {
      for (const server of [hub, store]) {
        server.closeAllConnections()
        server.close()
      }
      await Promise.resolve()
    },
  }
}

interface Given {
  readonly repositories: Record<string, Repository>
  readonly faults: Fault[]
  readonly requests: LoopbackHub['requests']
  readonly counted: { bytes: number }
  readonly addresses: { hub: string; store: string }
}

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function answer(given: Given, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url!, given.addresses.hub)
  const place = decodeURIComponent(url.pathname)
  const authorized = request.headers.authorization === `Bearer ${hubToken}`
  given.requests.push({ line: `${request.method} ${place}`, range: request.headers.range, authorized })
  const refusal = takeFault(given, place, ({ status }) => status !== undefined)
  if (refusal !== undefined) {
    const headers = refusal.retryAfter === undefined ? {} : { 'retry-after': refusal.retryAfter }
    return refuse(response, refusal.status!, null, headers)
  }
  if (place.startsWith('/stored/')) return sendStored(given, { request, response, place })
  const [, owner, name, ...rest] = place.replace('/api/models', '').split('/')
  const repository = given.repositories[`${owner}/${name}`]
  if (repository === undefined || (repository.private === true && !authorized))
    return refuse(response, authorized ? 404 : 401, 'RepoNotFound')
  const [action, revision = '', ...inner] = rest
  const commit = revision === 'main' ? repository.commit : (repository.revisions?.[revision] ?? revision)
  if (!/^[0-9a-f]{40}$/.test(commit)) return refuse(response, 404, 'RevisionNotFound')
  if (action === 'revision')
    return json(response, { _id: '1', id: `${owner}/${name}`, sha: commit, lastModified: 0 })
  if (action === 'tree') return sendPage({ response, url, repository })
  if (repository.gated === true && !authorized) return refuse(response, 401, 'GatedRepo')
  const file = repository.files[inner.join('/')]
  if (file === undefined) return refuse(response, 404, 'EntryNotFound')
  const bytes = bytesOf(file)
  if (!isLarge(inner.at(-1)!))
    return sendBytes(given, { request, response, place, bytes, etag: gitHash(bytes) })
  const sha = sha256(bytes)
  const linked = {
    'x-linked-size': String(bytes.length),
    'x-linked-etag': `"${sha}"`,
    'x-repo-commit': commit,
  }
  if (request.headers.accept?.includes('application/vnd.xet-fileinfo+json') === true) {
    response.writeHead(200, {
      ...linked,
      'content-type': 'application/vnd.xet-fileinfo+json',
      etag: `"${sha}"`,
      'x-xet-hash': sha,
      link: `<${given.addresses.store}/xet>; rel="xet-auth", <${given.addresses.store}/xet>; rel="xet-reconstruction-info"`,
    })
    response.end('{}')
    return
  }
  response.writeHead(302, { ...linked, location: `${given.addresses.store}/stored/${sha}/${inner.at(-1)!}` })
  response.end()
}

function sendPage({
  response,
  url,
  repository,
}: {
  response: ServerResponse
  url: URL
  repository: Repository
}): void {
  const entries = Object.entries(repository.files).map(([path, content]) => {
    const bytes = bytesOf(content)
    const oid = isLarge(path) ? '0'.repeat(40) : gitHash(bytes)
    const size = repository.declared?.[path] ?? bytes.length
    const lfs = { oid: sha256(bytes), size, pointerSize: 130 }
    return { type: 'file', path, size, oid, ...(isLarge(path) ? { lfs } : {}) }
  })
  const from = Number(url.searchParams.get('cursor') ?? 0)
  const next = new URL(url)
  next.searchParams.set('cursor', String(from + 5))
  if (from + 5 < entries.length) response.setHeader('link', `<${next.href}>; rel="next"`)
  json(response, entries.slice(from, from + 5))
}

function takeFault(given: Given, place: string, isMeant: (fault: Fault) => boolean): Fault | undefined {
  const fault = given.faults.find(each => each.times > 0 && place.includes(each.on) && isMeant(each))
  if (fault !== undefined) fault.times--
  return fault
}

interface Sending {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly place: string
}

function sendStored(given: Given, sending: Sending): void {
  const sha = sending.place.split('/')[2]!
  const all = Object.values(given.repositories).flatMap(({ files }) => Object.values(files))
  const bytes = all.map(bytesOf).find(file => sha256(file) === sha)!
  sendBytes(given, { ...sending, bytes, etag: sha })
}

function sendBytes(
  given: Given,
  { request, response, place, bytes, etag }: Sending & { readonly bytes: Buffer; readonly etag: string },
): void {
  // What happens to a body does not happen to the one byte that only asks for a size.
  const isProbe = request.headers.range === 'bytes=0-0'
  const fault = isProbe ? undefined : takeFault(given, place, ({ status }) => status === undefined)
  const [, start, end] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? []
  const ranged = start !== undefined && fault?.ignoreRange !== true
  const from = ranged ? Number(start) : 0
  const to = ranged && end !== '' ? Number(end) + 1 : bytes.length
  const body = fault?.corrupt === true ? Buffer.from(bytes.subarray(from, to)) : bytes.subarray(from, to)
  if (fault?.corrupt === true) body[0]! ^= 1
  response.writeHead(ranged ? 206 : 200, {
    etag: `"${etag}"`,
    'content-length': body.length,
    ...(ranged ? { 'content-range': `bytes ${from}-${to - 1}/${bytes.length}` } : {}),
  })
  const limit = fault?.cutAfter ?? fault?.stallAfter
  given.counted.bytes += Math.min(body.length, limit ?? body.length)
  if (limit === undefined) response.end(body)
  else
    response.write(
      body.subarray(0, limit),
      () => fault?.cutAfter !== undefined && setTimeout(() => response.destroy(), 50),
    )
}

function refuse(
  response: ServerResponse,
  status: number,
  code: string | null,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    ...(code === null ? {} : { 'x-error-code': code }),
    ...headers,
  })
  response.end(JSON.stringify({ error: code ?? 'trouble' }))
}

function json(response: ServerResponse, content: unknown): void {
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify(content))
}

function isLarge(file: string): boolean {
  return /\.(?:safetensors|gguf|bin)$/.test(file)
}

const hashes = new WeakMap<Uint8Array, string>()

/** Of files that are large, hashed once. */
function sha256(bytes: Uint8Array): string {
  const known = hashes.get(bytes) ?? createHash('sha256').update(bytes).digest('hex')
  hashes.set(bytes, known)
  return known
}

function bytesOf(content: Uint8Array | string): Buffer {
  return content instanceof Buffer ? content : Buffer.from(content)
}

export function gitHash(bytes: Uint8Array): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
}

const card = '---\nlicense: apache-2.0\n---\n# A tiny model\n'

/** A repository with the tiny Llama of the fixtures, its card, and files that no one needs. */
export function tinyRepository(changes: Partial<Repository> = {}): Repository {
  const folder = 'test/fixtures/decoder/llama'
  const own = readdirSync(folder).map(name => [name, readFileSync(path.join(folder, name))] as const)
  return {
    commit: '1234567890123456789012345678901234567890',
    files: {
      ...Object.fromEntries(own),
      'README.md': card,
      'pytorch_model.bin': Buffer.alloc(1000, 1),
      'original/consolidated.safetensors': Buffer.alloc(1000, 1),
      'tf_model.h5': 'unused',
    },
    ...changes,
  }
}

/** A repository with one of the GGUF files of the fixtures. */
export function ggufRepository(): Repository {
  return {
    commit: 'abcdef7890123456789012345678901234567890',
    files: {
      'README.md': card,
      'tiny-f16.gguf': readFileSync('test/fixtures/gguf/llama.gguf'),
      'quantised/tiny-q8_0.gguf': readFileSync('test/fixtures/gguf/qwen2.gguf'),
    },
  }
}
