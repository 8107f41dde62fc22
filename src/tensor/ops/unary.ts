import { div, mul, neg, sub } from './arithmetic.ts'
import { cast, greater } from './logic.ts'
import { scalar, scalarValue } from './leaf.ts'
import { apply, type Operation, type Tensor } from '../tensor.ts'

/** An elementwise operation of one operand. `derivative` may use the result, so that nothing is computed twice. */
function unary(
  name: string,
  onnx: string,
  derivative: (cotangent: Tensor, x: Tensor, result: Tensor) => Tensor,
): Operation<null> {
  return {
    name,
    gradient: (node, cotangent) => [derivative(cotangent, node.inputs[0]!, node)],
    lower: ({ inputs: [x] }, lowering) => lowering.emit(onnx, [lowering.value(x!)]),
  }
}

function applyUnary(operation: Operation<null>, x: Tensor): Tensor {
  return apply(operation, [x], { attributes: null, shape: x.shape })
}

const expOperation = unary('exp', 'Exp', (cotangent, _x, result) => mul(cotangent, result))
const logOperation = unary('log', 'Log', (cotangent, x) => div(cotangent, x))
const sqrtOperation = unary('sqrt', 'Sqrt', (cotangent, _x, result) => div(mul(cotangent, 0.5), result))
const sinOperation = unary('sin', 'Sin', (cotangent, x) => mul(cotangent, cos(x)))
const cosOperation = unary('cos', 'Cos', (cotangent, x) => neg(mul(cotangent, sin(x))))
const absOperation = unary('abs', 'Abs', (cotangent, x) => mul(cotangent, sign(x)))
const signOperation = unary('sign', 'Sign', cotangent => mul(cotangent, 0))
const reluOperation = unary('relu', 'Relu', (cotangent, x) => mul(cotangent, cast(greater(x, 0), 'float32')))
const tanhOperation = unary('tanh', 'Tanh', (cotangent, _x, result) =>
  mul(cotangent, sub(1, mul(result, result))),
)
const sigmoidOperation = unary('sigmoid', 'Sigmoid', (cotangent, _x, result) =>
  mul(cotangent, mul(result, sub(1, result))),
)
/** d/dx erf(x) = 2/√π · exp(-x²) */
const erfOperation = unary('erf', 'Erf', (cotangent, x) =>
  mul(cotangent, mul(exp(neg(mul(x, x))), 2 / Math.sqrt(Math.PI))),
)

export const exp = (x: Tensor): Tensor => applyUnary(expOperation, x)
export const log = (x: Tensor): Tensor => applyUnary(logOperation, x)
export const sqrt = (x: Tensor): Tensor => applyUnary(sqrtOperation, x)
export const sin = (x: Tensor): Tensor => applyUnary(sinOperation, x)
export const cos = (x: Tensor): Tensor => applyUnary(cosOperation, x)
export const abs = (x: Tensor): Tensor => applyUnary(absOperation, x)
/** -1, 0 or 1; its gradient is nought. */
export const sign = (x: Tensor): Tensor => applyUnary(signOperation, x)
export const relu = (x: Tensor): Tensor => applyUnary(reluOperation, x)
export const tanh = (x: Tensor): Tensor => applyUnary(tanhOperation, x)
export const sigmoid = (x: Tensor): Tensor => applyUnary(sigmoidOperation, x)
export const erf = (x: Tensor): Tensor => applyUnary(erfOperation, x)
/** 1/√x */
export const rsqrt = (x: Tensor): Tensor => div(1, sqrt(x))

const powOperation: Operation<null> = {
  name: 'pow',
  gradient({ inputs: [x, exponent] }, cotangent) {
    const power = scalarValue(exponent!)!
    return [mul(cotangent, mul(pow(x!, power - 1), power)), undefined]
  },
  simplify({ inputs: [x, exponent] }) {
    const power = scalarValue(exponent!)
    if (power === 2) return mul(x!, x!)
    if (power === 0.5) return sqrt(x!)
    if (power === -1) return div(1, x!)
    return power === 1 ? x : undefined
  },
  lower: ({ inputs: [x, exponent] }, lowering) =>
    lowering.emit('Pow', [lowering.value(x!), lowering.value(exponent!)]),
}

/** `x` to a known power. */
export function pow(x: Tensor, exponent: number): Tensor {
  return apply(powOperation, [x, scalar(exponent)], { attributes: null, shape: x.shape })
}
