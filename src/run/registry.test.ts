import { expect, test } from 'vitest'
import { createContext } from '../context.ts'
import type { TracedRow } from '../data/row.ts'
import { inferSchema } from '../data/schema.ts'
import { allGenerators } from './registry.ts'

/** Birds met: a name, a number, a day, a truth, a label; and a sentence where it is asked for. */
function rowsOf(hasText: boolean): readonly TracedRow[] {
  return Array.from({ length: 40 }, (_, index) => ({
    id: `birds:${index + 1}`,
    group: `birds:${index + 1}`,
    row: {
      bird: ['gull', 'owl', 'goose'][index % 3]!,
      height: index * 7 + 0.5,
      day: `2001-03-${String((index % 28) + 1).padStart(2, '0')}`,
      night: index % 5 === 0,
      damage: index % 4 === 0 ? 'yes' : 'no',
      ...(hasText
        ? { report: `We met bird number ${index} over the ${['field', 'bay'][index % 2]!} today.` }
        : {}),
    },
    origin: { kind: 'real', source: 'birds', number: index + 1, use: 'train', share: 'anyone' },
  }))
}

const named = (name: string): ReturnType<typeof allGenerators>[number] =>
  allGenerators().find(generator => generator.name === name)!

test.each([
  { name: 'records', hasText: true },
  { name: 'seeds', hasText: false },
])('$name is not proposed where it has no use (text: $hasText), and says why', ({ name, hasText }) => {
  const { columns } = inferSchema(rowsOf(hasText))
  expect(named(name).propose!({ columns, labels: ['damage'] })).toMatch(/free text/)
})

test.each([
  { name: 'rules', hasText: true },
  { name: 'rules', hasText: false },
  { name: 'seeds', hasText: true },
  { name: 'records', hasText: false },
])(
  'what $name proposes for a table (with text: $hasText) can be fitted and makes rows',
  async ({ name, hasText }) => {
    const generator = named(name)
    const rows = rowsOf(hasText)
    const schema = inferSchema(rows)
    const settings = generator.propose!({ columns: schema.columns, labels: ['damage'] })
    const options = generator.options.parse(settings)
    const context = createContext({ seed: 1, name: 'proposed' })
    const fitted = await generator.fit(options, { rows, schema }, context)
    const cell = { damage: 'yes' }
    expect(generator.supports(options, fitted, cell)).toBe(true)
    const made = await generator.make(options, fitted, { cell, count: 10 }, context)
    expect(made.map(row => row['damage'])).toEqual(Array.from({ length: made.length }, () => 'yes'))
    expect(made.length).toBeGreaterThan(0)
  },
)
