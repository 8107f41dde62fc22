import { expect, test } from 'vitest'
import { chooseMixture, errorsAsked, type MeasuredArm, searchDetects } from './choose.ts'

const declared = { perReal: 10, keep: 'all' } as const

/** An arm whose difference to real only and standard error are in points. */
function arm(
  perReal: number,
  difference: number,
  standardError: number,
  keep: 'all' | 'half' = 'all',
): MeasuredArm {
  return {
    perReal,
    keep,
    C: perReal + 1,
    score: 0.6 + difference / 100,
    difference: difference / 100,
    standardError: standardError / 100,
    freedom: perReal === 0 ? null : 9,
  }
}

function choose(...arms: readonly MeasuredArm[]) {
  return chooseMixture([arm(0, 0, 0), ...arms], { declared, compared: arms.length })
}

// Of m, norm.ppf(norm.cdf(1) ** (1 / m)) of scipy.
test('the more mixtures are compared, the more standard errors are asked of each', () => {
  expect(errorsAsked(1)).toBe(1)
  expect(errorsAsked(2)).toBeCloseTo(1.3867989725109953, 9)
  expect(errorsAsked(6)).toBeCloseTo(1.9051275271460122, 9)
})

test('of the mixtures better than real only, the cheapest within one standard error of the best', () => {
  // Three mixtures: 1.59 standard errors. 1 per real: 4.5 > 3.2, and 6 - 2 = 4 <= 4.5.
  expect(choose(arm(1, 4.5, 2), arm(3, 6, 2), arm(10, 5, 2))).toEqual({
    perReal: 1,
    keep: 'all',
    C: 2,
    outcome: 'found',
  })
  // 3.5 lies more than one standard error below the best one's 6.
  expect(choose(arm(1, 3.5, 2), arm(3, 6, 2), arm(10, 5, 2))).toMatchObject({ perReal: 3, outcome: 'found' })
  // The better half of 3 has 1.5 rows for each real one, fewer than 3.
  expect(choose(arm(3, 6, 2), arm(3, 5, 2, 'half'), arm(10, 5, 2))).toMatchObject({
    perReal: 3,
    keep: 'half',
  })
})

test('a mixture better by less than is asked is not taken, however near the best it is', () => {
  // 1.5 of a standard error; three mixtures are asked for 1.59.
  expect(choose(arm(1, 3, 2), arm(3, 2, 2), arm(10, 0.5, 2))).toEqual({
    ...declared,
    C: 11,
    outcome: 'declared',
  })
  // One mixture alone is asked for one.
  expect(choose(arm(10, 3, 2))).toMatchObject({ perReal: 10, outcome: 'found' })
})

test('real only where nothing is better and the declared mixture is worse beyond one standard error', () => {
  expect(choose(arm(1, -0.5, 2), arm(10, -2.1, 2))).toEqual({
    perReal: 0,
    keep: 'all',
    C: 1,
    outcome: 'real-only',
  })
  expect(choose(arm(1, -0.5, 2), arm(10, -1.9, 2))).toMatchObject({ perReal: 10, outcome: 'declared' })
})

test('arms that give the same answers as real only are no finding', () => {
  expect(choose(arm(10, 0, 0))).toMatchObject({ outcome: 'declared' })
  expect(() => choose(arm(3, 0, 0))).toThrow('10 per real was not measured')
})

// scipy: t.ppf(0.8, 9) = 0.8834038598, so (1.3867989725 + 0.8834038598) * 2 points.
test('what could have been seen is that of the least precise mixture', () => {
  expect(searchDetects([arm(0, 0, 0), arm(1, 1, 1.5), arm(3, 1, 2)], 2)).toBeCloseTo(0.04540405665, 9)
  expect(searchDetects([arm(0, 0, 0)], 0)).toBeNull()
})
