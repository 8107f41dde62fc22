import type { Context } from '../../context.ts'
import { hashOf } from '../../data/hash.ts'
import { inferSchema } from '../../data/schema.ts'
import type { TracedRow } from '../../data/row.ts'
import { UserError } from '../../error.ts'
import type { Project } from '../../project/schema.ts'
import type { Maker } from './maker.ts'
import type { Prepared } from './prepare.ts'
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
  const generator = generatorNamed(settings.use)
  const rows = rowsToFit(settings, given.rows)
  if (rows.length < generator.needs.rows) {
    throw new UserError(
      `generator "${name}" needs at least ${generator.needs.rows} rows to be fitted on, but there are ${rows.length}`,
      'Name more sources in its `fitOn`, or use rules, which need none.',
    )
  }
  const kinds = Object.fromEntries(
    given.prepared.schema.columns.map(column => [column.name, { kind: column.kind }]),
  )
  const fitted = await generator.fit(settings, { rows, schema: inferSchema(rows, kinds) }, context)
  const ids = rows.map(({ id }) => id)
  return {
    fitted,
    hash: hashOf({ fitted, ids }),
    rows: ids,
    share: rows.some(({ origin }) => origin.share === 'local') ? 'local' : 'anyone',
  }
}

/** Training and fit rows of the sources that a generator is fitted on; the training rows where it names none. */
function rowsToFit(
  settings: Project['generators'][string],
  { train, fit }: Pick<Replicate, 'train' | 'fit'>,
): readonly TracedRow[] {
  const sources = settings.use === 'records' ? settings.fitOn : undefined
  if (sources === undefined) return train
  return [...train, ...fit].filter(({ origin }) => origin.kind === 'real' && sources.includes(origin.source))
}
