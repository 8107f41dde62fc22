import { expect, test } from 'vitest'
import { createContext } from '../../context.ts'
import type { Attributes } from '../../data/example.ts'
import type { Row, TracedRow } from '../../data/row.ts'
import { rulesOptions, type RulesOptions } from './options.ts'
import { rulesGenerator } from './rules.ts'

const schema = { rows: 0, columns: [] }

function traced(row: Row, number: number): TracedRow {
  return {
    id: `r:${number}`,
    group: `r:${number}`,
    row,
    origin: { kind: 'real', source: 'r', number, use: 'train', share: 'anyone' },
  }
}

async function made(
  grammar: unknown,
  cell: Attributes,
  count: number,
  rows: readonly Row[] = [],
): Promise<readonly Row[]> {
  const options = rulesOptions.parse(grammar)
  const fitted = await rulesGenerator.fit(
    options,
    { rows: rows.map(traced), schema },
    createContext({ seed: 1, name: 'fit' }),
  )
  return rulesGenerator.make(options, fitted, { cell, count }, createContext({ seed: 1, name: 'make' }))
}

function supports(grammar: unknown, cell: Attributes): true | string {
  return rulesGenerator.supports(rulesOptions.parse(grammar), { observations: {}, noise: {} }, cell)
}

function shareOf(rows: readonly Row[], column: string, value: Row[string]): number {
  return rows.filter(row => row[column] === value).length / rows.length
}

/** Chi-square with one degree of freedom; 10.83 is passed once in a thousand. */
function surprise(share: number, expected: number, count: number): number {
  return (share - expected) ** 2 / ((expected * (1 - expected)) / count)
}

const strikes = {
  columns: {
    species: [{ value: 'Gull', weight: 6 }, { value: 'Sparrow', weight: 3 }, 'Goose'],
    size: [
      { when: { species: ['Gull'] }, choose: [{ value: 'Medium', weight: 3 }, 'Large'] },
      { when: { species: 'Goose' }, choose: ['Large'] },
      { choose: ['Small'] },
    ],
    damaged: { compute: "'yes' if size == 'Large' else 'no'" },
    speed: [
      { when: "species == 'Sparrow'", number: { minimum: 40, maximum: 60, step: 10 } },
      { number: { mean: 150, deviation: 30, minimum: 100, maximum: 200, step: 5 }, missing: 0.25 },
    ],
    date: { date: { from: '1999-12-30', to: '2000-01-02' } },
    _opening: ['Hit', 'Struck'],
    story: { text: '{_opening} {a:species:lower}[ at {speed} knots*1].' },
    country: 'US',
  },
}

test('columns follow their weights, conditions and limits', async () => {
  const rows = await made(strikes, {}, 3000)
  expect(rows).toHaveLength(3000)
  expect(surprise(shareOf(rows, 'species', 'Gull'), 0.6, 3000)).toBeLessThan(10.83)
  expect(surprise(shareOf(rows, 'species', 'Goose'), 0.1, 3000)).toBeLessThan(10.83)
  const gulls = rows.filter(({ species }) => species === 'Gull')
  expect(surprise(shareOf(gulls, 'size', 'Large'), 0.25, gulls.length)).toBeLessThan(10.83)
  const others = rows.filter(({ species }) => species !== 'Sparrow')
  expect(surprise(shareOf(others, 'speed', null), 0.25, others.length)).toBeLessThan(10.83)
  for (const { species, size, speed, damaged, date, country } of rows) {
    const [least, most, step] = species === 'Sparrow' ? [40, 60, 10] : [100, 200, 5]
    const isRight =
      speed === null || (Number(speed) >= least && Number(speed) <= most && Number(speed) % step === 0)
    expect(isRight).toBe(true)
    expect(damaged).toBe(size === 'Large' ? 'yes' : 'no')
    expect(['1999-12-30', '1999-12-31', '2000-01-01', '2000-01-02']).toContain(date)
    expect(country).toBe('US')
  }
})

test('a text agrees with its row, and columns set aside stay out of it', async () => {
  for (const row of await made(strikes, {}, 50)) {
    const speed = row['speed'] === null ? '' : ` at ${row['speed']} knots`
    expect(row['story']).toMatch(
      new RegExp(`^(?:Hit|Struck) a ${String(row['species']).toLowerCase()}${speed}\\.$`),
    )
    expect(Object.keys(row)).toEqual(['species', 'size', 'damaged', 'speed', 'date', 'story', 'country'])
  }
})

test('the same seed makes the same rows', async () => {
  expect(await made(strikes, {}, 20)).toEqual(await made(strikes, {}, 20))
})

