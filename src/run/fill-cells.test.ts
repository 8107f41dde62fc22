import { expect, test } from 'vitest'
import { syntheticRow } from '../../test/made-candidate.ts'
import { createContext } from '../context.ts'
import type { Attributes } from '../data/example.ts'
import type { Row } from '../data/row.ts'
import type { Candidate } from '../validate/candidate.ts'
import { createDuplicateCheck } from '../validate/duplicates.ts'
import { passed, rejected, type Verdict } from '../validate/verdict.ts'
import { fillCells } from './fill-cells.ts'

type Options = Parameters<typeof fillCells>[0]

const toCandidate = (row: Row, cell: Attributes, index: number): Candidate => ({
  traced: syntheticRow(row, `rules:${index}`, cell),
  examples: [],
})

/** Rows with a number below `kinds`; those of one cell repeat sooner or later. */
const numbered =
  (kinds: number): Options['generate'] =>
  async (cell, count, { random }) =>
    Array.from({ length: count }, () => ({ ...cell, number: random.integer(1, kinds) }))

function rejectDuplicates(): (candidate: Candidate) => Verdict {
  const duplicates = createDuplicateCheck([])
  return candidate => {
    const verdict = duplicates.check(candidate)
    if (verdict.pass) duplicates.accept(candidate)
    return verdict
  }
}

const fill = (options: Partial<Options>) =>
  fillCells({
    cells: [{ cell: { damage: 'None' }, count: 10 }],
    generate: numbered(1e9),
    toCandidate,
    judge: () => passed,
    tries: 20,
    context: createContext({ seed: 1, name: 'fill' }),
    ...options,
  })

const cells = [
  { cell: { damage: 'None' }, count: 30 },
  { cell: { damage: 'Minor' }, count: 7 },
  { cell: { damage: 'Severe' }, count: 0 },
  { cell: { damage: 'Lost' }, count: 1 },
]

test('every cell gets exactly the rows it wants, whatever share is rejected', async () => {
  for (const share of [0, 0.3, 0.6, 0.8]) {
    const judge = ({ traced }: Candidate): Verdict =>
      Number(traced.row['number']) % 1000 < share * 1000 ? rejected('unlucky') : passed
    const filled = await fill({ cells, judge, tries: 50 })
    expect(filled.cells.map(({ wanted, accepted, why }) => ({ wanted, accepted, why }))).toEqual(
      cells.map(({ count }) => ({ wanted: count, accepted: count, why: undefined })),
    )
    expect(filled.accepted).toHaveLength(38)
    for (const { cell, count } of cells) {
      const rows = filled.accepted.filter(({ row }) => row['damage'] === cell.damage)
      expect(rows).toHaveLength(count)
    }
    expect(filled.rejected.length).toBe(
      filled.cells.reduce((sum, { tried, accepted }) => sum + tried - accepted, 0),
    )
  }
})

test('what is left of a batch when the cell is full is not judged, so that it is not remembered either', async () => {
  const judged: Row[] = []
  const filled = await fill({
    generate: async (cell, count) => Array.from({ length: count * 3 }, (_, number) => ({ ...cell, number })),
    judge({ traced }) {
      judged.push(traced.row)
      return passed
    },
  })
  expect(judged).toHaveLength(10)
  expect(filled.cells[0]).toMatchObject({ accepted: 10, tried: 10 })
})

test('a cell with fewer different rows than wanted stops after the tries allowed and says why', async () => {
  const filled = await fill({ generate: numbered(6), judge: rejectDuplicates() })
  expect(filled.cells).toEqual([
    {
      cell: { damage: 'None' },
      wanted: 10,
      accepted: 6,
      tried: 200,
      reasons: { duplicate: 194 },
      why:
        '6 of 10 rows of damage = None were accepted after 200 tries, the most allowed (20 for each); ' +
        'of 200 judged, rejected: 194 as duplicate',
    },
  ])
  expect(filled.rejected).toHaveLength(194)
  expect(filled.rejected[0]).toMatchObject({
    reason: 'duplicate',
    detail: expect.stringContaining('same values'),
  })
})

