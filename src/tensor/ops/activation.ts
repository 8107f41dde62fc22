import { add, mul, sub } from './arithmetic.ts'
import { cast, greater, where } from './logic.ts'
import { erf, exp, sigmoid } from './unary.ts'
import { apply, type Operation, type Tensor } from '../tensor.ts'

const siluOperation: Operation<null> = {
  name: 'silu',
  /** With s = sigmoid(x) and y = x·s: dy/dx = y + s - s·y. */
  gradient(node, cotangent) {
    const gate = sigmoid(node.inputs[0]!)
    return [mul(cotangent, add(node, sub(gate, mul(gate, node))))]
  },
  lower: ({ inputs: [x] }, lowering) =>
    lowering.emit('QuickGelu', [lowering.value(x!)], {
      domain: 'com.microsoft',
      attributes: { alpha: { float: 1 } },
    }),
}

/** x·sigmoid(x), also called swish (Elfwing and others 2017, https://arxiv.org/abs/1702.03118). */
export function silu(x: Tensor): Tensor {
  return apply(siluOperation, [x], { attributes: null, shape: x.shape })
}

/** silu(gate)·x: the gated unit of Shazeer 2020, https://arxiv.org/abs/2002.05202. */
export function swiglu(gate: Tensor, x: Tensor): Tensor {
  return mul(silu(gate), x)
}

const geluOperation: Operation<null> = {
  name: 'gelu',
  /** dy/dx = Φ(x) + x·φ(x), with the normal distribution Φ and its density φ. */
  gradient({ inputs: [x] }, cotangent) {
    const distribution = mul(add(erf(mul(x!, Math.SQRT1_2)), 1), 0.5)
    const density = mul(exp(mul(mul(x!, x!), -0.5)), 1 / Math.sqrt(2 * Math.PI))
    return [mul(cotangent, add(distribution, mul(x!, density)))]
  },
  lower: ({ inputs: [x] }, lowering) =>
    lowering.emit('Gelu', [lowering.value(x!)], { domain: 'com.microsoft' }),
}

/** x·Φ(x), exactly (Hendrycks and Gimpel 2016, https://arxiv.org/abs/1606.08415). */
export function gelu(x: Tensor): Tensor {
  return apply(geluOperation, [x], { attributes: null, shape: x.shape })
}

/** x where it is positive, else slope·x. */
export function leakyRelu(x: Tensor, slope = 0.2): Tensor {
  return mul(x, where(greater(x, 0), 1, slope))
}

/**
 * Zero in place of the elements that are not kept, the others scaled by 1/(1-rate) (Srivastava and others 2014). `kept`
 * holds a boolean for each, false with probability `rate`: feed them from a stream, and a run can be repeated.
 */
export function dropout(x: Tensor, kept: Tensor, rate: number): Tensor {
  if (!(rate >= 0 && rate < 1)) throw new RangeError(`dropout: rate ${rate} is not in [0, 1)`)
  return mul(mul(x, cast(kept, 'float32')), 1 / (1 - rate))
}
