import type { Random } from '../data/random.ts'
import { compile, type Program } from '../tensor/compile.ts'
import { add, mul, sub } from '../tensor/ops/arithmetic.ts'
import { gather } from '../tensor/ops/gather.ts'
import { reshape } from '../tensor/ops/layout.ts'
import { input } from '../tensor/ops/leaf.ts'
import { linear } from '../tensor/ops/matmul.ts'
import { pad } from '../tensor/ops/slice.ts'
import type { NamedValues, Session } from '../tensor/session.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { openSession } from '../tensor/worker-session.ts'
import { chooseToken, type TokenChoice } from './choose-token.ts'
import type { Constraint } from './constraint.ts'
import { batchInputs, batchValues, causalMask, HIDDEN, sharedPositions } from './decoder-batch.ts'
import type { DecoderConfig } from './decoder-config.ts'
import type { Weights } from './decoder-weights.ts'
import { decode, headOf, plainParts } from './decoder.ts'

export interface GenerateOptions {
  /** Most tokens of an answer, the one that ends it not counted. */
  readonly maxTokens: number
  readonly choice: TokenChoice
  /** Tokens that end an answer. */
  readonly endIds: readonly number[]
  readonly constraint?: Constraint
  /** Draws for each prompt come from a stream of its own, so that they do not depend on the others. */
  readonly random: Random
  /** Called after each batch with how many prompts are answered. */
  readonly onAnswered?: (count: number) => void
}

/** An answer's tokens, without the one that ended it. */
export interface GeneratedAnswer {
  readonly ids: readonly number[]
  /** Whether it came to its end, or had to be cut. */
  readonly isEnded: boolean
}

/** A decoder that writes answers. */
export interface Sampler {
  /** The answers to prompts, in their order. Throws a RangeError for a prompt that leaves no place for an answer. */
  generate(
    prompts: readonly (readonly number[])[],
    options: GenerateOptions,
  ): Promise<readonly GeneratedAnswer[]>
  close(): Promise<void>
}

/** Prompts and caches are as long as a multiple of it: each length is a graph to compile. */
const STEP = 32

/**
 * Opens a decoder in a thread of its own. Prompts go through it in batches of `rows`; keys and values are kept in the
 * session, so that each further token costs one column of attention.
 */
export async function openSampler(options: {
  readonly config: DecoderConfig
  readonly weights: Weights
  readonly padId: number
  /** Prompts that are answered at once. */
  readonly rows: number
  readonly signal?: AbortSignal
}): Promise<Sampler> {
  const { config, weights, rows, signal } = options
  const session = await openSession({ programs: {}, state: weights, ...(signal && { signal }) })
  const loaded = new Set<string>()
  const load = async (name: string, make: () => Program): Promise<void> => {
    if (!loaded.has(name)) await session.load(name, make())
    loaded.add(name)
  }
  const loadCache = async (sizes: CacheSizes): Promise<void> => {
    const name = `cache ${sizes.columns}`
    if (!loaded.has(name)) await session.write(emptyCache(config, sizes))
    loaded.add(name)
  }
  return {
    async generate(prompts, generation) {
      const { maxTokens } = generation
      const order = prompts
        .map((_, index) => index)
        .sort((a, b) => prompts[a]!.length - prompts[b]!.length || a - b)
      const answers = Array.from(prompts, (): GeneratedAnswer => ({ ids: [], isEnded: false }))
      for (let done = 0; done < order.length; done += rows) {
        const own = order.slice(done, done + rows)
        const longest = Math.max(...own.map(index => prompts[index]!.length))
        if (longest === 0 || longest >= config.context) {
          throw new RangeError(`a prompt of ${longest} tokens, and the context has ${config.context}`)
        }
        const time = Math.min(roundUp(longest), config.context)
        const columns = Math.min(roundUp(longest + maxTokens), config.context)
        const sizes = { rows, time, columns }
        await load(`prompt ${time} ${columns}`, () => promptProgram(config, sizes))
        await load(`token ${columns}`, () => tokenProgram(config, sizes))
        await loadCache(sizes)
        const batch = {
          ...sizes,
          padId: options.padId,
          prompts: own.map(index => prompts[index]!),
          streams: own.map(String),
        }
        const written = await writeAnswers(config, session, { ...batch, generation })
        for (const [row, index] of own.entries()) answers[index] = written[row]!
        generation.onAnswered?.(Math.min(done + rows, order.length))
      }
      return answers
    },
    close: () => session.close(),
  }
}

function roundUp(length: number): number {
  return Math.ceil(length / STEP) * STEP
}

interface CacheSizes {
  readonly rows: number
  readonly time: number
  readonly columns: number
}

/** The session's names for a layer's keys and values. */
function cacheNames(layer: number, columns: number): readonly [keys: string, values: string] {
  return [`keys ${layer} of ${columns}`, `values ${layer} of ${columns}`]
}

function emptyCache(
  { layers, keyValueHeads, headWidth }: DecoderConfig,
  { rows, columns }: CacheSizes,
): NamedValues {
  const names = Array.from({ length: layers }, (_, layer) => cacheNames(layer, columns)).flat()
  const empty = new Float32Array(rows * keyValueHeads * columns * headWidth)
  return Object.fromEntries(names.map(name => [name, empty]))
}

