import { expect, test } from 'vitest'
import type { Uplift } from './uplift.ts'
import { decideVerdicts } from './verdict.ts'

function upliftOf(task: string, value: number, p: number): Uplift {
  return {
    task,
    metric: 'macro-f1',
    mixed: 0.6 + value,
    rival: 0.6,
    value,
    interval: [value - 0.05, value + 0.05],
    standardError: 0.025,
    degreesOfFreedom: 20,
    p,
    method: 't',
    replicates: 5,
    items: 400,
    smallestDetectable: 0.07,
    components: {
      arms: [
        { seed: 0, residual: 0 },
        { seed: 0, residual: 0 },
      ],
      item: 0.25,
    },
    design: { regime: 'sealed', seeds: [5, 5], items: 400 },
    mcnemar: [],
    cautions: [],
  }
}

test('verdicts are by p adjusted over the tasks, not by each p alone', () => {
  const judged = decideVerdicts([upliftOf('damage', 0.06, 0.03), upliftOf('species', 0.07, 0.04)], {
    worth: 0.05,
  })
  expect(judged.map(({ pAdjusted }) => pAdjusted)).toEqual([0.06, 0.06])
  expect(judged.map(({ verdict }) => verdict)).toEqual(['no-evidence', 'no-evidence'])
})

test('the sign tells help from harm', () => {
  const judged = decideVerdicts([upliftOf('damage', 0.06, 0.001), upliftOf('species', -0.07, 0.002)], {
    worth: 0.05,
  })
  expect(judged.map(({ verdict }) => verdict)).toEqual(['helps', 'hurts'])
})

test('what to collect is said where the worth could not have been shown, and not for errors', () => {
  const [blind] = decideVerdicts([upliftOf('damage', 0.01, 0.7)], { worth: 0.05 })
  expect(blind!.collect).toMatchObject({ kind: 'rows' })
  const [seen] = decideVerdicts([upliftOf('damage', 0.01, 0.7)], { worth: 0.1 })
  expect(seen!.collect).toEqual({ kind: 'enough' })
  const [error] = decideVerdicts([{ ...upliftOf('speed', 3, 0.7), metric: 'mean-absolute-error' }], {
    worth: 0.05,
  })
  expect(error!.collect).toBeNull()
})

test('a second confirmatory comparison of a task is refused', () => {
  const uplift = upliftOf('damage', 0.06, 0.001)
  expect(() => decideVerdicts([uplift, uplift], { worth: 0.05 })).toThrow(
    'more than one confirmatory comparison',
  )
})
