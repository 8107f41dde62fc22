import { expect, test } from 'vitest'
import { searchLine } from './line-search.ts'

// Test functions of Moré and Thuente 1994 (ACM TOMS 20(3), section 5), all from 0 with slope < 0.
const functions: Record<string, { value(x: number): number; slope(x: number): number }> = {
  'one (5.1)': { value: x => -x / (x * x + 2), slope: x => (x * x - 2) / (x * x + 2) ** 2 },
  'two (5.2)': {
    value: x => (x + 0.004) ** 5 - 2 * (x + 0.004) ** 4,
    slope: x => 5 * (x + 0.004) ** 4 - 8 * (x + 0.004) ** 3,
  },
}

for (const [name, { value, slope }] of Object.entries(functions)) {
  test.for([1e-3, 1e-1, 1, 10])(
    `meets the strong Wolfe conditions on function ${name}, first step %d`,
    first => {
      const found = searchLine(
        (point, gradient) => {
          gradient[0] = slope(point[0]!)
          return value(point[0]!)
        },
        {
          point: Float64Array.of(0),
          value: value(0),
          gradient: Float64Array.of(slope(0)),
          direction: Float64Array.of(first),
        },
      )!
      const x = found.point[0]!
      expect(value(x)).toBeLessThanOrEqual(value(0) + 1e-4 * x * slope(0))
      expect(Math.abs(slope(x))).toBeLessThanOrEqual(0.9 * Math.abs(slope(0)))
      expect(found.value).toBe(value(x))
      expect(found.gradient[0]).toBe(slope(x))
    },
  )
}

test('finds nothing along a direction that does not descend', () => {
  const line = {
    point: Float64Array.of(1),
    value: 1,
    gradient: Float64Array.of(2),
    direction: Float64Array.of(1),
  }
  expect(searchLine(point => point[0]! ** 2, line)).toBeUndefined()
})
