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
