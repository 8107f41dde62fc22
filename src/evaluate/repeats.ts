import type { Outcome } from './outcome.ts'

/** Outcomes of cross-validation, put together again. */
export interface Repeats {
  /** One outcome a repeat, with the answers of all its folds; `replicate` counts the repeats. */
  readonly pooled: readonly Outcome[]
  /** For each repeat, the fold of each group of items. */
  readonly foldOf: readonly ReadonlyMap<string, number>[]
  readonly folds: number
}

/**
 * Pools the folds of each repeat, so that macro-F1 is that of all items: the mean of small folds' F1 is biased (Forman
 * and Scholz 2010). Outcomes that each answer all items are repeats of one fold. Throws where the outcomes, in order
 * of their replicates, are not whole repeats that answer every item once.
 */
export function poolRepeats(outcomes: readonly Outcome[]): Repeats {
  const ordered = outcomes.toSorted((a, b) => a.replicate - b.replicate)
  const answers = ordered.reduce((sum, outcome) => sum + outcome.answers.length, 0)
  const items = new Set(ordered.flatMap(outcome => outcome.answers.map(({ id }) => id)))
  const repeats = answers / items.size
  const folds = ordered.length / repeats
  if (!Number.isInteger(repeats) || !Number.isInteger(folds)) {
    const { task, arm } = ordered[0] ?? { task: '', arm: '' }
    throw new Error(
      `evaluate: ${task}: the folds of arm "${arm}" are not whole repeats: ${answers} answers to ${items.size} items`,
    )
  }
  const parts = Array.from({ length: repeats }, (_, repeat) =>
    ordered.slice(repeat * folds, (repeat + 1) * folds),
  )
  return {
    pooled: parts.map((part, repeat) => ({
      ...part[0]!,
      replicate: repeat,
      answers: part.flatMap(outcome => outcome.answers),
    })),
    foldOf: parts.map(
      part =>
        new Map(part.flatMap((outcome, fold) => outcome.answers.map(({ group }) => [group, fold] as const))),
    ),
    folds,
  }
}
