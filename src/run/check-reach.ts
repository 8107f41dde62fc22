import { createContext } from '../context.ts'
import type { Attributes } from '../data/example.ts'
import type { TracedRow, Value } from '../data/row.ts'
import { inferSchema } from '../data/schema.ts'
import { planCells } from '../gaps/measure.ts'
import type { Project } from '../project/schema.ts'
import { generatorNamed } from './registry.ts'
import type { CheckedRows, RowWarning } from './row-warning.ts'

/** Cells looked at of a mixture; to try a grammar on each takes up to a few hundredths of a second. */
const mostCells = 100
/** Rows that seeds are fitted on here; of more, they are taken to reach every cell. */
const mostSeeds = 5000

/** Cells that a mixture asks for and none of its generators can make. A synthesizer is judged without being fitted. */
export async function cellsOutOfReach(
  project: Project,
  rows: CheckedRows,
  signal: AbortSignal,
): Promise<readonly RowWarning[]> {
  if (rows.train.length === 0) return []
  const reaches = new Map<string, Reach>()
  for (const name of Object.keys(project.generators))
    reaches.set(name, await reachOf(project, name, rows, signal))
  return Object.entries(project.mixtures).flatMap(([name, mixture]) => {
    const cells = planCells({
      rows: rows.train.map(({ row }) => row),
      attributes: project.attributes,
      target: project.target,
      synthetic: Math.round(mixture.perReal * rows.train.length),
    })
    const outside = cells.slice(0, mostCells).flatMap(({ cell }) => {
      const reasons = mixture.generators.map(generator => [generator, reaches.get(generator)!(cell)] as const)
      return reasons.some(([, reason]) => reason === true) ? [] : [{ cell, reasons }]
    })
    if (outside.length === 0) return []
    const { cell, reasons } = outside[0]!
    const why = reasons.map(([generator, reason]) => `${generator}: ${String(reason)}`).join('; ')
    return [
      {
        message: `Mixture "${name}" wants ${outside.length === 1 ? 'a cell' : `${outside.length} cells`} that none of its generators can make, such as ${describe(cell)} (${why}).`,
        next: 'Give the mixture a generator that can, or take the value out of the target.',
      },
    ]
  })
}

/** True, or why a generator can never make rows of a cell. */
type Reach = (cell: Attributes) => true | string

async function reachOf(
  project: Project,
  name: string,
  { train, fit }: CheckedRows,
  signal: AbortSignal,
): Promise<Reach> {
  const settings = project.generators[name]!
  if (settings.use === 'records') {
    const seen = valuesOf(settings.fitOn === undefined ? train : [...train, ...fit])
    return cell => {
      const missing = Object.entries(cell).find(([column, value]) => !seen(column).has(value))
      return missing === undefined || `no row has ${describe({ [missing[0]]: missing[1] })}`
    }
  }
  if (settings.use === 'seeds' && train.length > mostSeeds) return () => true
  const generator = generatorNamed(settings.use)
  const context = createContext({ seed: project.seed, name: `check/${name}`, signal, log: () => {} })
  const fitted = await generator.fit(settings, { rows: train, schema: inferSchema(train) }, context)
  return cell => generator.supports(settings, fitted, cell)
}

/** The values of a column, read once. */
function valuesOf(rows: readonly TracedRow[]): (column: string) => ReadonlySet<Value> {
  const known = new Map<string, ReadonlySet<Value>>()
  return column => {
    const values = known.get(column) ?? new Set(rows.map(({ row }) => row[column] ?? null))
    known.set(column, values)
    return values
  }
}

function describe(cell: Attributes): string {
  return Object.entries(cell)
    .map(([column, value]) => `${column} = ${value === null ? 'missing' : String(value)}`)
    .join(', ')
}
