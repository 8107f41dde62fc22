import type { Row } from '../data/row.ts'
import { words } from '../stats/ngrams.ts'

/** Words from which a value is free text: below, one word more or less changes half of the trigrams. */
const fewestWords = 8

export type FreeTextTest = (column: string, value: Row[string] | undefined) => value is string

/** A column is free text where at least half of its kept values are long; an unknown column by the value at hand. */
export function createFreeTextTest(kept: readonly Row[]): FreeTextTest {
  const counts = new Map<string, { texts: number; long: number }>()
  for (const row of kept) {
    for (const [column, value] of Object.entries(row)) {
      if (value === null) continue
      const count = counts.get(column) ?? { texts: 0, long: 0 }
      counts.set(column, { texts: count.texts + 1, long: count.long + (isLong(value) ? 1 : 0) })
    }
  }
  return (column, value): value is string => {
    if (typeof value !== 'string') return false
    const count = counts.get(column)
    return count === undefined ? isLong(value) : count.long * 2 >= count.texts
  }
}

function isLong(value: Row[string]): boolean {
  return typeof value === 'string' && words(value).length >= fewestWords
}

/** The free texts of a row, joined; undefined where it has none. */
export function freeTextOf(row: Row, isFreeText: FreeTextTest): string | undefined {
  const texts = Object.entries(row).filter(([column, value]) => isFreeText(column, value))
  return texts.length === 0 ? undefined : texts.map(([, value]) => value).join(' ')
}
