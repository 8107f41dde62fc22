import type { InferenceSession } from 'onnxruntime-node'
import { type Execution, importRuntime, openGraph } from '../tensor/session.ts'
import type { DecoderConfig } from './decoder-config.ts'
import { decoderGraph, EMBEDDING, memoryNames, memoryWidth, nextMemory } from './decoder-graph.ts'
import type { Weights } from './decoder-weights.ts'
import { rotaryTable, type RotaryTable } from './rotary.ts'

/** A decoder that remembers what it read: rows of a batch, each with keys and values of its tokens. */
export interface RememberingDecoder {
  /** Gives every row room for so many tokens; what the rows hold is kept, or left out where nobody needs it. */
  makeRoom(columns: number, isKept: boolean): Promise<void>
  /** Reads a prompt into a row, in the place of what it held, and gives the logits after its last token. */
  readPrompt(row: number, prompt: readonly number[]): Promise<Float32Array>
  /**
   * Reads one more token of each of the first rows and gives the logits [rows, vocabulary]. A row's logits are the same
   * whatever stands in the others. Null is a row that nobody needs: what it holds is lost.
   */
  readTokens(newest: readonly (NewestToken | null)[]): Promise<Float32Array>
  close(): Promise<void>
}

export interface NewestToken {
  readonly id: number
  /** Tokens of its row that stand before it. */
  readonly before: number
}

export interface DecoderOptions {
  readonly config: DecoderConfig
  readonly weights: Weights
  /** Rows that it remembers. */
  readonly rows: number
  readonly execution?: Execution
}

/**
 * Opens one in this thread, which it blocks while it reads. Its matrices are held a second time, laid out for products.
 * The memory of keys and values is written in place: graphs are given the same numbers as input and output, which
 * GroupQueryAttention of ONNX Runtime allows (and no other operation does).
 */
export async function openLocalDecoder(options: DecoderOptions): Promise<RememberingDecoder> {
  const { config, rows } = options
  const { Tensor } = await importRuntime()
  const graph = await openDecoderGraph(options)
  const { keyValueHeads, headWidth, vocabulary, width } = config
  const embedding = new Tensor('float32', options.weights['model.embed_tokens.weight']!, [vocabulary, width])
  const names = Array.from({ length: config.layers }, (_, layer) => memoryNames(layer)).flat()
  const wide = memoryWidth(config)
  let columns = 0
  let memory: Record<string, Float32Array> = {}
  let table: RotaryTable = { cosines: new Float32Array(), sines: new Float32Array() }

  /** Reads the same number of tokens of each of some rows, from `first` on. `ends` are the positions of the last. */
  const read = async (first: number, tokens: Int32Array, ends: Int32Array): Promise<Float32Array> => {
    const count = ends.length
    const time = tokens.length / count
    const positions = BigInt64Array.from(tokens, (_, index) =>
      BigInt(ends[Math.floor(index / time)]! - time + 1 + (index % time)),
    )
    const feeds: Record<string, InstanceType<typeof Tensor>> = {
      [EMBEDDING]: embedding,
      tokens: new Tensor('int32', tokens, [count, time]),
      last: new Tensor('int32', Int32Array.of(time - 1), [1]),
      positions: new Tensor('int64', positions, [count, time]),
      ends: new Tensor('int32', ends, [count]),
      longest: new Tensor('int32', Int32Array.of(Math.max(...ends) + 1), [1]),
      cosines: new Tensor('float32', table.cosines, [columns, headWidth / 2]),
      sines: new Tensor('float32', table.sines, [columns, headWidth / 2]),
    }
    const fetches: Record<string, InstanceType<typeof Tensor> | null> = { logits: null }
    const block = keyValueHeads * columns * wide
    for (const name of names) {
      const values = memory[name]!.subarray(first * block, (first + count) * block)
      feeds[name] = new Tensor('float32', values, [count, keyValueHeads, columns, wide])
      fetches[nextMemory(name)] = feeds[name]
    }
    return (await graph.run(feeds, fetches))['logits']!.data as Float32Array
  }

  return {
    async makeRoom(wanted, isKept) {
      const blocks = rows * keyValueHeads
      const [before, after] = [columns * wide, wanted * wide]
      const empty = (): Float32Array => new Float32Array(blocks * after)
      const moved = (name: string): Float32Array => {
        const values = empty()
        for (let block = 0; block < blocks; block++) {
          const held = memory[name]!.subarray(block * before, block * before + Math.min(before, after))
          values.set(held, block * after)
        }
        return values
      }
      if (!isKept) memory = {}
      for (const name of names) memory[name] = isKept && columns > 0 ? moved(name) : empty()
      columns = wanted
      const positions = Int32Array.from({ length: columns }, (_, place) => place)
      table = rotaryTable(config.rotary, positions, columns)
    },
    readPrompt: (row, prompt) => read(row, Int32Array.from(prompt), Int32Array.of(prompt.length - 1)),
    readTokens: newest =>
      read(
        0,
        Int32Array.from(newest, token => token?.id ?? 0),
        Int32Array.from(newest, token => token?.before ?? 0),
      ),
    close: () => graph.release(),
  }
}

/** Of the weights, nothing is held on to but what the runtime made of them. */
async function openDecoderGraph({ config, weights, execution }: DecoderOptions): Promise<InferenceSession> {
  const { model, constants } = decoderGraph(config)
  const values = Object.fromEntries(constants.map(name => [name, weights[name]!]))
  return openGraph(model, { ...execution, constants: values })
}
