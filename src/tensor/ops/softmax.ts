import { mul, sub } from './arithmetic.ts'
import { reshape } from './layout.ts'
import { max, sum } from './reduce.ts'
import { log } from './unary.ts'
import { frontAxis, shapeWithOnes } from '../shape.ts'
import { apply, expandedBefore, type Operation, type Tensor } from '../tensor.ts'

const softmaxOperation: Operation<null> = {
  name: 'softmax',
  /** dx = y·(dy - Σ dy·y) */
  gradient(node, cotangent) {
    const weighted = mul(cotangent, node)
    const ones = shapeWithOnes(node.shape, [node.shape.length - 1])
    return [sub(weighted, mul(node, reshape(sum(weighted, [-1]), ones)))]
  },
  lower: ({ inputs: [x] }, lowering) =>
    lowering.emit('Softmax', [lowering.value(x!)], { attributes: { axis: { int: -1 } } }),
}

/** exp(x) / Σ exp(x) over the last axis, without overflow. */
export function softmax(x: Tensor): Tensor {
  frontAxis(-1, x.shape)
  return apply(softmaxOperation, [x], { attributes: null, shape: x.shape })
}

const logSumExpOperation: Operation<null> = {
  name: 'logSumExp',
  gradient: ({ inputs: [x], shape }, cotangent) => [mul(softmax(x!), reshape(cotangent, [...shape, 1]))],
  /**
   * max x - log max softmax(x), as the largest softmax is 1/Σ exp(x - max x) and never underflows. The gradient
   * needs the softmax anyway, so that all there is to pay are two maxima.
   */
  simplify: ({ inputs: [x] }) => sub(max(x!, [-1]), log(max(softmax(x!), [-1]))),
  lower: expandedBefore,
}

/** log Σ exp(x) over the last axis, which leaves the shape; without overflow. */
export function logSumExp(x: Tensor): Tensor {
  frontAxis(-1, x.shape)
  return apply(logSumExpOperation, [x], { attributes: null, shape: x.shape.slice(0, -1) })
}

/** log softmax(x) over the last axis. */
export function logSoftmax(x: Tensor): Tensor {
  return sub(x, reshape(logSumExp(x), [...x.shape.slice(0, -1), 1]))
}
