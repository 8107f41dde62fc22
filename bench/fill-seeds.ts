import { createContext } from '../src/context.ts'
import type { Attributes, Example } from '../src/data/example.ts'
import { fingerprintTexts } from '../src/data/fingerprint.ts'
import type { TracedRow } from '../src/data/row.ts'
import type { SeedsOptions } from '../src/generate/rules/seeds/options.ts'
import { seedsGenerator } from '../src/generate/rules/seeds/seeds.ts'
import { fillCells } from '../src/run/fill-cells.ts'
import type { Task } from '../src/task/task.ts'
import { createValidation } from '../src/validate/validation.ts'

/** Rows that the seeds generator makes of `seeds`, a column `text` in each, validated as a run does by default. */
export async function fillFromSeeds(
  options: SeedsOptions,
  given: {
    readonly task: Task
    readonly seeds: readonly TracedRow[]
    /** Rows whose texts must not be made. */
    readonly held: readonly TracedRow[]
    readonly cells: readonly { readonly cell: Attributes; readonly count: number }[]
    readonly draw: number
    toExample(row: TracedRow): Example
  },
): Promise<readonly TracedRow[]> {
  const { task, seeds, held, cells, draw, toExample } = given
  const context = createContext({ seed: draw, name: 'snips' })
  const fitted = await seedsGenerator.fit(
    options,
    { rows: seeds, schema: { rows: seeds.length, columns: [] } },
    context,
  )
  const validation = createValidation({
    settings: {
      minimumLength: 1,
      maximumLength: 1000,
      nearDuplicate: 0.85,
      rouge: 'auto',
      personalData: 'off',
      contamination: 'reject',
    },
    tasks: [task],
    constraints: () => null,
    fingerprints: fingerprintTexts(
      held.map(({ row }) => String(row['text'])),
      'snips',
    ),
    kept: seeds,
    seed: draw,
  })
  const filled = await fillCells({
    cells,
    supports: cell => seedsGenerator.supports(options, fitted, cell),
    generate: (cell, count, inner) => seedsGenerator.make(options, fitted, { cell, count }, inner),
    toCandidate: (row, cell, index) => {
      const id = `seeds:${index}`
      const origin = { kind: 'synthetic', generator: 'seeds', seed: draw, cell, fitted: null } as const
      const traced = { id, group: id, row, origin: { ...origin, parents: [], share: 'anyone' } } as const
      return { traced, examples: [toExample(traced)] }
    },
    judge: candidate => validation.judge(candidate),
    tries: 20,
    context,
  })
  return filled.accepted
}
