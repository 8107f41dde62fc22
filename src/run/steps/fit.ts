import { hashOf } from '../../data/hash.ts'
import { inferSchema } from '../../data/schema.ts'
import type { TracedRow } from '../../data/row.ts'
import { UserError } from '../../error.ts'
import type { Maker } from './maker.ts'
import { generatorNamed } from '../registry.ts'
import type { Replicate } from '../replicate.ts'

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
export const makeFit: Maker<FittedGenerator> = async ({ step, project, prepared, replicate, context }) => {
  const settings = project.generators[step.subject!]!
  const generator = generatorNamed(settings.use)
  const sources = settings.use === 'records' ? settings.fitOn : undefined
  const rows = rowsToFit(replicate!, sources)
  if (rows.length < generator.needs.rows) {
    throw new UserError(
      `generator "${step.subject}" needs at least ${generator.needs.rows} rows to be fitted on, but there are ${rows.length}`,
      'Name more sources in its `fitOn`, or use rules, which need none.',
    )
  }
  const kinds = Object.fromEntries(prepared.schema.columns.map(({ name, kind }) => [name, { kind }]))
  const fitted = await generator.fit(settings, { rows, schema: inferSchema(rows, kinds) }, context)
  const ids = rows.map(({ id }) => id)
  return {
    fitted,
    hash: hashOf({ fitted, ids }),
    rows: ids,
    share: rows.some(({ origin }) => origin.share === 'local') ? 'local' : 'anyone',
  }
}

/** Training and fit rows of the named sources; left out, the training rows. */
function rowsToFit(replicate: Replicate, sources: readonly string[] | undefined): readonly TracedRow[] {
  if (sources === undefined) return replicate.train
  return [...replicate.train, ...replicate.fit].filter(
    ({ origin }) => origin.kind === 'real' && sources.includes(origin.source),
  )
}
