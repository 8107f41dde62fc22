import { input } from '../tensor/ops/leaf.ts'
import type { NamedValues } from '../tensor/session.ts'
import type { DecoderConfig } from './decoder-config.ts'
import type { DecoderInputs } from './decoder.ts'
import { rotaryTable } from './rotary.ts'

/** Scores are lowered by so much where a token must not look. */
export const HIDDEN = -1e9

/** Sizes of a batch. */
export interface BatchShape {
  readonly rows: number
  readonly time: number
  /** Whether each row has positions of its own; else all count them from 0, which is quicker. */
  readonly ownPositions: boolean
}

/** The graph inputs of a batch of this shape, to be fed with what `batchValues` gives. */
export function batchInputs(config: DecoderConfig, shape: BatchShape): DecoderInputs {
  const { rows, time } = shape
  const half = config.headWidth / 2
  const table = shape.ownPositions ? [rows, 1, 1, time, half] : [time, half]
  return {
    tokens: input('tokens', [rows, time], 'int32'),
    rotary: {
      cosine: input('cosines', table),
      sine: input('sines', table),
    },
    mask: input('mask', [rows, 1, 1, time, time]),
  }
}

/** The values of `batchInputs`. `positions` are [rows, time], or [time] where rows share them; `length` is that of the longest. */
export function batchValues(
  config: DecoderConfig,
  batch: {
    readonly tokens: Int32Array
    readonly positions: Int32Array
    readonly mask: Float32Array
    readonly length: number
  },
): NamedValues {
  const { cosines, sines } = rotaryTable(config.rotary, batch.positions, batch.length)
  return { tokens: batch.tokens, cosines, sines, mask: batch.mask }
}

/**
 * The mask of rows that hold one or several examples each: `examples` has the number of each token's example, from 1
 * on, and 0 for what fills up. A token looks at itself and at what stands before it in its own example.
 */
export function causalMask(
  examples: Int32Array,
  { rows, time }: Pick<BatchShape, 'rows' | 'time'>,
): Float32Array {
  const mask = new Float32Array(rows * time * time).fill(HIDDEN)
  for (let row = 0; row < rows; row++) {
    for (let query = 0; query < time; query++) {
      const own = examples[row * time + query]!
      const start = (row * time + query) * time
      // A token that fills up sees itself, lest its softmax has nothing to share out.
      mask[start + query] = 0
      if (own === 0) continue
      for (let key = query - 1; key >= 0 && examples[row * time + key] === own; key--) mask[start + key] = 0
    }
  }
  return mask
}

/** The positions of rows that all begin at 0. */
export function sharedPositions(time: number): Int32Array {
  return Int32Array.from({ length: time }, (_, place) => place)
}
