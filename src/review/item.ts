import type { Example } from '../data/example.ts'
import type { Row } from '../data/row.ts'

/**
 * Why an example is shown. `random`: drawn evenly, so that shares can be estimated from it. `chosen`: doubtful, or of a
 * case not yet seen. `real`: mixed in, so that a reviewer who sees no origin judges both alike.
 */
export type ItemPart = 'random' | 'chosen' | 'real'

/** One example of a review. */
export interface ReviewItem {
  /** Its name in the sheet, which tells nothing of where it comes from. */
  readonly id: string
  readonly part: ItemPart
  readonly example: Example
  /** The synthetic row it was rendered from; null for a real one. */
  readonly row: Row | null
  /**
   * How far a student of the real rows alone prefers another answer to the given one: the difference of the two
   * probabilities, from -1 (sure of the given one) to 1. Null where no student could be asked.
   */
  readonly doubt: number | null
}

/** A review: what is shown, in order. */
export interface Review {
  readonly run: string
  readonly mixture: string
  /** True where the sheet tells nothing of origin. */
  readonly blind: boolean
  readonly items: readonly ReviewItem[]
}

/** The answer that an example teaches. */
export function answerOf({ messages }: Pick<Example, 'messages'>): string {
  return messages.at(-1)!.content
}

/** The turns before the answer as one text; roles are named where there is more than one turn. */
export function questionOf({ messages }: Pick<Example, 'messages'>): string {
  const turns = messages.slice(0, -1)
  if (turns.length === 1) return turns[0]!.content
  return turns.map(({ role, content }) => `${role}: ${content}`).join('\n\n')
}

/** True where what is shown may not leave the machine. */
export function isLocal({ example }: ReviewItem): boolean {
  return example.origin.share === 'local'
}

/** The generator of an item, or `real`. */
export function generatorOf({ example: { origin } }: ReviewItem): string {
  return origin.kind === 'real' ? 'real' : origin.generator
}
