/** A function to be minimised: writes its gradient at `point` into `gradient` and returns its value. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number

interface Line {
  readonly point: Float64Array
  readonly value: number
  readonly gradient: Float64Array
  readonly direction: Float64Array
}

/** A point on the line: its distance in units of the direction, and value and slope there. */
interface Probe {
  readonly distance: number
  readonly value: number
  readonly slope: number
  readonly point: Float64Array
  readonly gradient: Float64Array
}

/** Sufficient decrease and curvature; the values that Nocedal and Wright advise for quasi-Newton directions. */
const DECREASE = 1e-4
const CURVATURE = 0.9
const EXPANSIONS = 30
const REFINEMENTS = 40

/**
 * A step along `direction` that meets the strong Wolfe conditions (Nocedal and Wright, 2nd edition, algorithms 3.5
 * and 3.6, with the cubic interpolation of formula 3.59), or at least lowers the value enough where the interval grows
 * too small for them. `undefined` where none is found. A point with a value that is not finite counts as too far.
 */
export function searchLine(objective: Objective, line: Line): Probe | undefined {
  const slope = along(line.gradient, line.direction)
  if (!(slope < 0)) return undefined
  const origin: Probe = { ...line, distance: 0, slope }

  let previous = origin
  let distance = 1
  for (let expansion = 0; expansion < EXPANSIONS; expansion++) {
    const probe = probeAt(objective, line, distance)
    if (isTooFar(origin, probe) || (expansion > 0 && probe.value >= previous.value)) {
      return zoom(objective, line, { origin, low: previous, high: probe })
    }
    if (isFlat(origin, probe)) return probe
    if (probe.slope >= 0) return zoom(objective, line, { origin, low: probe, high: previous })
    previous = probe
    distance *= 2
  }
  return previous
}

/** Algorithm 3.6: `low` has the lowest value that decreases enough so far, and a good point lies between the two. */
function zoom(
  objective: Objective,
  line: Line,
  bracket: { readonly origin: Probe; readonly low: Probe; readonly high: Probe },
): Probe | undefined {
  const { origin } = bracket
  let { low, high } = bracket
  for (let refinement = 0; refinement < REFINEMENTS; refinement++) {
    const probe = probeAt(objective, line, between(low, high))
    if (isTooFar(origin, probe) || probe.value >= low.value) {
      high = probe
    } else {
      if (isFlat(origin, probe)) return probe
      if (probe.slope * (high.distance - low.distance) >= 0) high = low
      low = probe
    }
  }
  return low.distance > 0 ? low : undefined
}

function probeAt(objective: Objective, line: Line, distance: number): Probe {
  const point = new Float64Array(line.point.length)
  for (let index = 0; index < point.length; index++) {
    point[index] = line.point[index]! + distance * line.direction[index]!
  }
  const gradient = new Float64Array(point.length)
  const value = objective(point, gradient)
  return { distance, value, slope: along(gradient, line.direction), point, gradient }
}

function isTooFar(origin: Probe, probe: Probe): boolean {
  return !(probe.value <= origin.value + DECREASE * probe.distance * origin.slope)
}

function isFlat(origin: Probe, probe: Probe): boolean {
  return Math.abs(probe.slope) <= -CURVATURE * origin.slope
}

/** The minimum of the cubic through both ends' values and slopes, kept a tenth away from them; else the middle. */
function between(low: Probe, high: Probe): number {
  const width = high.distance - low.distance
  const middle = low.distance + width / 2
  const first = low.slope + high.slope - (3 * (high.value - low.value)) / width
  const second = Math.sign(width) * Math.sqrt(first ** 2 - low.slope * high.slope)
  const cubic =
    high.distance - (width * (high.slope + second - first)) / (high.slope - low.slope + 2 * second)
  const share = (cubic - low.distance) / width
  return share >= 0.1 && share <= 0.9 ? cubic : middle
}

function along(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let index = 0; index < a.length; index++) sum += a[index]! * b[index]!
  return sum
}
