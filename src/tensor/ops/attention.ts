import { add, mul, neg, sub } from './arithmetic.ts'
import { constant, range } from './leaf.ts'
import { reshape, sumTo, transpose } from './layout.ts'
import { greaterOrEqual, where } from './logic.ts'
import { matmul } from './matmul.ts'
import { sum } from './reduce.ts'
import { softmax } from './softmax.ts'
import { sameShape, showShape } from '../shape.ts'
import { apply, expandedBefore, type Operation, type Tensor } from '../tensor.ts'

/** 0 where position `row` may look at `column`, that is at itself and what came before, else -1e9: [length, length]. */
export function causalMask(length: number): Tensor {
  return where(greaterOrEqual(reshape(range(length), [-1, 1]), range(length)), 0, -1e9)
}

const attentionOperation: Operation<null> = {
  name: 'attention',
  /**
   * With weights P, cotangent dO and dP = dO·Vᵀ: dV = Pᵀ·dO and dS = P·(dP - Σ dO·O), where the sum is over the width
   * of a head and so much shorter than that over dP·P (Dao and others 2022, https://arxiv.org/abs/2205.14135). Products are made
   * the way round that reads the narrow operand across.
   */
  gradient(node, cotangent) {
    const [query, key, value, mask] = node.inputs
    const weights = attentionWeights(query!, key!, mask)
    const ofWeights = matmul(cotangent, transpose(value!))
    const level = reshape(sum(mul(cotangent, node), [-1]), [...node.shape.slice(0, -1), 1])
    const ofScores = mul(weights, sub(ofWeights, level))
    const scale = scaleOf(query!)
    return [
      sumTo(matmul(ofScores, key!, scale), query!.shape),
      sumTo(transpose(matmul(transpose(query!), ofScores, scale)), key!.shape),
      sumTo(transpose(matmul(transpose(cotangent), weights)), value!.shape),
      mask && sumTo(ofScores, mask.shape),
    ]
  },
  simplify: ({ inputs: [query, key, value, mask] }) => matmul(attentionWeights(query!, key!, mask), value!),
  lower: expandedBefore,
}

/**
 * softmax(q·kᵀ/√width + mask)·v over the last two axes (Vaswani and others 2017, https://arxiv.org/abs/1706.03762).
 * `query` [..., rows, width], `key` and `value` [..., columns, width]; `mask` broadcasts to [..., rows, columns].
 */
export function attention(query: Tensor, key: Tensor, value: Tensor, mask?: Tensor): Tensor {
  const { shape } = matmul(attentionWeights(query, key, mask), value)
  const inputs = mask === undefined ? [query, key, value] : [query, key, value, mask]
  return apply(attentionOperation, inputs, { attributes: null, shape })
}

function attentionWeights(query: Tensor, key: Tensor, mask: Tensor | undefined): Tensor {
  const scores = matmul(query, transpose(key), scaleOf(query))
  return softmax(mask === undefined ? scores : add(scores, mask))
}

function scaleOf(query: Tensor): number {
  return 1 / Math.sqrt(query.shape.at(-1)!)
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

const rotateOperation: Operation<null> = {
  name: 'rotate',
  /** The transpose of a rotation turns back. The tables are taken as known. */
  gradient: ({ inputs: [, cosine, sine] }, cotangent) => [
    rotate(cotangent, { cosine: cosine!, sine: neg(sine!) }),
    undefined,
    undefined,
  ],
  lower({ inputs: [x, cosine, sine] }, lowering) {
    const matrices = reshape(x!, [1, -1, ...x!.shape.slice(-2)])
    const first = lowering.table([0], [1], 'int64')
    const rotated = lowering.emit(
      'RotaryEmbedding',
      [lowering.value(matrices), first, lowering.value(cosine!), lowering.value(sine!)],
      { domain: 'com.microsoft' },
    )
    return lowering.emit('Reshape', [rotated, lowering.table(x!.shape, [x!.shape.length], 'int64')])
  },
}

/**
 * Rotary positions (Su and others 2021, https://arxiv.org/abs/2104.09864) in the layout of Llama: the first half of
 * the last axis is paired with the second. `x` [..., length, width].
 */
export function rotate(x: Tensor, { cosine, sine }: RotaryTables): Tensor {
  const [length, width] = x.shape.slice(-2)
  for (const table of [cosine, sine])
    if (!sameShape(table.shape, [length!, width! / 2]))
      throw new RangeError(`rotate: tables ${showShape(table.shape)} for ${showShape(x.shape)}`)
  return apply(rotateOperation, [x, cosine, sine], { attributes: null, shape: x.shape })
}
