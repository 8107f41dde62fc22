import { setTimeout as wait } from 'node:timers/promises'
import { HUB_URL, InvalidApiResponseFormatError } from '@huggingface/hub'
import { UserError } from '../error.ts'
import { formatHubName, type HubSource } from './source.ts'

/** How the hub is reached. */
export interface HubAccess {
  /** Without a slash at its end. */
  readonly address: string
  /** Sent to the hub; null to ask as anyone. */
  readonly token: string | null
  /** Whether the environment forbids to ask it. */
  readonly offline: boolean
  /** Waits before another attempt. */
  pause(milliseconds: number, signal: AbortSignal): Promise<unknown>
}

/** What the variables say that Hugging Face's own programs know: HF_ENDPOINT, HF_TOKEN, HF_HUB_OFFLINE. Throws a UserError for a token that is none. */
export function hubAccess(environment: Readonly<Record<string, string | undefined>>): HubAccess {
  const token = environment['HF_TOKEN']?.trim()
  if (token !== undefined && token !== '' && !/^hf_\S+$/.test(token)) {
    throw new UserError(
      'HF_TOKEN holds no token of the hub.',
      'A token begins with "hf_". Set it, or unset HF_TOKEN.',
    )
  }
  return {
    address: (environment['HF_ENDPOINT'] || HUB_URL).replace(/\/+$/, ''),
    token: token || null,
    offline: /^(?:1|true|yes|on)$/i.test(environment['HF_HUB_OFFLINE'] ?? ''),
    pause: (milliseconds, signal) => wait(milliseconds, undefined, { signal }),
  }
}

/** An answer of the hub that is a refusal. */
class HubRefusal extends Error {
  readonly status: number
  /** What the hub calls the mistake: RepoNotFound, RevisionNotFound, EntryNotFound, GatedRepo. */
  readonly code: string | null

  constructor(status: number, code: string | null) {
    super(`the hub answered with status ${status}`)
    this.status = status
    this.code = code
  }
}

/** No answer came from the hub. */
export class HubSilence extends Error {}

const ATTEMPTS = 5
/** Milliseconds before the second attempt, doubled for each that follows; and the most that the hub may ask for. */
const FIRST_PAUSE = 1000
const LONGEST_PAUSE = 60_000

/**
 * A `fetch` that tries again, up to five times in all, where the hub is busy (429) or in trouble (5xx) or a connection
 * breaks, and throws HubRefusal or HubSilence in the end. A hub that cannot be reached at all is asked once.
 */
export function patientFetch(access: HubAccess, signal: AbortSignal): typeof fetch {
  return async (input, init) => {
    for (let attempt = 1; ; attempt++) {
      const isLast = attempt === ATTEMPTS
      const answer = await askOnce(input, init, signal)
      if (answer instanceof Response) {
        if (answer.ok) return answer
        await answer.body?.cancel()
        const { status, headers } = answer
        if (isLast || !(status === 429 || status >= 500))
          throw new HubRefusal(status, headers.get('x-error-code'))
        await access.pause(pauseOf(attempt, headers.get('retry-after')), signal)
      } else {
        if (isLast || !answer.isPassing) throw new HubSilence(answer.reason, { cause: answer.error })
        await access.pause(pauseOf(attempt, null), signal)
      }
    }
  }
}

interface NoAnswer {
  readonly error: unknown
  readonly reason: string
  readonly isPassing: boolean
}

/** Reasons that another attempt right after does not change. */
const unreachable =
  /^(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|EHOSTUNREACH|UND_ERR_CONNECT_TIMEOUT|ERR_INVALID_URL|CERT_|UNABLE_|SELF_SIGNED|DEPTH_ZERO|ERR_TLS)/

async function askOnce(
  input: Parameters<typeof fetch>[0],
  init: RequestInit | undefined,
  signal: AbortSignal,
): Promise<Response | NoAnswer> {
  const own = init?.signal
  try {
    return await fetch(input, { ...init, signal: own ? AbortSignal.any([own, signal]) : signal })
  } catch (error) {
    signal.throwIfAborted()
    const reason = reasonOf(error)
    return { error, reason, isPassing: !unreachable.test(reason) }
  }
}

/** The system's word for what broke a connection. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const inner = error.cause instanceof Error ? error.cause : error
  return (inner as NodeJS.ErrnoException).code?.toString() ?? inner.message
}

function pauseOf(attempt: number, asked: string | null): number {
  const seconds = asked === null || !/^\d+$/.test(asked) ? null : Number(asked)
  return Math.min(seconds === null ? FIRST_PAUSE * 2 ** (attempt - 1) : seconds * 1000, LONGEST_PAUSE)
}

/** What to do where nothing can be fetched. */
export const withoutNetwork =
  'Without a network, bring the folder or the GGUF file of the model here by other means and name it instead, or keep it with `tilth model add <folder or file>`.'

/** Says what a refusal or a silence means for who asked; other errors are returned as they are. */
export function explainHubError(error: unknown, source: HubSource, access: HubAccess): unknown {
  const asked = formatHubName(source)
  const say = (message: string, next: string): UserError => new UserError(message, next, { cause: error })
  if (error instanceof HubSilence || (error instanceof DOMException && error.name === 'TimeoutError')) {
    return say(
      `${access.address} cannot be reached to fetch ${asked} (${error.message}).`,
      `The same command goes on from what was fetched. ${withoutNetwork}`,
    )
  }
  if (error instanceof SyntaxError || error instanceof InvalidApiResponseFormatError) {
    return say(
      `${access.address} does not answer as the hub does (${error.message}).`,
      'Correct HF_ENDPOINT where it is set. A network that wants you to sign in first answers so, too.',
    )
  }
  if (!(error instanceof HubRefusal)) return error
  const { status, code } = error
  if (code === 'GatedRepo' || status === 403) {
    return say(
      `${asked} is only given to those whom its owner lets (status ${status}).`,
      access.token === null
        ? `Accept its terms on ${access.address}/${source.repository}, and set HF_TOKEN to a token of your account there.`
        : `Accept its terms on ${access.address}/${source.repository} with the account of HF_TOKEN, and see that the token may read gated models.`,
    )
  }
  if (code === 'RevisionNotFound') {
    return say(
      `${source.repository} has no revision "${source.revision}".`,
      `Name a branch, a tag or a commit of it, or write \`${formatHubName({ ...source, revision: null })}\` for the main branch.`,
    )
  }
  // The hub does not tell strangers whether a model is private or does not exist.
  if (status === 401 || status === 404) {
    return say(
      `${access.address} has no model ${source.repository}, or does not show it (status ${status}).`,
      access.token === null
        ? 'Correct the name: owner, a slash, the name. Where the model is private, set HF_TOKEN to a token that may read it.'
        : 'Correct the name: owner, a slash, the name; or see that HF_TOKEN is valid and may read it.',
    )
  }
  if (status === 429) {
    return say(
      `${access.address} asks to slow down (status 429).`,
      `Wait some minutes and give the same command again: what was fetched is kept.${access.token === null ? ' With HF_TOKEN set it allows more.' : ''}`,
    )
  }
  return say(
    `${access.address} does not give ${asked} (status ${status}).`,
    'Try again later: what was fetched is kept.',
  )
}