/** Reads whole prompts, keeps their keys and values, and gives the logits after the last token of each. */
function promptProgram(config: DecoderConfig, { rows, time, columns }: CacheSizes): Program {
  const updates: Record<string, Tensor> = {}
  const plain = plainParts(config)
  const parts = {
    ...plain,
    remember(layer: number, keys: Tensor, values: Tensor) {
      const [keysName, valuesName] = cacheNames(layer, columns)
      updates[keysName] = pad(keys, 2, 0, columns - time)
      updates[valuesName] = pad(values, 2, 0, columns - time)
      return [keys, values] as const
    },
  }
  const states = decode(
    config,
    parts,
    batchInputs(config, { rows, time, columns: time, ownPositions: false }),
  )
  const last = gather(reshape(states, [rows * time, config.width]), input('last', [rows], 'int32'))
  return compile({ outputs: { logits: linear(last, headOf(config, plain)) }, updates })
}

/** Reads one more token of each row, puts its key and value into the column told by `place`, and gives the logits. */
function tokenProgram(config: DecoderConfig, { rows, columns }: CacheSizes): Program {
  const { keyValueHeads, headWidth } = config
  const updates: Record<string, Tensor> = {}
  const plain = plainParts(config)
  const place = input('place', [rows, 1, columns, 1])
  /** The cache with the new column in its place: c + place·(new - c). */
  const write = (name: string, fresh: Tensor): Tensor => {
    const cache = input(name, [rows, keyValueHeads, columns, headWidth])
    return (updates[name] = add(cache, mul(place, sub(fresh, cache))))
  }
  const parts = {
    ...plain,
    remember(layer: number, keys: Tensor, values: Tensor) {
      const [keysName, valuesName] = cacheNames(layer, columns)
      return [write(keysName, keys), write(valuesName, values)] as const
    },
  }
  const states = decode(config, parts, batchInputs(config, { rows, time: 1, columns, ownPositions: true }))
  return compile({
    outputs: { logits: linear(reshape(states, [rows, config.width]), headOf(config, plain)) },
    updates,
  })
}

interface AnswerBatch extends CacheSizes {
  readonly padId: number
  /** At most `rows`; the other rows are idle. */
  readonly prompts: readonly (readonly number[])[]
  /** The name of each prompt's stream of random numbers. */
  readonly streams: readonly string[]
  readonly generation: GenerateOptions
}

async function writeAnswers(
  config: DecoderConfig,
  session: Session,
  batch: AnswerBatch,
): Promise<readonly GeneratedAnswer[]> {
  const { time, columns, prompts, generation } = batch
  const { endIds, maxTokens, choice, random } = generation
  const rows = prompts.map((prompt, index) => ({
    length: prompt.length,
    ids: [] as number[],
    isEnded: false,
    answer: generation.constraint?.begin(),
    random: random.stream(batch.streams[index]!),
  }))
  let outputs = await session.run(`prompt ${time} ${columns}`, promptFeeds(config, batch))
  for (;;) {
    const logits = outputs['logits'] as Float32Array
    const writing = rows.filter((row, index) => {
      if (row.isEnded || row.ids.length >= maxTokens || row.length >= columns) return false
      const own = logits.subarray(index * config.vocabulary, (index + 1) * config.vocabulary)
      const id = chooseToken(own, { choice, allowed: row.answer?.allowed() ?? null, random: row.random })
      row.answer?.accept(id)
      row.isEnded = endIds.includes(id)
      if (!row.isEnded) row.ids.push(id)
      return !row.isEnded
    })
    if (writing.length === 0) return rows.map(({ ids, isEnded }) => ({ ids, isEnded }))
    outputs = await session.run(`token ${columns}`, tokenFeeds(config, batch, rows))
    for (const row of writing) row.length++
  }
}

function promptFeeds(config: DecoderConfig, { rows, time, padId, prompts }: AnswerBatch): NamedValues {
  const tokens = new Int32Array(rows * time).fill(padId)
  const examples = new Int32Array(rows * time)
  for (const [row, prompt] of prompts.entries()) {
    tokens.set(prompt, row * time)
    examples.fill(1, row * time, row * time + prompt.length)
  }
  const positions = sharedPositions(time)
  const last = Int32Array.from(
    { length: rows },
    (_, row) => row * time + Math.max(0, (prompts[row]?.length ?? 1) - 1),
  )
  const mask = causalMask(examples, { rows, time })
  return { ...batchValues(config, { tokens, positions, mask, length: time }), last }
}

/** The newest token of each row, which stands in the column after those before it. */
function tokenFeeds(
  config: DecoderConfig,
  { rows, columns, padId }: AnswerBatch,
  written: readonly { readonly length: number; readonly ids: readonly number[] }[],
): NamedValues {
  const tokens = Int32Array.from({ length: rows }, (_, row) => written[row]?.ids.at(-1) ?? padId)
  const positions = Int32Array.from({ length: rows }, (_, row) =>
    Math.min(written[row]?.length ?? 0, columns - 1),
  )
  const mask = new Float32Array(rows * columns).fill(HIDDEN)
  const place = new Float32Array(rows * columns)
  for (const [row, position] of positions.entries()) {
    mask.fill(0, row * columns, row * columns + position + 1)
    place[row * columns + position] = 1
  }
  return { ...batchValues(config, { tokens, positions, mask, length: columns }), place }
}
