import { expect, test } from 'vitest'
import {
  incompleteBeta,
  logGamma,
  normalCdf,
  normalQuantile,
  studentCdf,
  studentQuantile,
  studentTwoSided,
} from './distributions.ts'

// All expected values: scipy 1.17.1 (special.gammaln, special.betainc, stats.t, stats.norm).

test('logGamma agrees with scipy for small, middling and large arguments', () => {
  expect(logGamma(0.5)).toBeCloseTo(0.5723649429247, 12)
  expect(logGamma(3.7)).toBeCloseTo(1.428072326665388, 12)
  expect(logGamma(250.25)).toBeCloseTo(1129.903760977644, 9)
})

test('incompleteBeta agrees with scipy on both sides of its symmetry point', () => {
  expect(incompleteBeta(0.4, 2, 3)).toBeCloseTo(0.5248, 13)
  expect(incompleteBeta(0.01, 0.5, 50)).toBeCloseTo(0.6826956021258024, 12)
  expect(incompleteBeta(0.999, 700, 0.5)).toBeCloseTo(0.2366900287531655, 11)
  expect(incompleteBeta(0.7, 30, 20)).toBeCloseTo(0.9300129066994925, 12)
  expect([incompleteBeta(0, 2, 3), incompleteBeta(1, 2, 3)]).toEqual([0, 1])
})

test('Student probabilities agree with scipy at whole and broken degrees of freedom', () => {
  expect(studentCdf(-2.776, 4)).toBeCloseTo(0.02501138915998821, 13)
  expect(studentCdf(1.3, 7.35)).toBeCloseTo(0.8835585558582786, 13)
  expect(studentCdf(0.2, 1)).toBeCloseTo(0.562832958189001, 13)
  expect(studentCdf(-8, 3.2)).toBeCloseTo(0.001606347899741099, 14)
})

test('the two-sided p keeps its digits far out in the tail', () => {
  expect(studentTwoSided(12, 9.5) / 4.7125170143943235e-7).toBeCloseTo(1, 10)
  expect(studentTwoSided(-0.5, 4)).toBeCloseTo(0.6433299631818633, 13)
  expect(studentTwoSided(0, 4)).toBe(1)
})

test('Student quantiles agree with scipy', () => {
  expect(studentQuantile(0.975, 4)).toBeCloseTo(2.7764451051977934, 11)
  expect(studentQuantile(0.975, 7.35)).toBeCloseTo(2.3419883077524375, 11)
  expect(studentQuantile(0.8, 2)).toBeCloseTo(1.0606601717798214, 11)
  expect(studentQuantile(0.9995, 30)).toBeCloseTo(3.6459586350420627, 9)
  expect(studentQuantile(0.01, 1.5)).toBeCloseTo(-11.1973161795684, 9)
})

test('the normal distribution agrees with scipy, and is Student with endless degrees of freedom', () => {
  expect(normalCdf(-8) / 6.22096057427174e-16).toBeCloseTo(1, 10)
  expect(normalCdf(-3.2)).toBeCloseTo(0.0006871379379158471, 15)
  expect(normalCdf(-1.1)).toBeCloseTo(0.13566606094638267, 14)
  expect(normalCdf(2.5)).toBeCloseTo(0.9937903346742238, 14)
  expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 12)
  expect(normalQuantile(1e-6)).toBeCloseTo(-4.753424308822899, 10)
  expect(studentQuantile(0.8, Infinity)).toBeCloseTo(0.8416212335729143, 12)
})

test('a quantile of no probability is refused', () => {
  expect(() => normalQuantile(1)).toThrow('quantile: probability 1')
})
