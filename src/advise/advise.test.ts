import { expect, test } from 'vitest'
import { adviceSchema } from './advice.ts'
import { advise, type AdviseInput } from './advise.ts'
import type { Gap } from './gap.ts'
import type { Trial } from './trial.ts'

const grammar: Trial = {
  name: 'written',
  use: 'rules',
  is: 'a grammar',
  fills: ['cells', 'more', 'values', 'wording'],
  reach: 'beyond',
  dollars: 0,
  mixed: true,
  fitSeconds: 0,
  rowSeconds: 0.01,
  unfit: null,
  cells: [],
  brings: [],
}
const synthesizer: Trial = {
  ...grammar,
  name: 'learned',
  use: 'records',
  fills: ['cells', 'more'],
  reach: 'fitted',
}
const cell = { damage: 'yes' }
const gap: Gap = {
  kind: 'cell',
  what: 'damage = yes',
  count: 40,
  why: 'few',
  priority: 0.1,
  rows: [],
  cell,
  column: null,
  real: 8,
}

function given(more: Partial<AdviseInput>, real = 8): AdviseInput {
  return {
    project: 'reports',
    data: 'abc',
    mixture: 'mixed',
    gaps: [gap],
    requests: [{ cell, count: 41 }],
    trainingRows: Array.from({ length: 20 }, (_, index) => ({ damage: index < real ? 'yes' : 'no' })),
    trials: [grammar, synthesizer],
    others: [],
    ...more,
  }
}

/** A trial of the cell. */
function tried(accepted: number, why: string | null = null): Pick<Trial, 'cells'> {
  return {
    cells: [{ cell, why, tried: why === null ? 50 : 0, accepted, reasons: { duplicate: 50 - accepted } }],
  }
}

const made = (input: AdviseInput): [string, number][] =>
  advise(input).make.map(({ generator, count }) => [generator, count])

test('what several can make alike is shared equally, to the row', () => {
  expect(made(given({}))).toEqual([
    ['written', 21],
    ['learned', 20],
  ])
})

test('with too few real rows to learn from, only what goes beyond them is asked', () => {
  expect(made(given({}, 4))).toEqual([['written', 41]])
  expect(made(given({ trials: [synthesizer] }, 4))).toEqual([['learned', 41]])
})

test('who passes a tenth as often as the best, or never, is not asked, and the reason says so', () => {
  const trials = [
    { ...grammar, ...tried(0) },
    { ...synthesizer, ...tried(40) },
  ]
  const advice = advise(given({ trials }))
  expect(advice.make).toMatchObject([{ generator: 'learned', count: 41, yield: 0.8, seconds: 0.51 }])
  expect(advice.gaps[0]!.candidates[0]).toMatchObject({
    able: false,
    measured: { tried: 50, accepted: 0 },
    why: 'none of 50 candidates passed; 50 were turned down as duplicate',
  })
  expect(
    made(
      given({
        trials: [
          { ...grammar, ...tried(50) },
          { ...synthesizer, ...tried(4) },
        ],
      }),
    ),
  ).toEqual([['written', 41]])
})

test('a cell that nobody can make is to be collected, and is told apart', () => {
  const trials = [{ ...grammar, ...tried(0, 'damage is never "yes" in the grammar') }]
  const advice = advise(given({ trials }))
  expect(advice.make).toEqual([])
  expect(advice.unmade).toEqual([{ cell, count: 41 }])
  expect(advice.gaps[0]).toMatchObject({ action: 'collect', do: 'collect 40 real rows with damage = yes' })
  expect(advice.gaps[0]!.candidates[0]!.why).toBe('damage is never "yes" in the grammar')
})

test('wrong labels are mended, not made up for', () => {
  const noise: Gap = { ...gap, kind: 'noise', what: 'doubtful labels', cell: null, rows: ['a:1', 'a:2'] }
  expect(advise(given({ gaps: [noise] })).gaps[0]).toMatchObject({
    action: 'mend',
    do: 'look at a:1, a:2 and put them right',
    candidates: [],
  })
})

test('new values are taken for made only where a trial brought some', () => {
  const values: Gap = { ...gap, kind: 'values', cell: null, column: 'airport' }
  const brings = (fresh: number): Trial => ({
    ...synthesizer,
    ...tried(50),
    brings: [{ column: 'airport', rows: 50, fresh }],
  })
  expect(advise(given({ gaps: [values], trials: [brings(0)] })).gaps[0]!.action).toBe('collect')
  expect(advise(given({ gaps: [values], trials: [brings(5)] })).gaps[0]!.candidates[0]).toMatchObject({
    advised: true,
    yield: 0.1,
  })
  expect(advise(given({ gaps: [values], trials: [synthesizer] })).gaps[0]!.candidates[0]!.why).toContain(
    'only values that it has seen',
  )
})

test('a generator outside the mixture is named, and not asked', () => {
  const advice = advise(given({ trials: [{ ...grammar, mixed: false }, synthesizer] }))
  expect(advice.make.map(({ generator }) => generator)).toEqual(['learned'])
  expect(advice.gaps[0]!.candidates[0]!.why).toContain('add it to its `generators`')
})

test('a kind of generator that the project lacks is proposed for what nobody fills, or why it would not help', () => {
  const other = {
    use: 'seeds',
    is: 'real texts',
    fills: ['cells'],
    needs: 1,
    settings: { text: 'report' },
  } as const
  const propose = (more: object): unknown =>
    advise(given({ trials: [], others: [{ ...other, ...more }] })).add[0]
  expect(propose({})).toMatchObject({ name: 'seeds', gaps: [1], settings: { use: 'seeds', text: 'report' } })
  expect(propose({ needs: 30 })).toMatchObject({
    settings: null,
    why: 'it needs 30 rows to learn from, and there are 20',
  })
  expect(propose({ settings: 'no column is text' })).toMatchObject({
    settings: null,
    why: 'no column is text',
  })
  expect(advise(given({ others: [other] })).add).toEqual([])
})

test('an advice is what its schema says', () => {
  const advice = advise(given({}))
  expect(adviceSchema.parse(JSON.parse(JSON.stringify(advice)))).toEqual(advice)
})
