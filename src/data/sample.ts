import { createRandom } from './random.ts'
import type { Row, TracedRow } from './row.ts'

/** How many rows may be held at most, and how many characters of their texts. */
export interface SampleLimits {
  readonly rows: number
  readonly characters: number
}

export interface RowSample {
  /** Asks for the row only where it is held for now. */
  offer(makeRow: () => TracedRow): void
  /** The rows held, in the order they were offered. */
  rows(): readonly TracedRow[]
}

/**
 * Holds all rows while they keep within the limits, and from then on an even sample of them: each row draws a number, and as
 * often as a limit is passed, those with the upper half of the numbers that are left are let go.
 */
export function createRowSample(limits: SampleLimits): RowSample {
  const random = createRandom(1, 'sample')
  let held: { readonly row: TracedRow; readonly draw: number; readonly characters: number }[] = []
  let characters = 0
  let share = 1
  return {
    offer(makeRow) {
      const draw = random.next()
      if (draw >= share) return
      const row = makeRow()
      const own = charactersOf(row.row)
      held.push({ row, draw, characters: own })
      characters += own
      while (held.length > 1 && (held.length > limits.rows || characters > limits.characters)) {
        share /= 2
        held = held.filter(each => each.draw < share)
        characters = held.reduce((sum, each) => sum + each.characters, 0)
      }
    },
    rows: () => held.map(({ row }) => row),
  }
}

function charactersOf(row: Row): number {
  let count = 0
  for (const value of Object.values(row)) count += typeof value === 'string' ? value.length : 8
  return count
}
