import type { Random } from '../data/random.ts'
import { chooseToken, type TokenChoice } from './choose-token.ts'
import type { ConstrainedAnswer, Constraint } from './constraint.ts'
import type { DecoderOptions } from './decoder-memory.ts'
import { openDecoder } from './decoder-thread.ts'

/** A prompt and how it is to be answered. */
export interface Asked {
  readonly prompt: readonly number[]
  /** Most tokens of the answer, the one that ends it not counted. */
  readonly maxTokens: number
  readonly choice: TokenChoice
  /** Tokens that end the answer. */
  readonly endIds: readonly number[]
  readonly constraint?: Constraint
  readonly random: Random
  /** Gives the place in the batch up. */
  readonly signal?: AbortSignal
  /** Called with every token as it is chosen, but for the one that ends the answer; `true` stops it there. */
  readonly onToken?: (id: number) => boolean
}

export interface Answered {
  /** Without the token that ended it. */
  readonly ids: readonly number[]
  /** By a token of `endIds`, for want of room, or because `onToken` said so. */
  readonly ended: 'end' | 'length' | 'stopped'
}

/** A decoder that answers prompts as they come. */
export interface ContinuousBatch {
  /**
   * Waits for a free row, then answers. Throws a RangeError for a prompt that leaves no place for an answer and where the
   * constraint cannot be met, and the reason of a signal that aborts.
   */
  answer(asked: Asked): Promise<Answered>
  /** Prompts that are being answered, and those that wait for a row. */
  load(): { readonly active: number; readonly waiting: number }
  close(): Promise<void>
}

/** A row of the batch that is being answered. */
interface Row {
  readonly asked: Asked
  readonly constrained: ConstrainedAnswer | undefined
  readonly ids: number[]
  settle(outcome: { readonly answered: Answered } | { readonly error: unknown }): void
}

/** Tokens that a row has room for at least. */
const LEAST_ROOM = 128

/**
 * Opens a decoder in a thread of its own that keeps `rows` answers going: after every token, answers that ended leave the
 * batch and prompts that wait take their rows (continuous batching, Yu et al. 2022, https://www.usenix.org/conference/osdi22/presentation/yu).
 * What a prompt is answered does not depend on the others.
 */
export async function openContinuousBatch(
  options: DecoderOptions & { readonly signal?: AbortSignal },
): Promise<ContinuousBatch> {
  const { config } = options
  const decoder = await openDecoder(options)
  const rows = Array.from({ length: options.rows }, (): Row | null => null)
  const waiting: Row[] = []
  let [columns, working, isClosed] = [0, Promise.resolve(), false]
  let isWorking = false

  const active = (): readonly Row[] => rows.filter(row => row !== null)

  /** Makes room for so many tokens in each row; where no row is in use, gives back what is not needed. */
  const makeRoom = async (tokens: number): Promise<void> => {
    const wanted = Math.min(roomFor(tokens), config.context)
    const isIdle = active().length === 0
    if (wanted === columns || (wanted < columns && !isIdle)) return
    await decoder.makeRoom(wanted, !isIdle)
    columns = wanted
  }

  const admit = async (row: Row, index: number): Promise<void> => {
    try {
      await readPrompt(row, index)
    } catch (error) {
      row.settle({ error })
      throw error
    }
  }

  const readPrompt = async (row: Row, index: number): Promise<void> => {
    const { prompt } = row.asked
    await makeRoom(prompt.length + 1)
    const logits = await decoder.readPrompt(index, prompt)
    rows[index] = row
    take(index, logits)
  }

  /** Chooses the next token of a row by its logits; where that ends the answer, the row is free. */
  const take = (index: number, logits: Float32Array): void => {
    const row = rows[index]!
    const outcome = chooseNext(row, logits, config.context)
    if (outcome === null) return
    rows[index] = null
    row.settle(outcome)
  }

  const step = async (): Promise<void> => {
    await makeRoom(Math.max(...active().map(lengthOf)))
    // Rows behind the last that is in use cost nothing.
    const newest = rows
      .slice(0, rows.findLastIndex(row => row !== null) + 1)
      .map(row => row && { id: row.ids.at(-1)!, before: lengthOf(row) - 1 })
    const logits = await decoder.readTokens(newest)
    for (const [index, row] of rows.entries()) {
      if (row === null) continue
      take(index, logits.subarray(index * config.vocabulary, (index + 1) * config.vocabulary))
    }
  }

  const dropAborted = (): void => {
    for (const [index, row] of rows.entries()) {
      if (row?.asked.signal?.aborted !== true) continue
      rows[index] = null
      row.settle({ error: row.asked.signal.reason })
    }
  }

  const work = async (): Promise<void> => {
    try {
      for (;;) {
        dropAborted()
        const free = rows.indexOf(null)
        const next = free === -1 ? undefined : waiting.shift()
        if (next !== undefined) await admit(next, free)
        else if (active().length > 0) await step()
        else break
      }
    } catch (error) {
      for (const row of [...active(), ...waiting.splice(0)]) row.settle({ error })
      rows.fill(null)
    } finally {
      isWorking = false
    }
  }

  return {
    load: () => ({ active: active().length, waiting: waiting.length }),
    answer(asked) {
      const { prompt } = asked
      if (prompt.length === 0 || prompt.length >= config.context) {
        return Promise.reject(
          new RangeError(`a prompt of ${prompt.length} tokens, and the context has ${config.context}`),
        )
      }
      if (isClosed) return Promise.reject(new Error('the decoder is closed'))
      if (asked.signal?.aborted) return Promise.reject(asked.signal.reason)
      return new Promise((resolve, reject) => {
        const leave = (): void => {
          const place = waiting.indexOf(row)
          if (place === -1) return
          waiting.splice(place, 1)
          row.settle({ error: asked.signal!.reason })
        }
        const row: Row = {
          asked,
          constrained: asked.constraint?.begin(),
          ids: [],
          settle(outcome) {
            asked.signal?.removeEventListener('abort', leave)
            if ('error' in outcome) reject(outcome.error)
            else resolve(outcome.answered)
          },
        }
        asked.signal?.addEventListener('abort', leave, { once: true })
        waiting.push(row)
        if (isWorking) return
        isWorking = true
        working = work()
      })
    },
    async close() {
      isClosed = true
      const error = new Error('the decoder is closed')
      for (const row of waiting.splice(0)) row.settle({ error })
      await decoder.close()
      await working
    },
  }
}

function lengthOf({ asked, ids }: Row): number {
  return asked.prompt.length + ids.length
}

/** What the row comes to with one more token; null where it goes on. */
function chooseNext(row: Row, logits: Float32Array, context: number): Parameters<Row['settle']>[0] | null {
  const { asked, constrained, ids } = row
  const ended = (how: Answered['ended']) => ({ answered: { ids, ended: how } })
  try {
    const allowed = constrained?.allowed() ?? null
    const id = chooseToken(logits, { choice: asked.choice, allowed, random: asked.random })
    constrained?.accept(id)
    if (asked.endIds.includes(id)) return ended('end')
    ids.push(id)
    if (asked.onToken?.(id) === true) return ended('stopped')
    return ids.length >= asked.maxTokens || lengthOf(row) >= context ? ended('length') : null
  } catch (error) {
    return { error }
  }
}

/** The least power of two that is not below `tokens`, or what there is at least. */
function roomFor(tokens: number): number {
  return Math.max(LEAST_ROOM, 2 ** Math.ceil(Math.log2(tokens)))
}
