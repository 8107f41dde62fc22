import { z } from 'zod'

const count = z.int().min(0)
const value = z.union([z.string(), z.number(), z.boolean(), z.null()])
const cell = z.record(z.string(), value)
const share = z.number().min(0).max(1)

/** What one generator could do for a gap. */
const candidate = z.strictObject({
  generator: z.string(),
  use: z.string(),
  able: z.boolean(),
  advised: z.boolean(),
  why: z.string(),
  /** Expected accepted candidates for each one tried; where `measured` is null, nothing was tried and it is a guess. */
  yield: share,
  measured: z.strictObject({ tried: count, accepted: count }).nullable(),
})

const gap = z.strictObject({
  rank: z.int().min(1),
  kind: z.enum([
    'cell',
    'slice',
    'combination',
    'values',
    'wording',
    'more',
    'label',
    'noise',
    'conflict',
    'repeated',
  ]),
  what: z.string(),
  /** `make` where a generator of the mixture can; `collect` real examples, or `mend` the rows that are there. */
  action: z.enum(['make', 'collect', 'mend']),
  /** Rows to make, to collect or to mend. */
  count,
  /** Rows of its cell that all requests together should bring, asked for or by the way; null where it is no cell. */
  planned: count.nullable(),
  do: z.string(),
  why: z.string(),
  /** Estimated share of new cases that are answered wrong for it: what gaps of all kinds are ranked by. */
  priority: share,
  cell: cell.nullable(),
  /** Names of the rows to mend; those that may not leave the machine are left out. */
  rows: z.array(z.string()),
  candidates: z.array(candidate),
})

/** One request: what is edited and passed back. Only `use`, `generator`, `cell` and `count` are read again. */
const request = z.strictObject({
  use: z.boolean(),
  generator: z.string(),
  cell,
  /** Rows to be accepted. */
  count,
  /** As in the candidates of the gap; null where the request was written by hand. */
  yield: share.nullable().default(null),
  seconds: z.number().min(0).nullable().default(null),
  dollars: z.number().min(0).nullable().default(null),
  why: z.string().default(''),
})

/** A kind of generator that the project does not have. */
const proposal = z.strictObject({
  use: z.string(),
  name: z.string(),
  /** Ranks of the gaps that it may fill. */
  gaps: z.array(z.int().min(1)),
  why: z.string(),
  /** Settings to begin with, for `generators.<name>`; null where it has no use here, or not yet: `why` says so. */
  settings: z.record(z.string(), z.unknown()).nullable(),
})

/** What `tilth advise --json` prints and `tilth run --advice` takes. */
export const adviceSchema = z.strictObject({
  version: z.literal(1),
  project: z.string(),
  /** Hash of the data that it was made for. */
  data: z.string(),
  /** Real training rows, and the mixture that the requests fill; null where the project has none. */
  rows: count,
  mixture: z.string().nullable(),
  gaps: z.array(gap).default([]),
  make: z.array(request),
  /** What the mixture would have of cells that no generator of it can make. */
  unmade: z.array(z.strictObject({ cell, count })).default([]),
  add: z.array(proposal).default([]),
})

type Frozen<T> = T extends object ? { readonly [Key in keyof T]: Frozen<T[Key]> } : T

export type Advice = Frozen<z.output<typeof adviceSchema>>
export type AdvisedGap = Advice['gaps'][number]
export type AdvisedCandidate = AdvisedGap['candidates'][number]
export type AdvisedRequest = Advice['make'][number]
export type ProposedGenerator = Advice['add'][number]
