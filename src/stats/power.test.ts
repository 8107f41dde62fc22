import { expect, test } from 'vitest'
import { detectableDifference } from './power.ts'

/** Standard errors that the detectable difference is. */
function errors(freedom: number, pilotFreedom = Infinity): number {
  return detectableDifference({ variance: 1, freedom }, { level: 0.95, power: 0.8, pilotFreedom })
}

test('the detectable difference is that of the non-central t to 2 %', () => {
  // scipy 1.17.1: the non-centrality at which nct.sf(t.ppf(.975, df), df) is 0.8.
  for (const [freedom, exact] of [
    [4, 3.7610602610043067],
    [8, 3.20092223851562],
    [25, 2.9151375412835088],
    [100, 2.8288506666139823],
  ] as const)
    expect(Math.abs(errors(freedom) / exact - 1)).toBeLessThan(0.02)
})

test('with variances known and many items it is the rule of 2.8 standard errors', () => {
  expect(errors(Infinity)).toBeCloseTo(2.8015852, 6)
})

test('a pilot that knows the variance badly asks for more, as Julious and Owen have it', () => {
  // scipy 1.17.1: nct.ppf(0.8, m, t.ppf(0.975, 20)), for m degrees of freedom of the pilot.
  for (const [pilot, exact] of [
    [5, 3.5041212139073505],
    [10, 3.1976374292336294],
    [40, 2.9919660938993298],
  ] as const)
    expect(Math.abs(errors(20, pilot) / exact - 1)).toBeLessThan(0.025)
})

test('without variance every difference shows', () => {
  expect(detectableDifference({ variance: 0, freedom: Infinity }, { level: 0.95 })).toBe(0)
})
