import type { Row } from './row.ts'

/** What a row says: its non-null values as text, joined by spaces in column order. For judging near-duplicates. */
export function contentOf(row: Row): string {
  return Object.values(row)
    .filter(value => value !== null)
    .join(' ')
}
