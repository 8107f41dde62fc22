import type { z } from 'zod'
import type { Context } from '../context.ts'
import type { Attributes } from '../data/example.ts'
import type { Row, TracedRow } from '../data/row.ts'
import type { Column, Schema } from '../data/schema.ts'

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

/** What the rows of a generator can bring: what the advice asks for. */
export type GapFilling =
  /** Rows with the values that a cell asks for. */
  | 'cells'
  /** Further rows of the kind that there is. */
  | 'more'
  /** Values that no real row has. */
  | 'values'
  /** Sentences that no real row has. */
  | 'wording'

/** What a generator can do and costs, as plain data: the advice chooses by it. */
export interface GeneratorAbilities {
  /** What it is, in a few words after its name. */
  readonly is: string
  readonly fills: readonly GapFilling[]
  /** `fitted`: its rows are like those it was fitted on. `beyond`: it can make what none of them shows. */
  readonly reach: 'fitted' | 'beyond'
  /** US dollars a candidate; 0 for what runs on this machine. */
  readonly dollars: number
  /** The privacy guarantee that its rows carry. */
  readonly guarantee: 'none'
}

/** What a generator for a project that lacks it can be proposed from. */
export interface ProposedFrom {
  /** Columns that are read, not those derived. */
  readonly columns: readonly Column[]
  /** Those of them that are answers of label tasks. */
  readonly labels: readonly string[]
}

/**
 * A way to make rows. `Fitted` is plain data that can be saved as JSON.
 * Rows come back without lineage: the caller knows seed, cell and fitted model, and adds it.
 */
export interface Generator<Options, Fitted> {
  readonly name: string
  readonly options: z.ZodType<Options>
  readonly needs: GeneratorNeeds
  readonly can: GeneratorAbilities
  /** True, or the reason in plain words why it cannot make rows of this cell. */
  supports(options: Options, fitted: Fitted, cell: Attributes): true | string
  /** Predicted seconds on one core to fit on `rows` rows and make `count`. */
  estimate(options: Options, size: { rows: number; columns: number; count: number }): number
  /** Options to begin with for a table like this, or the reason in plain words why it has no use here. Left out, it is never proposed. */
  propose?(table: ProposedFrom): Readonly<Record<string, unknown>> | string
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
