import { expect, test } from 'vitest'
import { minimise } from './lbfgs.ts'

function rosenbrock(point: Float64Array, gradient: Float64Array): number {
  let value = 0
  gradient.fill(0)
  for (let index = 0; index + 1 < point.length; index++) {
    const bend = point[index + 1]! - point[index]! ** 2
    const offset = 1 - point[index]!
    value += 100 * bend ** 2 + offset ** 2
    gradient[index]! += -400 * point[index]! * bend - 2 * offset
    gradient[index + 1]! += 200 * bend
  }
  return value
}

/** sum exp(x_i / i) + sum i x_i² / 2 + (sum x_i - 1)⁴, with i from 1. */
function convex(point: Float64Array, gradient: Float64Array): number {
  const excess = point.reduce((sum, member) => sum + member, 0) - 1
  let value = excess ** 4
  for (const [index, member] of point.entries()) {
    const i = index + 1
    value += Math.exp(member / i) + (i * member * member) / 2
    gradient[index] = Math.exp(member / i) / i + i * member + 4 * excess ** 3
  }
  return value
}

// Iterations: scipy.optimize.minimize(method='L-BFGS-B', options={gtol: as here, ftol: 0}), scipy 1.17.1.
test.for([
  [2, 38],
  [10, 79],
  [100, 540],
] as const)(
  'finds the minimum of the Rosenbrock function in %d dimensions as fast as scipy',
  ([size, peer]) => {
    const start = Float64Array.from({ length: size }, (_, index) => (index % 2 === 0 ? -1.2 : 1))
    const found = minimise(rosenbrock, start, { tolerance: 1e-9 })
    expect(found.outcome).toBe('converged')
    expect(found.gradientMaximum).toBeLessThanOrEqual(1e-9)
    expect(Math.max(...found.point.map(member => Math.abs(member - 1)))).toBeLessThan(1e-8)
    expect(found.iterations).toBeLessThanOrEqual(1.1 * peer)
  },
)

test('finds the minimum that scipy finds of a convex function', () => {
  const found = minimise(convex, new Float64Array(6).fill(1), { tolerance: 1e-8 })
  // scipy.optimize.minimize(method='BFGS'), scipy 1.17.1, gradient below 1.5e-9.
  const expected = [-0.133150198, 0.107311392, 0.1313119472, 0.1211243389, 0.1075668246, 0.0954739132]
  for (const [index, member] of found.point.entries()) expect(member).toBeCloseTo(expected[index]!, 8)
  expect(found.value).toBeCloseTo(6.281415136834753, 12)
})

test('is as fast as scipy where the scales of the dimensions differ 10,000 times', () => {
  const scales = Float64Array.from({ length: 50 }, (_, index) => 10 ** (index / 12.5))
  const found = minimise(
    (point, gradient) => {
      let value = 0
      for (const [index, member] of point.entries()) {
        gradient[index] = scales[index]! * (member - index)
        value += (scales[index]! * (member - index) ** 2) / 2
      }
      return value
    },
    new Float64Array(50),
    { tolerance: 1e-6 },
  )
  expect(found.outcome).toBe('converged')
  expect(found.iterations).toBeLessThanOrEqual(1.1 * 739)
  for (const [index, member] of found.point.entries()) expect(member).toBeCloseTo(index, 5)
})

test('walks around regions where the function is not finite', () => {
  // -ln x + x has its minimum at 1 and is NaN for x < 0.
  const found = minimise(
    (point, gradient) => {
      gradient[0] = 1 - 1 / point[0]!
      return point[0]! - Math.log(point[0]!)
    },
    Float64Array.of(20),
    { tolerance: 1e-10 },
  )
  expect(found.point[0]).toBeCloseTo(1, 9)
})

test('stops at once where the gradient is already small, and leaves the start alone', () => {
  const start = Float64Array.of(1, 1)
  const found = minimise(rosenbrock, start)
  expect(found).toMatchObject({ iterations: 0, outcome: 'converged', value: 0 })
  expect(found.point).not.toBe(start)
})

test('says that the limit of iterations was reached', () => {
  const found = minimise(rosenbrock, Float64Array.of(-1.2, 1), { iterations: 3 })
  expect(found).toMatchObject({ iterations: 3, outcome: 'iteration-limit' })
  expect(found.value).toBeLessThan(24.2)
})

test('says that it stalls where the gradient lies', () => {
  const uphill = minimise((point, gradient) => {
    gradient[0] = -1
    return point[0]!
  }, Float64Array.of(0))
  expect(uphill.outcome).toBe('stalled')
})

test('refuses to start where the function is not finite', () => {
  expect(() => minimise(() => Number.NaN, Float64Array.of(0))).toThrow(RangeError)
})
