import { expect, test } from 'vitest'
import { binomialCdf, mcnemarExact, wilsonInterval } from './binomial.ts'

test('binomialCdf agrees with scipy 1.17.1 (stats.binom.cdf)', () => {
  expect(binomialCdf(3, 10, 0.5)).toBeCloseTo(0.171875, 13)
  expect(binomialCdf(0, 20, 0.1)).toBeCloseTo(0.12157665459056925, 13)
  expect(binomialCdf(55, 100, 0.6)).toBeCloseTo(0.17890163272310555, 12)
  expect([binomialCdf(-1, 5, 0.5), binomialCdf(5, 5, 0.5)]).toEqual([0, 1])
})

test('mcnemarExact agrees with statsmodels 0.15.0 (contingency_tables.mcnemar, exact)', () => {
  expect(mcnemarExact(5, 15)).toBeCloseTo(0.04138946533203125, 13)
  expect(mcnemarExact(121, 59) / 4.4344492637551645e-6).toBeCloseTo(1, 9)
  expect(mcnemarExact(0, 3)).toBeCloseTo(0.25, 13)
  expect(mcnemarExact(7, 7)).toBe(1)
  expect(mcnemarExact(0, 0)).toBe(1)
})

function expectInterval(found: readonly number[], wanted: readonly number[]): void {
  for (const [side, value] of wanted.entries()) expect(found[side]).toBeCloseTo(value, 12)
}

test('wilsonInterval agrees with statsmodels 0.15.0 (proportion_confint, wilson)', () => {
  expect(wilsonInterval(0, 22)).toHaveLength(2)
  expectInterval(wilsonInterval(0, 22), [0, 0.14865487460862095])
  expectInterval(wilsonInterval(15 / 22, 22), [0.47318597741042745, 0.8363940681864375])
  expectInterval(wilsonInterval(199 / 200, 200), [0.9722262956021069, 0.9991168312843989])
  expectInterval(wilsonInterval(15 / 22, 22, 0.9), [0.5064909719260382, 0.8173229937478821])
})

test('without trials the interval is everything', () => {
  expect(wilsonInterval(0, 0)).toEqual([0, 1])
})
