import { expect, test } from 'vitest'
import type { Row, TracedRow } from '../data/row.ts'
import { type ProjectInput, type Project, projectSchema } from '../project/schema.ts'
import { checkRows } from './check-rows.ts'

const { signal } = new AbortController()

function project(changes: Partial<ProjectInput> = {}): Project {
  return projectSchema.parse({
    name: 'fields',
    sources: { reports: { path: 'reports.csv', use: 'train' } },
    tasks: {
      yield: {
        kind: 'label',
        answer: 'yield',
        prompts: ['{{ soil }}, {{ rain }}?', '{{ rain }} on {{ soil }}?'],
      },
    },
    generators: { learned: { use: 'records' } },
    mixtures: { mixed: { generators: ['learned'], perReal: 1 } },
    ...changes,
  })
}

function trace(
  rows: readonly Row[],
  source = 'reports',
  share: 'anyone' | 'local' = 'anyone',
): readonly TracedRow[] {
  const use = source === 'later' ? 'test' : 'train'
  return rows.map((row, index) => ({
    id: `${source}:${index + 1}`,
    group: `${source}:${index + 1}`,
    row,
    origin: { kind: 'real', source, number: index + 1, use, share },
  }))
}

/** 60 rows without anything questionable: the yield follows from neither column alone. */
const good: readonly Row[] = Array.from({ length: 60 }, (_, index) => ({
  soil: ['clay', 'sand'][index % 2]!,
  rain: index * 3,
  yield: Math.floor(index / 2) % 2 === 0 ? 'good' : 'poor',
}))
const all = (row: Row, changes: Row): Row => ({ ...row, ...changes })

async function warned(
  rows: readonly Row[],
  { changes, test: later = [] }: { changes?: Partial<ProjectInput>; test?: readonly TracedRow[] } = {},
): Promise<readonly string[]> {
  const found = await checkRows(project(changes), { train: trace(rows), fit: [], test: later }, signal)
  expect(found.every(({ next }) => next.length > 10)).toBe(true)
  return found.map(({ message }) => message)
}

test('good rows have no warning', async () => {
  expect(await warned(good)).toEqual([])
})

test('a shown column that gives the answer away is told first', async () => {
  const leaking = good.map(row => all(row, { soil: row['yield'] === 'good' ? 'harvested' : 'left', rain: 1 }))
  const [first] = await warned(leaking.slice(0, 58).concat([all(leaking[0]!, { rain: 2 })]))
  expect(first).toContain('Task "yield" shows "soil", which gives "yield" away in every row')
})

test('rows on both sides, and labels on one side alone', async () => {
  const later = trace([good[0]!, good[1]!, { soil: 'clay', rain: 901, yield: 'godo' }], 'later')
  const messages = await warned(good, { test: later })
  expect(messages[0]).toContain('2 test rows of 3 are among the training rows too (later:1, later:2)')
  expect(messages[1]).toContain('"yield" is godo only in test rows')
  expect(messages[1]).toContain('Did you mean "good"?')
  expect(messages[2]).toContain('"yield" is poor only in training rows')
  expect(messages.at(-1)).toContain('The test source has 3 rows, and 200 are the fewest that are sealed')
})

test('what local rows say is counted, not quoted', async () => {
  const later = trace([{ soil: 'clay', rain: 902, yield: 'secret' }], 'later', 'local')
  const messages = await warned(good, { test: later })
  expect(messages.join(' ')).toContain('1 answer of "yield" is only in test rows')
  expect(messages.join(' ')).not.toContain('secret')
})

test('contradictions and repetitions', async () => {
  const messages = await warned([...good, all(good[0]!, { yield: 'poor' }), good[5]!])
  expect(messages).toEqual([
    '2 of 62 training rows ask task "yield" what another asks and answer otherwise, for example reports:1, reports:61.',
    '1 training row of 62 repeats an earlier one in every column.',
  ])
})

test('answers that fewer rows have than there are folds, and missing ones', async () => {
  const rows = [
    ...good,
    { soil: 'clay', rain: 700, yield: 'great' },
    { soil: 'clay', rain: 701, yield: null },
  ]
  expect(await warned(rows)).toEqual([
    'Task "yield": fewer rows than the 5 folds have "yield" = great (1), so some folds hold none of it.',
    '1 training row of 62 has no "yield"; task "yield" does not learn from it.',
  ])
})

test('a target for a value that nobody has, or that leaves one out', async () => {
  const messages = await warned(good, {
    changes: { attributes: ['yield'], target: { yield: { good: 0.5, por: 0.5 } } },
  })
  expect(messages[0]).toBe('The target wants yield = por, which no training row has. Did you mean "poor"?')
  expect(messages[1]).toBe('The target of yield leaves out poor, so none of it is made.')
  expect(messages[2]).toContain(
    'Mixture "mixed" wants a cell that none of its generators can make, such as yield = por',
  )
})

test('a cell is out of reach where no generator of the mixture can make it', async () => {
  const changes: Partial<ProjectInput> = {
    attributes: ['soil'],
    target: { soil: 'uniform' },
    generators: {
      learned: { use: 'records' },
      written: { use: 'rules', columns: { soil: ['sand'], rain: 3, yield: 'good' } },
    },
    mixtures: { alone: { generators: ['written'], perReal: 1 } },
  }
  const [message, ...rest] = await warned(good, { changes })
  expect(rest).toEqual([])
  expect(message).toContain('Mixture "alone" wants a cell')
  expect(message).toContain('such as soil = clay (written: soil is never "clay" in the grammar, only sand)')
  const both = { ...changes, mixtures: { both: { generators: ['written', 'learned'], perReal: 1 } } }
  expect(await warned(good, { changes: both })).toEqual([])
})

test('attributes that are missing, or that have too many values', async () => {
  const rows = good.map((row, index) => all(row, { soil: index < 6 ? null : row['soil']! }))
  const messages = await warned(rows, { changes: { attributes: ['soil', 'rain'] } })
  expect(messages).toEqual([
    'Attribute "soil" is missing in 6 of 60 training rows; being missing counts as a value that examples must cover.',
    'Attribute "rain" has 60 values, so hardly any combination of attributes has rows.',
  ])
})

test('a constraint that real rows break', async () => {
  expect(await warned(good, { changes: { constraints: ['rain <= 170', 'soil is not none'] } })).toEqual([
    '3 real training rows of 60 break the constraint `rain <= 170`, which every made row must hold (reports:58, reports:59, reports:60).',
  ])
})

test('too few rows to learn from', async () => {
  expect((await warned(good.slice(0, 16))).at(-1)).toContain('There are 16 training rows')
})

test('a project of whose tasks the student learns none is told so, and one of which it learns some, which', async () => {
  const number: ProjectInput['tasks'][string] = {
    kind: 'number',
    answer: 'rain',
    prompts: ['{{ soil }}?', 'Rain on {{ soil }}?'],
  }
  const [none] = await warned(good, { changes: { tasks: { rain: number } } })
  expect(none).toBe(
    'The linear student learns no task of this project, so nothing is trained and nothing measured: the linear student answers with one of a known set of labels, and a number task has none.',
  )
  const label = project().tasks['yield']!
  const [some] = await warned(good, { changes: { tasks: { yield: label, rain: number } } })
  expect(some).toContain('does not learn "rain", so whether synthetic examples help with it is not measured')
})
