import type { TriedCell } from '../advise/trial.ts'
import { createContext } from '../context.ts'
import type { Attributes } from '../data/example.ts'
import type { SyntheticOrigin } from '../data/origin.ts'
import type { Row, TracedRow } from '../data/row.ts'
import { UserError } from '../error.ts'
import { openingOf, type Unseen } from '../gaps/unseen.ts'
import { compileConstraints } from '../task/constraint.ts'
import { deriveColumns } from '../task/derive.ts'
import { createValidation } from '../validate/validation.ts'
import { generatorNamed } from './registry.ts'
import { toCandidate } from './steps/fill.ts'
import { type FittedGenerator, fitOnRows, rowsToFit, whyTooFew } from './steps/fit.ts'
import type { MakerInput } from './steps/maker.ts'
import { derivationsOf } from './steps/prepare.ts'

/** Candidates of each cell. */
const perCell = 50
/** Training rows that candidates are compared with, at most: a probe is to be quick. */
const mostKept = 2000

/** What came of trying a generator. */
export interface Probed {
  readonly unfit: string | null
  readonly cells: readonly TriedCell[]
  readonly brings: readonly { readonly column: string; readonly rows: number; readonly fresh: number }[]
}

/**
 * Tries a generator on the cells that are to be asked for: fitted on all training rows that it may see, fifty candidates
 * of each cell are made and judged as a run would judge them, each generator by itself.
 */
export async function probeGenerator(
  input: Pick<MakerInput, 'project' | 'prepared' | 'replicates' | 'context'>,
  asked: {
    readonly generator: string
    readonly cells: readonly Attributes[]
    readonly unseen: readonly Unseen[]
    readonly progress: (done: number) => void
  },
): Promise<Probed> {
  const { project, prepared } = input
  const settings = project.generators[asked.generator]!
  const [{ fit, seed }] = input.replicates as readonly [MakerInput['replicates'][number]]
  const context = createContext({
    ...input.context,
    seed,
    name: `advise/${asked.generator}`,
    progress: () => {},
  })
  const rows = rowsToFit({ train: prepared.train, fit }, settings)
  const short = whyTooFew(settings, rows.length)
  if (short !== null) return { unfit: short, cells: [], brings: [] }
  const fitted = await tryToFit(() => fitOnRows(settings, { rows, schema: prepared.schema }, context))
  if (typeof fitted === 'string') return { unfit: fitted, cells: [], brings: [] }
  const kept = evenly(prepared.train, mostKept)
  const generator = generatorNamed(settings.use)
  const derivations = derivationsOf(project)
  const accepted: Row[] = []
  const cells: TriedCell[] = []
  for (const [place, cell] of asked.cells.entries()) {
    context.signal.throwIfAborted()
    const supported = generator.supports(settings, fitted.fitted, cell)
    const inner = { ...context, random: context.random.stream(`cell ${place}`) }
    const made =
      supported === true ? await generator.make(settings, fitted.fitted, { cell, count: perCell }, inner) : []
    const reasons: Record<string, number> = {}
    const origin: SyntheticOrigin = {
      kind: 'synthetic',
      generator: asked.generator,
      seed,
      cell,
      fitted: fitted.hash,
      parents: [],
      share: fitted.share,
    }
    let passed = 0
    // Anew for each cell, since cells overlap: one's rows must not be another's duplicates.
    const validation = createValidation({
      settings: project.validate,
      tasks: prepared.tasks,
      constraints: compileConstraints(project.constraints),
      fingerprints: prepared.fingerprints,
      kept,
      seed,
    })
    for (const [index, bare] of made.slice(0, perCell).entries()) {
      const row = deriveColumns(bare, derivations)
      const verdict = validation.judge(
        toCandidate(row, {
          origin,
          index: place * perCell + index,
          seed,
          tasks: prepared.tasks,
          attributes: project.attributes,
        }),
      )
      if (verdict.pass) {
        passed++
        accepted.push(row)
      } else reasons[verdict.reason] = (reasons[verdict.reason] ?? 0) + 1
    }
    const tried = Math.min(made.length, perCell)
    cells.push({ cell, why: supported === true ? null : supported, tried, accepted: passed, reasons })
    asked.progress(place + 1)
  }
  return { unfit: null, cells, brings: asked.unseen.map(each => bringsOf(each, prepared.train, accepted)) }
}

function evenly(rows: readonly TracedRow[], count: number): readonly TracedRow[] {
  if (rows.length <= count) return rows
  return Array.from({ length: count }, (_, index) => rows[Math.floor((index * rows.length) / count)]!)
}

async function tryToFit(fit: () => Promise<FittedGenerator>): Promise<FittedGenerator | string> {
  try {
    return await fit()
  } catch (error) {
    if (error instanceof UserError) return error.message
    throw error
  }
}

/** How many made rows have in a column what no real one has. */
function bringsOf(
  { column, of }: Unseen,
  real: readonly TracedRow[],
  made: readonly Row[],
): { column: string; rows: number; fresh: number } {
  const textOf = (row: Row): string => {
    const text = String(row[column] ?? '')
    return of === 'openings' ? openingOf(text) : text.toLowerCase()
  }
  const known = new Set(real.map(({ row }) => textOf(row)))
  known.add('')
  return { column, rows: made.length, fresh: made.filter(row => !known.has(textOf(row))).length }
}
