import type { Example } from '../data/example.ts'

/** Where the examples of an export come from. */
export interface Lineage {
  readonly project: string
  readonly run: string
  readonly arm: string
  readonly mixture: string | null
  readonly real: number
  readonly synthetic: number
  /** Different examples: fewer than there are where an arm repeats them. */
  readonly distinct: number
  /** Sources of real examples and generators of synthetic ones. */
  readonly parts: readonly {
    readonly name: string
    readonly kind: 'source' | 'generator'
    readonly examples: number
  }[]
  /** True where an example, to train on or to evaluate on, descends from rows that may not leave the machine. */
  readonly local: boolean
}

/** Sums the origins of examples up. */
export function lineageOf(
  of: Pick<Lineage, 'project' | 'run' | 'arm' | 'mixture'>,
  train: readonly Example[],
  evaluation: readonly Example[],
): Lineage {
  const parts = new Map<string, Lineage['parts'][number]>()
  let real = 0
  for (const { origin } of train) {
    const [kind, name] =
      origin.kind === 'real'
        ? (['source', origin.source] as const)
        : (['generator', origin.generator] as const)
    if (origin.kind === 'real') real++
    const key = `${kind}/${name}`
    parts.set(key, { name, kind, examples: (parts.get(key)?.examples ?? 0) + 1 })
  }
  return {
    ...of,
    real,
    synthetic: train.length - real,
    distinct: new Set(train.map(({ id }) => id)).size,
    parts: [...parts.values()],
    local: [...train, ...evaluation].some(({ origin }) => origin.share === 'local'),
  }
}
