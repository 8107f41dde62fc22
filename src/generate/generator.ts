import type { z } from 'zod'
import type { Context } from '../context.ts'
import type { Attributes } from '../data/example.ts'
import type { Row, TracedRow } from '../data/row.ts'
import type { Schema } from '../data/schema.ts'

/** What a generator is fitted on: rows it may see, and nothing held out from them. */
export interface FitInput {
  readonly rows: readonly TracedRow[]
  readonly schema: Schema
}

/** What a generator needs before it can work: the advice and the plan read it. */
export interface GeneratorNeeds {
  /** Fewest rows it can be fitted on; 0 where it is not fitted. */
  readonly rows: number
}

/**
 * A way to make rows. `Fitted` is plain data that can be saved as JSON.
 * Rows come back without lineage: the caller knows seed, cell and fitted model, and adds it.
 */
export interface Generator<Options, Fitted> {
  readonly name: string
  readonly options: z.ZodType<Options>
  readonly needs: GeneratorNeeds
  /** True, or the reason in plain words why it cannot make rows of this cell. */
  supports(options: Options, fitted: Fitted, cell: Attributes): true | string
  /** Predicted seconds on one core to fit on `rows` rows and make `count`. */
  estimate(options: Options, size: { rows: number; columns: number; count: number }): number
  fit(options: Options, input: FitInput, context: Context): Promise<Fitted>
  /** Makes about `count` rows whose columns agree with the cell's attributes; fewer where it finds no more. */
  make(
    options: Options,
    fitted: Fitted,
    request: { cell: Attributes; count: number },
    context: Context,
  ): Promise<readonly Row[]>
}

/** Identity, for type inference. */
export function defineGenerator<Options, Fitted>(
  generator: Generator<Options, Fitted>,
): Generator<Options, Fitted> {
  return generator
}
