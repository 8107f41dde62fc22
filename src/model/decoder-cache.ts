import { compile, type Program } from '../tensor/compile.ts'
import { add, mul } from '../tensor/ops/arithmetic.ts'
import { gather } from '../tensor/ops/gather.ts'
import { reshape, transpose } from '../tensor/ops/layout.ts'
import { input } from '../tensor/ops/leaf.ts'
import { linear, matmul } from '../tensor/ops/matmul.ts'
import { concat, slice } from '../tensor/ops/slice.ts'
import { softmax } from '../tensor/ops/softmax.ts'
import type { NamedValues } from '../tensor/session.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { batchInputs, batchValues, causalMask, HIDDEN, sharedPositions } from './decoder-batch.ts'
import type { DecoderConfig } from './decoder-config.ts'
import { decode, headOf, plainParts, type AttentionInputs } from './decoder.ts'

// The keys and values of the rows of a batch, kept in a session as [rows, keyValueHeads, columns, headWidth] for each
// layer. Graphs only ever read them; what is new is copied to its place after a run, so that a token costs one pass over
// what it looks at, and a row can be filled while the others stand between two tokens.

export interface CacheSizes {
  readonly rows: number
  /** Tokens that a row has room for. */
  readonly columns: number
}

/** What a program is run with. */
export interface Fed {
  readonly feeds: NamedValues
  /** Where the new keys and values go. */
  readonly places: Int32Array
}

/** The session's names for a layer's keys and values. */
function cacheNames(layer: number): readonly [keys: string, values: string] {
  return [`keys ${layer}`, `values ${layer}`]
}

/** Every part of the cache, with these numbers. */
function cacheOf({ layers }: DecoderConfig, valuesOf: (name: string) => Float32Array): NamedValues {
  const names = Array.from({ length: layers }, (_, layer) => cacheNames(layer)).flat()
  return Object.fromEntries(names.map(name => [name, valuesOf(name)]))
}

/** A cache of zeros. */
export function emptyCache(config: DecoderConfig, { rows, columns }: CacheSizes): NamedValues {
  const empty = new Float32Array(rows * config.keyValueHeads * columns * config.headWidth)
  return cacheOf(config, () => empty)
}

/** A cache with room for more tokens, and what it held. */
export function grownCache(
  config: DecoderConfig,
  cache: NamedValues,
  { from, to }: { readonly from: number; readonly to: number },
): NamedValues {
  return cacheOf(config, name => {
    const before = cache[name] as Float32Array
    const blocks = before.length / (from * config.headWidth)
    const [old, long] = [from * config.headWidth, to * config.headWidth]
    const grown = new Float32Array(blocks * long)
    for (let block = 0; block < blocks; block++)
      grown.set(before.subarray(block * old, (block + 1) * old), block * long)
    return grown
  })
}

/** The names of everything in the cache. */
export function cacheKeys(config: DecoderConfig): readonly string[] {
  return Object.keys(cacheOf(config, () => new Float32Array()))
}

/** Reads the whole prompt of one row, keeps its keys and values, and gives the logits after its last token. */
export function promptProgram(config: DecoderConfig, time: number): Program {
  const writes: Record<string, Tensor> = {}
  const plain = plainParts(config)
  const parts = {
    ...plain,
    remember(layer: number, keys: Tensor, values: Tensor) {
      const [keysName, valuesName] = cacheNames(layer)
      writes[keysName] = keys
      writes[valuesName] = values
      return [keys, values] as const
    },
  }
  const inputs = batchInputs(config, { rows: 1, time, columns: time, ownPositions: false })
  const states = reshape(decode(config, parts, inputs), [time, config.width])
  const last = gather(states, input('last', [1], 'int32'))
  return compile({ outputs: { logits: linear(last, headOf(config, plain)) }, writes })
}

export function promptFeeds(
  config: DecoderConfig,
  asked: CacheSizes & {
    readonly prompt: readonly number[]
    readonly row: number
    readonly time: number
    readonly padId: number
  },
): Fed {
  const { prompt, row, time, columns, padId } = asked
  const tokens = new Int32Array(time).fill(padId)
  tokens.set(prompt)
  const mask = causalMask(new Int32Array(time).fill(1, 0, prompt.length), { rows: 1, time })
  const values = batchValues(config, { tokens, positions: sharedPositions(time), mask, length: time })
  const { keyValueHeads, headWidth } = config
  return {
    feeds: { ...values, last: Int32Array.of(prompt.length - 1) },
    places: Int32Array.from(
      { length: keyValueHeads },
      (_, head) => (row * keyValueHeads + head) * columns * headWidth,
    ),
  }
}

/** Reads one more token of each row, keeps its key and value, and gives the logits [rows, vocabulary]. */
export function tokenProgram(config: DecoderConfig, { rows, columns }: CacheSizes): Program {
  const { keyValueHeads, headWidth } = config
  const writes: Record<string, Tensor> = {}
  const plain = plainParts(config)
  const inputs = batchInputs(config, { rows, time: 1, columns, ownPositions: true })
  const mask = reshape(inputs.mask, [rows, 1, 1, columns])
  const parts = {
    ...plain,
    attend(layer: number, { queries, keys, values }: AttentionInputs) {
      const [keysName, valuesName] = cacheNames(layer)
      writes[keysName] = keys
      writes[valuesName] = values
      const shape = [rows, keyValueHeads, columns, headWidth]
      const before = { keys: input(keysName, shape), values: input(valuesName, shape) }
      const scale = 1 / Math.sqrt(headWidth)
      const scores = [
        add(matmul(queries, transpose(before.keys), scale), mask),
        matmul(queries, transpose(keys), scale),
      ]
      const weights = softmax(concat(scores, -1))
      return add(
        matmul(slice(weights, -1, 0, columns), before.values),
        mul(slice(weights, -1, columns, columns + 1), values),
      )
    },
  }
  const states = decode(config, parts, inputs)
  const logits = linear(reshape(states, [rows, config.width]), headOf(config, plain))
  return compile({ outputs: { logits }, writes })
}

/** `newest` has for each row its newest token and how many stand before it; null where the row is idle. */
export function tokenFeeds(
  config: DecoderConfig,
  {
    columns,
    newest,
    padId,
  }: CacheSizes & {
    readonly padId: number
    readonly newest: readonly ({ readonly id: number; readonly before: number } | null)[]
  },
): Fed {
  const { keyValueHeads, headWidth } = config
  const tokens = Int32Array.from(newest, token => token?.id ?? padId)
  const positions = Int32Array.from(newest, token => token?.before ?? 0)
  const mask = new Float32Array(newest.length * columns).fill(HIDDEN)
  const places = new Int32Array(newest.length * keyValueHeads).fill(-1)
  for (const [row, token] of newest.entries()) {
    if (token === null) continue
    mask.fill(0, row * columns, row * columns + token.before)
    for (let head = 0; head < keyValueHeads; head++) {
      const block = row * keyValueHeads + head
      places[block] = (block * columns + token.before) * headWidth
    }
  }
  return { feeds: batchValues(config, { tokens, positions, mask, length: columns }), places }
}
