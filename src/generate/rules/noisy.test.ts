import { expect, test } from 'vitest'
import { createContext } from '../../context.ts'
import type { Row, TracedRow } from '../../data/row.ts'
import { rulesOptions } from './options.ts'
import { rulesGenerator } from './rules.ts'

const grammar = {
  columns: {
    bird: ['gull', 'owl'],
    report: { text: 'We met a {bird} near the runway this morning.' },
    length: { compute: 'report | length' },
  },
}

function traced(text: string, index: number): TracedRow {
  return {
    id: `reports:${index}`,
    group: `reports:${index}`,
    row: { said: text },
    origin: { kind: 'real', source: 'reports', number: index, use: 'train', share: 'anyone' },
  }
}

async function make(
  texts: readonly string[],
  options: object = { ...grammar, noise: { report: 'said' } },
): Promise<readonly Row[]> {
  const parsed = rulesOptions.parse(options)
  const context = createContext({ seed: 1, name: 'test' })
  const rows = texts.map(traced)
  const fitted = await rulesGenerator.fit(
    parsed,
    { rows, schema: { rows: rows.length, columns: [] } },
    context,
  )
  // What was learned is kept as JSON between fitting and making.
  const kept = JSON.parse(JSON.stringify(fitted)) as typeof fitted
  return rulesGenerator.make(parsed, kept, { cell: {}, count: 400 }, createContext({ seed: 2, name: 'test' }))
}

const share = (rows: readonly Row[], holds: (text: string) => boolean): number =>
  rows.filter(({ report }) => holds(String(report))).length / rows.length
const isLower = (text: string): boolean => text === text.toLowerCase()
const isEnded = (text: string): boolean => text.endsWith('.')

test('texts are cased and ended as often as the real texts are', async () => {
  // Of 200, three in four are small, and half have a mark at their end.
  const real = Array.from({ length: 200 }, (_, index) => {
    const text = `${index % 4 === 0 ? 'It' : 'it'} hit the left wing of plane ${index}`
    return index % 2 === 0 ? `${text}.` : text
  })
  const made = await make(real)
  // 1.96 standard errors of 400 draws are 4 to 5 points; the priors draw by one or two.
  expect(Math.abs(share(made, isLower) - 0.75)).toBeLessThan(0.07)
  expect(Math.abs(share(made, isEnded) - 0.5)).toBeLessThan(0.07)
})

test('real texts that are written cleanly leave the grammar nearly as it is', async () => {
  const clean = await make(
    Array.from({ length: 300 }, (_, index) => `It hit the left wing of plane ${index}.`),
  )
  expect(
    share(clean, text => /^We met a (?:gull|owl) near the runway this morning\.$/.test(text)),
  ).toBeGreaterThan(0.9)
})

test('what was computed from a text is of the text before people typed it', async () => {
  const rows = await make(Array.from({ length: 50 }, (_, index) => `it hit plane ${index}`))
  expect(
    rows.every(
      ({ bird, length }) => length === `We met a ${String(bird)} near the runway this morning.`.length,
    ),
  ).toBe(true)
})

test('without noise nothing is drawn for it: the rows are the same as ever', async () => {
  const [plain, none] = await Promise.all([make(['x'], grammar), make(['y'], { ...grammar, noise: {} })])
  expect(plain).toEqual(none)
  expect(plain.every(({ report }) => isEnded(String(report)))).toBe(true)
})

test('only written columns can have noise, and only from a column with real texts', async () => {
  const parsed = rulesOptions.safeParse({ ...grammar, noise: { bird: 'said', repotr: 'said' } })
  expect(parsed.error?.issues.map(({ path }) => path)).toEqual([
    ['noise', 'bird'],
    ['noise', 'repotr'],
  ])
  expect(parsed.error?.issues[1]?.message).toContain('Did you mean "report"?')
  await expect(make(['x'], { ...grammar, noise: { report: 'siad' } })).rejects.toThrow('Did you mean "said"?')
})
