import type { Attributes } from './example.ts'

/** `local` data, and what was fitted on them, stay under .tilth/private and never leave the machine. */
export type Share = 'anyone' | 'local'

/** `train`: enters training sets. `fit`: only fits synthesizers. `test`: is sealed. */
export type Use = 'train' | 'fit' | 'test'

export interface RealOrigin {
  readonly kind: 'real'
  readonly source: string
  /** 1-based record number in the source. */
  readonly number: number
  readonly use: Use
  readonly share: Share
}

export interface SyntheticOrigin {
  readonly kind: 'synthetic'
  readonly generator: string
  readonly seed: number
  /** The cell it was asked for. */
  readonly cell: Attributes
  /** Hash of the fitted model it came from; that model's artifact lists the ids of the rows it saw. */
  readonly fitted: string | null
  /** Ids of single rows it was made from (seeds, templates), where there are such. */
  readonly parents: readonly string[]
  /** `local` where anything it descends from is. It may still be trained on; the report names the missing guarantee. */
  readonly share: Share
}

/** The whole lineage of a row or an example. */
export type Origin = RealOrigin | SyntheticOrigin
