import type { Context } from '../../context.ts'
import { hashOf } from '../../data/hash.ts'
import { inferSchema } from '../../data/schema.ts'
import type { TracedRow } from '../../data/row.ts'
import { UserError } from '../../error.ts'
import type { FitInput } from '../../generate/generator.ts'
import type { Project } from '../../project/schema.ts'
import type { Maker } from './maker.ts'
import type { Prepared } from './prepare.ts'
import { generatorNamed } from '../registry.ts'
import type { Replicate } from '../replicate.ts'

export type GeneratorSettings = Project['generators'][string]

/** A generator fitted in one replicate, and the rows it saw. */
export interface FittedGenerator {
  readonly fitted: unknown
  /** Names this fit in the lineage of what is made with it. */
  readonly hash: string
  /** Ids of the rows it was fitted on. */
  readonly rows: readonly string[]
  readonly share: 'anyone' | 'local'
}

/** Fits one generator on the rows that it may see in this replicate. */
export const makeFit: Maker<FittedGenerator> = ({ step, project, prepared, replicate, context }) =>
  fitGenerator(step.subject!, { project, prepared, rows: replicate! }, context)

/** Fits a generator of the project on those of the given rows that it may see. Throws a UserError where they are too few. */
export async function fitGenerator(
  name: string,
  given: {
    readonly project: Project
    readonly prepared: Pick<Prepared, 'schema'>
    readonly rows: Pick<Replicate, 'train' | 'fit'>
  },
  context: Context,
): Promise<FittedGenerator> {
  const settings = given.project.generators[name]!
  const rows = rowsToFit(given.rows, settings)
  const short = whyTooFew(settings, rows.length)
  if (short !== null) {
    throw new UserError(
      `generator "${name}" ${short}`,
      'Name more sources in its `fitOn`, or use rules, which need none.',
    )
  }
  return fitOnRows(settings, { rows, schema: given.prepared.schema }, context)
}

/** Why a generator cannot be fitted on so many rows; null where it can. */
export function whyTooFew({ use }: GeneratorSettings, rows: number): string | null {
  const { needs } = generatorNamed(use)
  return rows < needs.rows ? `needs at least ${needs.rows} rows to be fitted on, but there are ${rows}` : null
}

/** Fits a generator. The schema gives the kinds of the columns. */
export async function fitOnRows(
  settings: GeneratorSettings,
  { rows, schema }: FitInput,
  context: Context,
): Promise<FittedGenerator> {
  const kinds = Object.fromEntries(schema.columns.map(({ name, kind }) => [name, { kind }]))
  const fitted = await generatorNamed(settings.use).fit(
    settings,
    { rows, schema: inferSchema(rows, kinds) },
    context,
  )
  const ids = rows.map(({ id }) => id)
  return {
    fitted,
    hash: hashOf({ fitted, ids }),
    rows: ids,
    share: rows.some(({ origin }) => origin.share === 'local') ? 'local' : 'anyone',
  }
}

/** Training and fit rows of the sources that a generator names; left out, the training rows. */
export function rowsToFit(
  replicate: Pick<Replicate, 'train' | 'fit'>,
  settings: GeneratorSettings,
): readonly TracedRow[] {
  const sources = settings.use === 'records' ? settings.fitOn : undefined
  if (sources === undefined) return replicate.train
  return [...replicate.train, ...replicate.fit].filter(
    ({ origin }) => origin.kind === 'real' && sources.includes(origin.source),
  )
}
