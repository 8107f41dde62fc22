import { expect, test } from 'vitest'
import { createRandom, type Random } from './random.ts'

const draw = <T>(count: number, one: () => T): T[] => Array.from({ length: count }, one)
const mean = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0) / values.length

/** Pearson's statistic of counts against the same number expected in each. */
function chiSquare(counts: readonly number[]): number {
  const expected = mean(counts)
  return counts.reduce((total, count) => total + (count - expected) ** 2 / expected, 0)
}

const counted = (values: readonly number[], bins: number): number[] => {
  const counts = Array<number>(bins).fill(0)
  for (const value of values) counts[value]!++
  return counts
}

const numbers = (random: Random): number[] => draw(20, () => random.next())

test('seed and name decide every number', () => {
  expect(numbers(createRandom(1, 'a'))).toEqual(numbers(createRandom(1, 'a')))
  expect(numbers(createRandom(1, 'a'))).not.toEqual(numbers(createRandom(1, 'b')))
  expect(numbers(createRandom(1, 'a'))).not.toEqual(numbers(createRandom(2, 'a')))
})

test('an inner stream depends on its name alone, and does not move the outer one', () => {
  const outer = createRandom(3, 'outer')
  const first = outer.stream('inner').next()
  const [moved] = [outer.next(), outer.next()]
  expect(outer.stream('inner').next()).toBe(first)
  expect(createRandom(3, 'outer/inner').next()).toBe(first)
  expect(createRandom(3, 'outer').next()).toBe(moved)
})

// Critical values of chi-square at 0.001: 27.88 for 9 degrees of freedom, 16.27 for 3 (scipy.stats.chi2.isf(0.001, df)).
test('numbers are uniform in [0, 1)', () => {
  const values = draw(100_000, createRandom(1, 'uniform').next)
  expect(values.every(value => value >= 0 && value < 1)).toBe(true)
  expect(
    chiSquare(
      counted(
        values.map(value => Math.floor(value * 10)),
        10,
      ),
    ),
  ).toBeLessThan(27.88)
  // Successive numbers are uncorrelated: the standard error of the lag-one correlation is 0.0032.
  const pairs = values.slice(1).map((value, index) => (value - 0.5) * (values[index]! - 0.5) * 12)
  expect(Math.abs(mean(pairs))).toBeLessThan(0.0131)
})

test('integers take both bounds and all between alike', () => {
  const random = createRandom(1, 'integer')
  const values = draw(10_000, () => random.integer(-3, 6))
  expect([Math.min(...values), Math.max(...values)]).toEqual([-3, 6])
  expect(
    chiSquare(
      counted(
        values.map(value => value + 3),
        10,
      ),
    ),
  ).toBeLessThan(27.88)
  expect(random.integer(4, 4)).toBe(4)
})

test('normal numbers have the moments and quantiles of the normal distribution', () => {
  const random = createRandom(1, 'normal')
  const values = draw(100_000, () => random.normal(10, 2))
  const scaled = values.map(value => (value - 10) / 2)
  // Standard errors: 0.0032 of the mean, 0.0045 of the variance, 0.0155 of the fourth moment.
  expect(Math.abs(mean(scaled))).toBeLessThan(0.013)
  expect(Math.abs(mean(scaled.map(value => value ** 2)) - 1)).toBeLessThan(0.018)
  expect(Math.abs(mean(scaled.map(value => value ** 4)) - 3)).toBeLessThan(0.16)
  expect(Math.abs(scaled.filter(value => value < 1.96).length / 100_000 - 0.975)).toBeLessThan(0.002)
})

test('weights decide how often an index is drawn, and those of nothing are never', () => {
  const random = createRandom(1, 'weighted')
  const counts = counted(
    draw(40_000, () => random.weighted([1, 0, 3, 0])),
    4,
  )
  expect([counts[1], counts[3]]).toEqual([0, 0])
  expect(Math.abs(counts[2]! / 40_000 - 0.75)).toBeLessThan(0.009)
  expect(() => random.weighted([0, 0])).toThrow(RangeError)
  expect(() => random.weighted([])).toThrow(RangeError)
})

test('every order of a shuffle is as likely, and the list is left alone', () => {
  const random = createRandom(1, 'shuffle')
  const items = [0, 1, 2, 3]
  const firsts = counted(
    draw(8000, () => random.shuffle(items)[0]!),
    4,
  )
  const lasts = counted(
    draw(8000, () => random.shuffle(items)[3]!),
    4,
  )
  expect([chiSquare(firsts) < 16.27, chiSquare(lasts) < 16.27]).toEqual([true, true])
  expect(items).toEqual([0, 1, 2, 3])
  expect(random.shuffle(items).toSorted()).toEqual(items)
})

test('picking takes each item, and throws where there is none', () => {
  const random = createRandom(1, 'pick')
  expect(
    chiSquare(
      counted(
        draw(8000, () => random.pick([0, 1, 2, 3])),
        4,
      ),
    ),
  ).toBeLessThan(16.27)
  expect(() => random.pick([])).toThrow(RangeError)
})

test('the numbers are those of xoroshiro128+ as its authors published it', () => {
  // Blackman and Vigna 2018 (shifts 24, 16, 37) in Python, from the state that pure-rand gives the first 32 bits of
  // sha256('7/wildlife'); 26 low bits of one output and 27 of the next make a number.
  const random = createRandom(7, 'wildlife')
  expect(draw(3, random.next)).toEqual([0.6361094519864006, 0.8127943324068302, 0.5270245150370498])
})
