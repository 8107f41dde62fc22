import type { Random } from '../data/random.ts'
import type { TokenizedExample } from './conversation.ts'

/** Rows of equal length, each with one example or several, that go through the graph together. */
export interface TrainingBatch {
  readonly time: number
  /** As many as every batch has; a row may be empty, and the last ones of an epoch are. */
  readonly rows: readonly (readonly TokenizedExample[])[]
}

export interface BatchOptions {
  /** Rows of a batch. */
  readonly rows: number
  /** Several examples in a row where they fit; they cannot see each other. */
  readonly packing: boolean
  /** Most different lengths of batches: each is a graph to compile. */
  readonly buckets: number
}

/** Rows are as long as a multiple of it. */
const STEP = 8

/**
 * Lengths that divide the examples into parts of about equal size, so that little is filled up: the quantiles of their
 * lengths, rounded up to multiples of 8, ascending. The last holds the longest.
 */
export function bucketLengths(
  examples: readonly TokenizedExample[],
  { packing, buckets }: BatchOptions,
): readonly number[] {
  const lengths = examples.map(({ ids }) => ids.length).toSorted((a, b) => a - b)
  if (lengths.length === 0) return []
  const parts = packing ? 1 : buckets
  const quantiles = Array.from({ length: parts }, (_, part) => {
    const length = lengths[Math.ceil(((part + 1) * lengths.length) / parts) - 1]!
    return Math.ceil(length / STEP) * STEP
  })
  return [...new Set(quantiles)]
}

/** One pass over the examples, in an order that follows from `random`; every example is in exactly one batch. */
export function epochBatches(
  examples: readonly TokenizedExample[],
  options: BatchOptions,
  random: Random,
): readonly TrainingBatch[] {
  const lengths = bucketLengths(examples, options)
  const shuffled = random.shuffle(examples)
  const batches: TrainingBatch[] = []
  let left: readonly (readonly TokenizedExample[])[] = []
  for (const [index, time] of lengths.entries()) {
    const shortest = lengths[index - 1] ?? 0
    const own = shuffled.filter(({ ids }) => ids.length > shortest && ids.length <= time)
    const rows = [...left, ...(options.packing ? packRows(own, time) : own.map(example => [example]))]
    // What fills no batch goes along with the next longer ones.
    const isLast = index === lengths.length - 1
    const whole = isLast ? Math.ceil(rows.length / options.rows) : Math.floor(rows.length / options.rows)
    for (let batch = 0; batch < whole; batch++) {
      const filled = rows.slice(batch * options.rows, (batch + 1) * options.rows)
      const empty = Array.from({ length: options.rows - filled.length }, () => [])
      batches.push({ time, rows: [...filled, ...empty] })
    }
    left = rows.slice(whole * options.rows)
  }
  return random.shuffle(batches)
}

/** Puts examples into rows of a length: the longest first, each into the first row where it fits. */
function packRows(
  examples: readonly TokenizedExample[],
  time: number,
): readonly (readonly TokenizedExample[])[] {
  const rows: { free: number; readonly examples: TokenizedExample[] }[] = []
  for (const example of examples.toSorted((a, b) => b.ids.length - a.ids.length)) {
    const row = rows.find(({ free }) => free >= example.ids.length)
    if (row === undefined) rows.push({ free: time - example.ids.length, examples: [example] })
    else {
      row.examples.push(example)
      row.free -= example.ids.length
    }
  }
  return rows.map(row => row.examples)
}

/** A batch as numbers, row-major [rows, time]. */
export interface PackedBatch {
  readonly tokens: Int32Array
  /** Counted from 0 in each example. */
  readonly positions: Int32Array
  /** The number of the token's example in its row, from 1 on; 0 for what fills up. */
  readonly examples: Int32Array
  /** Places in the flattened batch whose state must tell the next token. */
  readonly sources: readonly number[]
  /** Those next tokens. */
  readonly targets: readonly number[]
  /** The weight of each target's example. */
  readonly weights: readonly number[]
}

/** Lays the rows of a batch out; `padId` stands where there is nothing. */
export function layOutBatch({ rows, time }: TrainingBatch, padId: number): PackedBatch {
  const tokens = new Int32Array(rows.length * time).fill(padId)
  const positions = new Int32Array(tokens.length)
  const examples = new Int32Array(tokens.length)
  const [sources, targets, weights]: [number[], number[], number[]] = [[], [], []]
  for (const [row, packed] of rows.entries()) {
    let place = row * time
    for (const [number, { ids, learned, weight }] of packed.entries()) {
      for (const [position, id] of ids.entries()) {
        tokens[place] = id
        positions[place] = position
        examples[place] = number + 1
        if (position > 0 && learned[position] === 1) {
          sources.push(place - 1)
          targets.push(id)
          weights.push(weight)
        }
        place++
      }
    }
  }
  return { tokens, positions, examples, sources, targets, weights }
}