test('a generator that makes nothing, or nothing more, ends the cell', async () => {
  const none = await fill({ generate: async () => [] })
  expect(none.cells[0]).toMatchObject({ accepted: 0, tried: 0 })
  expect(none.cells[0]!.why).toBe(
    '0 of 10 rows of damage = None were accepted and the generator made no more',
  )
  let left = 4
  const few = await fill({ generate: async cell => (left-- > 0 ? [{ ...cell, number: left }] : []) })
  expect(few.cells[0]).toMatchObject({ accepted: 4, why: expect.stringContaining('4 of 10 rows') })
})

test('a generator that makes far more than it is asked for is held to the tries', async () => {
  const filled = await fill({
    generate: async cell => Array.from({ length: 10_000 }, (_, number) => ({ ...cell, number })),
    judge: () => rejected('never'),
    tries: 3,
  })
  expect(filled.cells[0]).toMatchObject({ accepted: 0, tried: 30, reasons: { never: 30 } })
})

test('a cell that the generator does not support is not tried and tells its reason', async () => {
  const filled = await fill({
    cells,
    supports: cell => (cell['damage'] === 'Minor' ? 'no rule makes damage = Minor' : true),
  })
  expect(filled.cells[1]).toEqual({
    cell: { damage: 'Minor' },
    wanted: 7,
    accepted: 0,
    tried: 0,
    reasons: {},
    why: 'no rule makes damage = Minor',
  })
  expect(filled.accepted).toHaveLength(31)
})

async function fillCellsBySeed(seed: number): Promise<string> {
  const sizes: number[] = []
  const filled = await fill({
    cells,
    async generate(cell, count, context) {
      sizes.push(count)
      return numbered(40)(cell, count, context)
    },
    judge: rejectDuplicates(),
    context: createContext({ seed, name: 'fill' }),
  })
  return JSON.stringify([filled, sizes])
}

test('the same seed gives the same rows and the same batches, another seed others', async () => {
  expect(await fillCellsBySeed(1)).toBe(await fillCellsBySeed(1))
  expect(await fillCellsBySeed(1)).not.toBe(await fillCellsBySeed(2))
})

test('batches grow with the rejections: few calls are needed', async () => {
  let calls = 0
  let seen = 0
  const filled = await fill({
    cells: [{ cell: {}, count: 500 }],
    generate(...request) {
      calls++
      return numbered(1e9)(...request)
    },
    judge: () => (seen++ % 10 === 0 ? passed : rejected('nine of ten')),
  })
  expect(filled.cells[0]!.accepted).toBe(500)
  expect(calls).toBeLessThanOrEqual(6)
  expect(filled.cells[0]!.tried).toBeLessThanOrEqual(5000)
})

test('progress rises to the total even where cells stay short', async () => {
  const seen: [number, number][] = []
  const context = createContext({
    seed: 1,
    name: 'fill',
    progress: (done, total) => seen.push([done, total]),
  })
  await fill({ cells, supports: cell => cell['damage'] !== 'Minor' || 'never', context })
  expect(seen.at(-1)).toEqual([38, 38])
  expect(seen.map(([done]) => done)).toEqual(seen.map(([done]) => done).toSorted((a, b) => a - b))
})

test('an abort stops it between candidates', async () => {
  const abort = new AbortController()
  let judged = 0
  const filling = fill({
    judge() {
      if (++judged === 3) abort.abort(new Error('enough'))
      return passed
    },
    context: createContext({ seed: 1, name: 'fill', signal: abort.signal }),
  })
  await expect(filling).rejects.toThrow('enough')
  expect(judged).toBe(3)
})

test('counts and tries that are no whole numbers are refused', async () => {
  await expect(fill({ tries: 0 })).rejects.toThrow(RangeError)
  await expect(fill({ cells: [{ cell: {}, count: 1.5 }] })).rejects.toThrow(RangeError)
})
