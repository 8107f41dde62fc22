import type { Attributes } from '../data/example.ts'

/** What a generator's rows can bring; the generators say it of themselves. */
export type Filling = 'cells' | 'more' | 'values' | 'wording'

/** A generator of the project: what it declares, and what came of trying it. */
export interface Trial {
  readonly name: string
  readonly use: string
  /** What it is, in a few words. */
  readonly is: string
  readonly fills: readonly Filling[]
  readonly reach: 'fitted' | 'beyond'
  /** US dollars a candidate. */
  readonly dollars: number
  /** Whether the mixture takes its rows. */
  readonly mixed: boolean
  /** Predicted seconds on one core: to fit it, and for each candidate. */
  readonly fitSeconds: number
  readonly rowSeconds: number
  /** Why it cannot be fitted; null where it can, or nobody tried. */
  readonly unfit: string | null
  /** Empty where nothing was tried. */
  readonly cells: readonly TriedCell[]
  /** Of its accepted rows, those with a value or an opening in a column that no real row has. */
  readonly brings: readonly { readonly column: string; readonly rows: number; readonly fresh: number }[]
}

/** Candidates of one cell that passed through validation. */
export interface TriedCell {
  readonly cell: Attributes
  /** Why it makes none, in plain words; null where it does. */
  readonly why: string | null
  readonly tried: number
  readonly accepted: number
  readonly reasons: Readonly<Record<string, number>>
}
