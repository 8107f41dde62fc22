import { searchLine, type Objective } from './line-search.ts'

interface Minimum {
  readonly point: Float64Array
  readonly value: number
  /** Largest absolute member of the gradient at `point`. */
  readonly gradientMaximum: number
  readonly iterations: number
  /** `stalled`: no step along the gradient lowers the value any more, which near a minimum is rounding. */
  readonly outcome: 'converged' | 'stalled' | 'iteration-limit'
}

interface MinimiseOptions {
  /** Steps remembered, >= 1; 10 unless told. */
  readonly memory?: number
  /** Stops where no member of the gradient is larger; 1e-4 unless told. */
  readonly tolerance?: number
  /** At most so many iterations; 1000 unless told. */
  readonly iterations?: number
}

/**
 * Minimises a smooth function by L-BFGS with a line search for the strong Wolfe conditions
 * (Nocedal and Wright, Numerical Optimization, 2nd edition, algorithms 7.4 and 7.5). `start` is not changed.
 * Throws a RangeError where the function is not finite at `start`.
 */
export function minimise(objective: Objective, start: Float64Array, options: MinimiseOptions = {}): Minimum {
  const { memory = 10, tolerance = 1e-4, iterations: limit = 1000 } = options
  let point: Float64Array = start.slice()
  let gradient: Float64Array = new Float64Array(start.length)
  let value = objective(point, gradient)
  if (!Number.isFinite(value)) throw new RangeError(`the objective is ${value} where the search starts`)

  const history: Correction[] = []
  for (let iteration = 0; ; iteration++) {
    const gradientMaximum = largest(gradient)
    const result = { point, value, gradientMaximum, iterations: iteration }
    if (gradientMaximum <= tolerance) return { ...result, outcome: 'converged' }
    if (iteration === limit) return { ...result, outcome: 'iteration-limit' }

    let step = searchLine(objective, { point, value, gradient, direction: descent(gradient, history) })
    if (step === undefined && history.length > 0) {
      history.length = 0
      step = searchLine(objective, { point, value, gradient, direction: descent(gradient, history) })
    }
    if (step === undefined) return { ...result, outcome: 'stalled' }

    remember(history, memory, difference(step.point, point), difference(step.gradient, gradient))
    ;({ point, value, gradient } = step)
  }
}

/** A step s, the change y of the gradient along it, and 1 / (y · s). */
interface Correction {
  readonly moved: Float64Array
  readonly turned: Float64Array
  readonly inverse: number
}

/** Minus the approximated inverse Hessian times the gradient: the two-loop recursion, algorithm 7.4. */
function descent(gradient: Float64Array, history: readonly Correction[]): Float64Array {
  const direction = scale(gradient.slice(), -1)
  const last = history.at(-1)
  // Nothing is known of the curvature yet: the first trial step has length 1 at most.
  if (last === undefined) return scale(direction, Math.min(1, 1 / Math.sqrt(dot(gradient, gradient))))

  const shares = new Float64Array(history.length)
  for (let index = history.length - 1; index >= 0; index--) {
    const { moved, turned, inverse } = history[index]!
    shares[index] = inverse * dot(moved, direction)
    addScaled(direction, -shares[index]!, turned)
  }
  scale(direction, 1 / (last.inverse * dot(last.turned, last.turned)))
  for (const [index, { moved, turned, inverse }] of history.entries()) {
    addScaled(direction, shares[index]! - inverse * dot(turned, direction), moved)
  }
  return direction
}

/** Keeps the newest corrections; one without positive curvature would make the approximation indefinite. */
function remember(history: Correction[], memory: number, moved: Float64Array, turned: Float64Array): void {
  const curvature = dot(moved, turned)
  if (!(curvature > Number.EPSILON * dot(turned, turned))) return
  history.push({ moved, turned, inverse: 1 / curvature })
  if (history.length > memory) history.shift()
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let index = 0; index < a.length; index++) sum += a[index]! * b[index]!
  return sum
}

function addScaled(target: Float64Array, factor: number, other: Float64Array): void {
  for (let index = 0; index < target.length; index++) target[index]! += factor * other[index]!
}

function scale(target: Float64Array, factor: number): Float64Array {
  for (let index = 0; index < target.length; index++) target[index]! *= factor
  return target
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  const result = new Float64Array(a.length)
  for (let index = 0; index < a.length; index++) result[index] = a[index]! - b[index]!
  return result
}

function largest(values: Float64Array): number {
  let maximum = 0
  for (let index = 0; index < values.length; index++) maximum = Math.max(maximum, Math.abs(values[index]!))
  return maximum
}