test('asked for a cell, every row agrees, and the rest is as in the rows that fall into it', async () => {
  // By Bayes: P(Gull | Large) = 0.6 · 0.25 / (0.6 · 0.25 + 0.1) = 0.6.
  const rows = await made(strikes, { size: 'Large' }, 2000)
  expect(rows).toHaveLength(2000)
  expect(shareOf(rows, 'size', 'Large')).toBe(1)
  expect(shareOf(rows, 'damaged', 'yes')).toBe(1)
  expect(surprise(shareOf(rows, 'species', 'Gull'), 0.6, 2000)).toBeLessThan(10.83)
  expect(shareOf(rows, 'species', 'Sparrow')).toBe(0)
})

test('a cell of a computed column is met by its causes', async () => {
  const rows = await made(strikes, { damaged: 'yes' }, 500)
  expect(rows).toHaveLength(500)
  expect(shareOf(rows, 'size', 'Large')).toBe(1)
})

test('a cell may fix numbers, dates and missing values', async () => {
  const cell = { speed: null, date: '2000-01-01', size: 'Medium' }
  const rows = await made(strikes, cell, 50)
  expect(rows).toHaveLength(50)
  for (const row of rows) expect(row).toMatchObject({ ...cell, species: 'Gull' })
})

test.each([
  [{ size: 'Huge' }, 'size is never "Huge" in the grammar, only Medium, Large or Small'],
  [{ sise: 'Large' }, 'the grammar has no column "sise". Did you mean "size"?'],
  [{ _opening: 'Hit' }, 'the grammar has no column "_opening"'],
  [{ story: 'Hit a gull.' }, 'the column "story" is written freely and cannot be asked for'],
  [{ speed: 102 }, 'speed is never 102 in the grammar'],
  [{ date: '2001-01-01' }, 'date is never "2001-01-01" in the grammar'],
  [{ country: null }, 'country is never missing in the grammar, only US'],
  [
    { species: 'Sparrow', damaged: 'yes' },
    'the grammar gave no row with species = Sparrow and damaged = yes in 1,000 tries',
  ],
] as const)('the cell %j is refused with its reason', async (cell, reason) => {
  expect(supports(strikes, cell)).toContain(reason)
  expect(await made(strikes, cell, 3)).toEqual([])
})

test('a cell that the grammar can give is supported', () => {
  expect(supports(strikes, { species: 'Goose', damaged: 'yes', speed: 150 })).toBe(true)
})

test('values can be drawn as often as the training rows have them, among those that agree', async () => {
  const seen = [
    ...Array.from({ length: 6 }, () => ({ size: 'Small', damage: 'None' })),
    ...Array.from({ length: 2 }, () => ({ size: 'Large', damage: 'Minor' })),
    { size: 'Large', damage: null },
    { size: 'Large', damage: 'None' },
  ]
  const grammar = {
    columns: { size: ['Small', 'Large', 'Huge'], damage: { from: 'damage', given: ['size'], smoothing: 2 } },
  }
  const rows = await made(grammar, {}, 6000, seen)
  const of = (size: string) => rows.filter(row => row['size'] === size)
  // By hand: (n + 2 · P) / (N + 2) with P(None, Minor, missing) = .7, .2, .1; an unseen size has the whole column's shares.
  expect(
    surprise(shareOf(of('Large'), 'damage', 'Minor'), (2 + 2 * 0.2) / (4 + 2), of('Large').length),
  ).toBeLessThan(10.83)
  expect(
    surprise(shareOf(of('Large'), 'damage', null), (1 + 2 * 0.1) / (4 + 2), of('Large').length),
  ).toBeLessThan(10.83)
  expect(
    surprise(shareOf(of('Small'), 'damage', 'None'), (6 + 2 * 0.7) / (6 + 2), of('Small').length),
  ).toBeLessThan(10.83)
  expect(surprise(shareOf(of('Huge'), 'damage', 'None'), 0.7, of('Huge').length)).toBeLessThan(10.83)
})

test('a column that the training rows do not have is an error', async () => {
  await expect(made({ columns: { size: { from: 'sise' } } }, {}, 1, [{ size: 'Small' }])).rejects.toThrow(
    'Did you mean "size"?',
  )
  await expect(made({ columns: { size: { from: 'size' } } }, {}, 1)).rejects.toThrow('there are none')
})

test('rows seen are learned from for `from` rules alone', async () => {
  const options: RulesOptions = rulesOptions.parse(strikes)
  const secret = traced({ species: 'SECRET', story: 'SECRET' }, 1)
  const fitted = await rulesGenerator.fit(
    options,
    { rows: [secret], schema },
    createContext({ seed: 1, name: 'fit' }),
  )
  expect(fitted).toEqual({ observations: {}, noise: {} })
})
