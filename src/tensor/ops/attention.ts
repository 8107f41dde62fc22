import { add, mul, neg } from './arithmetic.ts'
import { constant, range } from './leaf.ts'
import { reshape, transpose } from './layout.ts'
import { greaterOrEqual, where } from './logic.ts'
import { matmul } from './matmul.ts'
import { concat, slice } from './slice.ts'
import { softmax } from './softmax.ts'
import type { Tensor } from '../tensor.ts'

/** 0 where position `row` may look at `column`, that is at itself and what came before, else -1e9: [length, length]. */
export function causalMask(length: number): Tensor {
  return where(greaterOrEqual(reshape(range(length), [-1, 1]), range(length)), 0, -1e9)
}

/**
 * softmax(q·kᵀ/√width + mask)·v over the last two axes (Vaswani and others 2017, https://arxiv.org/abs/1706.03762).
 * `query` [..., rows, width], `key` and `value` [..., columns, width]; `mask` broadcasts to [..., rows, columns].
 */
export function attention(query: Tensor, key: Tensor, value: Tensor, mask?: Tensor): Tensor {
  const scores = matmul(query, transpose(key), 1 / Math.sqrt(query.shape.at(-1)!))
  return matmul(softmax(mask === undefined ? scores : add(scores, mask)), value)
}

/** Cosines and sines of rotary positions: two tables [length, width/2]. */
export interface RotaryTables {
  readonly cosine: Tensor
  readonly sine: Tensor
}

/** Angles position·base^(-2i/width), for positions from 0. */
export function rotaryTables(length: number, width: number, base = 10_000): RotaryTables {
  const angles = Array.from({ length: (length * width) / 2 }, (_, index) => {
    const [position, pair] = [Math.floor(index / (width / 2)), index % (width / 2)]
    return position * base ** ((-2 * pair) / width)
  })
  return {
    cosine: constant(angles.map(Math.cos), [length, width / 2]),
    sine: constant(angles.map(Math.sin), [length, width / 2]),
  }
}

/**
 * Rotary positions (Su and others 2021, https://arxiv.org/abs/2104.09864) in the layout of Llama: the first half of
 * the last axis is paired with the second. `x` [..., length, width].
 */
export function rotate(x: Tensor, { cosine, sine }: RotaryTables): Tensor {
  const half = x.shape.at(-1)! / 2
  const swapped = concat([neg(slice(x, -1, half, 2 * half)), slice(x, -1, 0, half)], -1)
  const [cosines, sines] = [concat([cosine, cosine], -1), concat([sine, sine], -1)]
  return add(mul(x, cosines), mul(swapped, sines))
}
