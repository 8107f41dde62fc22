import { createHash, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createRandom } from '../data/random.ts'
import { didYouMean } from '../did-you-mean.ts'
import { UserError } from '../error.ts'
import { ApiError, errorBody } from './api-error.ts'
import { readChatRequest, type ChatRequest } from './chat-request.ts'
import { completion, completionChunk } from './completion.ts'
import type { AskedChat, ServedModel } from './served-model.ts'

export interface ServerOptions {
  readonly models: readonly ServedModel[]
  /** A name or address to listen on. Throws a UserError for anything but loopback without a token. */
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  /** What clients must show; null where only this machine can ask. */
  readonly token: string | null
  /** Requests that may be under way at once, those that wait included; more are turned away. */
  readonly most: number
  /** For requests without a seed of their own. */
  readonly seed: number
  /** Milliseconds since 1970; shown to clients, and decides nothing. */
  readonly now: () => number
  /** Told of mistakes of the server's own. */
  readonly log: (message: string) => void
}

export interface ModelServer {
  /** Of the API, to be given to clients: http://127.0.0.1:8080/v1. */
  readonly url: string
  /** Takes no more requests, waits so many milliseconds for those under way, and ends the others. */
  close(patience: number): Promise<void>
}

/** Bytes of a request's body. */
const MOST_BYTES = 1 << 20
/** Milliseconds that a client has for sending a request. */
const REQUEST_TIME = 30_000

/** Serves models in the way of OpenAI's API: models, and chat completions, streamed or whole. */
export async function startServer(options: ServerOptions): Promise<ModelServer> {
  const { host, port, token, now } = options
  if (!isLoopback(host) && token === null) {
    throw new UserError(
      `${host} can be reached by other machines, and there is no token.`,
      'Set the environment variable TILTH_TOKEN to a secret that clients send as their API key, or listen on 127.0.0.1.',
    )
  }
  const state: ServerState = { ...options, started: Math.floor(now() / 1000), underWay: new Map(), asked: 0 }
  const server = createServer({ requestTimeout: REQUEST_TIME }, (request, response) => {
    void respond(state, request, response)
  })
  server.maxConnections = 4 * options.most
  await new Promise<void>((resolve, reject) => {
    server.once('error', error => reject(listenError(error, host, port)))
    server.listen(port, host, resolve)
  })
  const { address, family, port: taken } = server.address() as AddressInfo
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${taken}/v1`,
    async close(patience) {
      const closed = new Promise(resolve => server.close(resolve))
      server.closeIdleConnections()
      const late = setTimeout(() => {
        for (const controller of state.underWay.values()) controller.abort(shuttingDown())
      }, patience)
      for (const response of state.underWay.keys())
        if (!response.headersSent) response.setHeader('connection', 'close')
      await Promise.all(Array.from(state.underWay.keys(), ended))
      clearTimeout(late)
      server.closeAllConnections()
      await closed
    },
  }
}

interface ServerState extends ServerOptions {
  /** Seconds since 1970. */
  readonly started: number
  readonly underWay: Map<ServerResponse, AbortController>
  /** Completions asked for so far. */
  asked: number
}

function ended(response: ServerResponse): Promise<void> {
  return new Promise(resolve => void (response.closed ? resolve() : response.once('close', resolve)))
}

function shuttingDown(): ApiError {
  return new ApiError(503, 'shutting_down', 'The server is shutting down.')
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === 'EADDRINUSE')
    return new UserError(
      `Port ${port} of ${host} is taken.`,
      'Stop what listens there, or give another --port.',
    )
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND' || error.code === 'EACCES')
    return new UserError(
      `${host}:${port} cannot be listened on: ${error.message}.`,
      'Give another --host or --port.',
    )
  return error
}

/** Whether only this machine reaches an address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host)
}

/** Answers one request, whatever comes. */
async function respond(
  state: ServerState,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const leave = new AbortController()
  response.on('close', () => {
    state.underWay.delete(response)
    if (!response.writableFinished) leave.abort(new Error('the client hung up'))
  })
  try {
    checkCaller(state, request)
    const isFull = state.underWay.size >= state.most
    state.underWay.set(response, leave)
    if (isFull && request.method === 'POST') {
      response.setHeader('retry-after', '1')
      throw new ApiError(429, 'queue_full', `${state.most} requests are under way already. Try again later.`)
    }
    await route(state, request, { response, signal: leave.signal })
  } catch (error) {
    if (response.destroyed) return
    sendError(response, toApiError(error, state.log))
    // What is left of a body that was refused is not read.
    if (!request.complete) response.once('finish', () => request.destroy())
  }
}

function toApiError(error: unknown, log: (message: string) => void): ApiError {
  if (error instanceof ApiError) return error
  log(`A request failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  return new ApiError(500, 'internal_error', 'The server made a mistake; its log says more.')
}

