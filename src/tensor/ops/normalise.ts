import { add, mul, sub } from './arithmetic.ts'
import { reshape, sumTo } from './layout.ts'
import { matmul } from './matmul.ts'
import { mean } from './reduce.ts'
import { rsqrt } from './unary.ts'
import { sizeOf } from '../shape.ts'
import { apply, type Operation, type Tensor } from '../tensor.ts'

interface NormaliseAttributes {
  /** Added to the mean square or variance. */
  readonly epsilon: number
}

const rmsNormOperation: Operation<NormaliseAttributes> = {
  name: 'rmsNorm',
  /** With r = 1/√(mean x² + ε) and n = x·r: dx = r·(g·dy - n·mean(g·dy·n)), dg = Σ dy·n. */
  gradient(node, cotangent) {
    const [x, gain] = node.inputs
    const inverse = inverseSize(node)
    const normal = mul(x!, inverse)
    const along = mul(cotangent, normal)
    const level = matmul(along, reshape(gain!, [-1, 1]), 1 / sizeOf(gain!.shape))
    const ofX = mul(inverse, sub(mul(cotangent, gain!), mul(normal, level)))
    return [ofX, sumTo(along, gain!.shape)]
  },
  lower: ({ inputs: [x, gain], attributes: { epsilon } }, lowering) =>
    lowering.emit('SimplifiedLayerNormalization', [lowering.value(x!), lowering.value(gain!)], {
      outputs: 2,
      attributes: { axis: { int: -1 }, epsilon: { float: epsilon } },
    }),
}

/** r = 1/√(mean x² + ε) of an rmsNorm, whose kernel leaves it beside the result: [..., 1]. */
const inverseSizeOperation: Operation<NormaliseAttributes> = {
  name: 'inverseSize',
  /** dr/dx = -r³·x/width */
  gradient(node, cotangent) {
    const [x] = node.inputs
    const cube = mul(node, mul(node, node))
    return [mul(x!, mul(mul(cotangent, cube), -1 / x!.shape.at(-1)!)), undefined]
  },
  lower: ({ inputs: [, normalised] }, lowering) => `${lowering.value(normalised!)}:1`,
}

function inverseSize(normalised: Tensor<NormaliseAttributes>): Tensor {
  const { inputs, attributes, shape } = normalised
  return apply(inverseSizeOperation, [inputs[0]!, normalised], {
    attributes,
    shape: [...shape.slice(0, -1), 1],
  })
}

/** gain·x / √(mean x² + ε) over the last axis (Zhang and Sennrich 2019, https://arxiv.org/abs/1910.07467). */
export function rmsNorm(x: Tensor, gain: Tensor, epsilon = 1e-5): Tensor {
  return apply(rmsNormOperation, [x, gain], { attributes: { epsilon }, shape: x.shape })
}

const layerNormOperation: Operation<NormaliseAttributes> = {
  name: 'layerNorm',
  /** With n = (x - mean x)·r and s = g·dy: dx = r·(s - mean s - n·mean(s·n)), dg = Σ dy·n, db = Σ dy. */
  gradient({ inputs: [x, gain, bias], attributes: { epsilon } }, cotangent) {
    const centred = sub(x!, lastMean(x!))
    const inverse = rsqrt(add(lastMean(mul(centred, centred)), epsilon))
    const normal = mul(centred, inverse)
    const scaled = mul(cotangent, gain!)
    const level = sub(scaled, lastMean(scaled))
    const ofX = mul(inverse, sub(level, mul(normal, lastMean(mul(scaled, normal)))))
    return [ofX, sumTo(mul(cotangent, normal), gain!.shape), sumTo(cotangent, bias!.shape)]
  },
  lower: ({ inputs, attributes: { epsilon } }, lowering) =>
    lowering.emit(
      'LayerNormalization',
      inputs.map(input => lowering.value(input)),
      { attributes: { axis: { int: -1 }, epsilon: { float: epsilon } } },
    ),
}

/** gain·(x - mean x) / √(var x + ε) + bias over the last axis (Ba and others 2016, https://arxiv.org/abs/1607.06450). */
export function layerNorm(x: Tensor, gain: Tensor, bias: Tensor, epsilon = 1e-5): Tensor {
  return apply(layerNormOperation, [x, gain, bias], { attributes: { epsilon }, shape: x.shape })
}

function lastMean(x: Tensor): Tensor {
  return reshape(mean(x, [-1]), [...x.shape.slice(0, -1), 1])
}
