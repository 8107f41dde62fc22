import type { Report } from '../src/report/report-schema.ts'

const phases = ['Approach', 'Climb', 'Take-off run', 'Landing roll', 'En route']
const damages = ['None', 'Minor', 'Substantial', 'Destroyed']
const counts = [
  [17, 12, 9, 11, 3],
  [2, 1, 1, 1, 0],
  [1, 1, 0, 1, 0],
  [0, 0, 0, 0, 0],
]
const damageTargets = [0.5, 0.25, 0.2, 0.05]
const phaseTargets = [0.36, 0.22, 0.18, 0.19, 0.05]
const rows = 60
const mixture = 660

function tally(count: number, target: number): { count: number; target: number; need: number } {
  return { count, target, need: Math.max(0, Math.ceil(target * mixture) - count) }
}

function valueGap(
  value: string,
  count: number,
  target: number,
): Report['gaps']['attributes'][number]['values'][number] {
  return { value, share: count / rows, ...tally(count, target) }
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}

const damageCounts = counts.map(row => total(row))
const phaseCounts = phases.map((_, column) => total(counts.map(row => row[column]!)))

const pairCells = damages.flatMap((damage, row) =>
  phases.map((phase, column) => ({
    values: [damage, phase] as const,
    ...tally(counts[row]![column]!, damageTargets[row]! * phaseTargets[column]!),
  })),
)

/** Made-up gaps of 60 reports: damage is rare, and one kind of it was never seen. */
export const gaps: Report['gaps'] = {
  rows,
  mixture,
  coverage: [
    {
      order: 2,
      possible: 20,
      seen: 13,
      unseen: 0.08,
      need: 6,
      missing: [
        {
          cell: { damage: 'Minor', 'phase of flight': 'En route' },
          expected: 0.25,
          why: 'never seen in 60 rows; were its values independent, about 0.25 would show it',
        },
      ],
    },
  ],
  unseen: [
    {
      column: 'species',
      of: 'values',
      rows: 60,
      seen: 11,
      once: 7,
      mass: 0.117,
      interval: { low: 0.023, high: 0.21 },
      atLeast: 35,
      atLeastInterval: { low: 15.2, high: 131 },
      rowsToHalve: 148,
      need: 70,
      why: '7 of 11 values stand in one row alone, so 12 % of the new rows will bring one never seen; at least 24 more values exist',
    },
  ],
  conflicts: {
    duplicates: 1,
    tasks: [{ task: 'damaged', conflicting: 2, repeating: 0 }],
    examples: [{ task: 'damaged', rows: ['shared:7', 'shared:31'], answers: ['no', 'yes'] }],
  },
  repeatedInTest: 0,
  curves: [
    {
      task: 'damaged',
      metric: 'macro-f1',
      examples: rows,
      of: rows,
      points: [12, 17, 24, 34, 48].map((examples, index) => ({
        examples,
        score: 0.5 + 0.03 * index,
        interval: { low: 0.42 + 0.03 * index, high: 0.58 + 0.03 * index },
      })),
      ahead: [1, 2, 4].map((times, index) => ({
        examples: times * rows,
        score: 0.64 + 0.03 * index,
        interval: { low: 0.58 + 0.02 * index, high: 0.7 + 0.04 * index },
      })),
      more: { gain: 0.05, examples: 110, low: 60, high: null },
      exponent: 0.48,
      says: 'With 120 examples, twice as many, a score of 67.0 is expected (60.0 to 74.0). For 5 points more it takes about 110 more examples (60 or more, perhaps never).',
      slices: [
        {
          cell: { damage: 'Minor' },
          count: 5,
          error: 0.8,
          interval: { low: 0.38, high: 0.96 },
          expected: 0.55,
          clear: true,
          need: 12,
          why: '80 % of its 5 examples are answered wrong, 15 % of all; by the learning curve so many more close the difference',
        },
      ],
      labels: {
        examples: 60,
        disputed: 1,
        share: 0.03,
        suspects: [{ row: 'shared:31', given: 'yes', suggested: 'no', confidence: 0.04 }],
      },
    },
  ],
  attributes: [
    {
      name: 'damage',
      values: damages.map((value, index) => valueGap(value, damageCounts[index]!, damageTargets[index]!)),
    },
    {
      name: 'phase of flight',
      values: phases.map((value, index) => valueGap(value, phaseCounts[index]!, phaseTargets[index]!)),
    },
  ],
  pairs: [{ attributes: ['damage', 'phase of flight'], cells: pairCells }],
  ranked: [
    { cell: { damage: 'Destroyed' }, ...tally(0, 0.05), why: 'no real example; the target asks for 5.0 %' },
    {
      cell: { damage: 'Minor', 'phase of flight': 'En route' },
      ...tally(0, 0.0125),
      why: 'no real example; the target asks for 1.3 %',
    },
    {
      cell: { damage: 'Substantial' },
      ...tally(3, 0.2),
      why: '3 of 60 real examples (5.0 %); the target asks for 20.0 %',
    },
    {
      cell: { damage: 'Minor' },
      ...tally(5, 0.25),
      why: '5 of 60 real examples (8.3 %); the target asks for 25.0 %',
    },
  ],
}