function sendError(response: ServerResponse, error: ApiError): void {
  if (!response.headersSent) return sendJson(response, error.status, errorBody(error))
  response.end(`data: ${JSON.stringify(errorBody(error))}\n\n`)
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

/**
 * With a token, whoever shows it may ask. Without one, programs of this machine may, but no page that a browser has open:
 * such a request names another origin, or, where a name was bent to this address, another host.
 */
function checkCaller({ token }: ServerState, { headers }: IncomingMessage): void {
  if (token !== null) {
    const given = headers.authorization?.replace(/^Bearer /i, '') ?? ''
    const [a, b] = [given, token].map(text => createHash('sha256').update(text).digest())
    if (timingSafeEqual(a!, b!)) return
    throw new ApiError(
      401,
      'invalid_api_key',
      'The API key is missing or wrong: send the token of the server.',
    )
  }
  const names = [`http://${headers.host ?? 'localhost'}`, headers.origin ?? 'http://localhost']
  const isLocal = names.every(name => URL.canParse(name) && isLoopback(new URL(name).hostname))
  if (!isLocal) throw new ApiError(403, 'forbidden', 'Only programs of this machine may ask here.')
}

interface Exchange {
  readonly response: ServerResponse
  /** Aborts where the client hangs up or the server shuts down. */
  readonly signal: AbortSignal
}

async function route(state: ServerState, request: IncomingMessage, exchange: Exchange): Promise<void> {
  const path = new URL(request.url ?? '/', 'http://localhost').pathname
  const expect = (method: string): void => {
    if (request.method === method) return
    exchange.response.setHeader('allow', method)
    throw new ApiError(405, 'method_not_allowed', `${path} takes ${method}, not ${request.method}.`)
  }
  if (path === '/v1/chat/completions') {
    expect('POST')
    return complete(state, await readJson(request), exchange)
  }
  if (path === '/v1/models') {
    expect('GET')
    const data = state.models.map(model => describeModel(state, model))
    return sendJson(exchange.response, 200, { object: 'list', data })
  }
  if (path.startsWith('/v1/models/')) {
    expect('GET')
    const model = findModel(state, decodeURIComponent(path.slice('/v1/models/'.length)))
    return sendJson(exchange.response, 200, describeModel(state, model))
  }
  throw new ApiError(404, 'not_found', `There is no ${path}; there are /v1/models and /v1/chat/completions.`)
}

function describeModel({ started }: ServerState, { name, context }: ServedModel): object {
  return { id: name, object: 'model', created: started, owned_by: 'tilth', context_length: context }
}

function findModel({ models }: ServerState, name: string): ServedModel {
  const found = models.find(model => model.name === name)
  if (found !== undefined) return found
  const names = models.map(model => model.name)
  throw new ApiError(
    404,
    'model_not_found',
    `There is no model ${name}.${didYouMean(name, names) || ` There is ${names.join(', ')}.`}`,
    'model',
  )
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes > MOST_BYTES)
      throw new ApiError(413, 'request_too_large', `The body is larger than ${MOST_BYTES} bytes.`)
    parts.push(part)
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8')) as unknown
  } catch (error) {
    throw new ApiError(400, 'invalid_json', `The body is no JSON: ${(error as Error).message}.`)
  }
}

async function complete(state: ServerState, body: unknown, { response, signal }: Exchange): Promise<void> {
  const asked = readChatRequest(body)
  const model = findModel(state, asked.model)
  const number = ++state.asked
  const head = { id: `chatcmpl-${number}`, created: Math.floor(state.now() / 1000), model: model.name }
  const random =
    asked.seed === null ? createRandom(state.seed, `request ${number}`) : createRandom(asked.seed, 'request')
  const chat = { ...asked, random, signal }
  if (asked.stream) await stream({ model, chat, head, response })
  else sendJson(response, 200, completion(head, await model.answer(chat)))
}

/** Server-sent events as OpenAI's API sends them. Whatever is wrong with the request is told before the first. */
async function stream({
  model,
  chat,
  head,
  response,
}: {
  readonly model: ServedModel
  readonly chat: ChatRequest & AskedChat
  readonly head: Parameters<typeof completion>[0]
  readonly response: ServerResponse
}): Promise<void> {
  const send = (event: object): void => {
    if (!response.headersSent)
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
    response.write(`data: ${JSON.stringify(event)}\n\n`)
  }
  let isFirst = true
  const sendText = (text: string): void => {
    send(completionChunk(head, { text, isFirst }))
    isFirst = false
  }
  const answer = await model.answer({ ...chat, onText: sendText })
  if (isFirst) sendText('')
  send(completionChunk(head, { finish: answer.finish }))
  if (chat.streamUsage) send(completionChunk(head, { usage: answer }))
  response.end('data: [DONE]\n\n')
}
