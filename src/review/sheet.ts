import { generatorOf, answerOf, questionOf, type Review, type ReviewItem } from './item.ts'

/** A sheet as rows of text. The column `id` is last, so that no spreadsheet leaves out empty fields at a line's end. */
export interface SheetTable {
  readonly header: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** The columns that a reviewer fills in, and the one that says which example a row is about. */
export const sheetColumns = {
  decision: 'decision',
  text: 'better answer',
  reason: 'reason',
  id: 'id',
} as const

/** Longest text that a cell of a spreadsheet holds. */
const longestCell = 32_000

/** What a reviewer sees and fills in. A blind sheet has no columns that tell of origin. */
export function sheetTable({ items, blind }: Review): SheetTable {
  const { decision, text, reason, id } = sheetColumns
  const origin = blind ? [] : ['made by', 'case']
  return {
    header: ['asked', 'answer', decision, text, reason, 'task', ...origin, id],
    rows: items.map(item => [
      cut(questionOf(item.example)),
      cut(answerOf(item.example)),
      '',
      '',
      '',
      item.example.task,
      ...(blind ? [] : [generatorOf(item), caseText(item)]),
      item.id,
    ]),
  }
}

/** `soil = loam, yield = good`: what an example covers. */
export function caseText({ example: { attributes } }: ReviewItem): string {
  return Object.entries(attributes)
    .map(([name, value]) => `${name} = ${value === null ? 'missing' : String(value)}`)
    .join(', ')
}

/**
 * The sheet as CSV (RFC 4180) with a byte-order mark, by which spreadsheets know that it is UTF-8. A cell that a
 * spreadsheet would take for a formula begins with an apostrophe.
 */
export function formatSheetCsv({ header, rows }: SheetTable): string {
  return `\uFEFF${[header, ...rows].map(csvLine).join('')}`
}

function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`
}

function csvCell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) && !/^[-+]?[\d.,]+$/.test(text) ? `'${text}` : text
  return /[",;\r\n\t]|^\s|\s$/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}

function cut(text: string): string {
  return text.length <= longestCell
    ? text
    : `${text.slice(0, longestCell)} … (${text.length - longestCell} more characters)`
}
