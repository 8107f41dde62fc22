import writeExcelFile, { type Cell } from 'write-excel-file/node'
import { sheetColumns, type SheetTable } from './sheet.ts'

/** Widths in characters; other columns are narrow. */
const widths: Readonly<Record<string, number>> = {
  asked: 70,
  answer: 30,
  [sheetColumns.text]: 30,
  [sheetColumns.reason]: 30,
  case: 30,
  [sheetColumns.id]: 18,
}

/** The sheet as an Excel workbook: every cell is text, the header stays in sight, and the columns to fill in stand out. */
export async function formatSheetXlsx({ header, rows }: SheetTable): Promise<Uint8Array> {
  const filled: ReadonlySet<string> = new Set([sheetColumns.decision, sheetColumns.text, sheetColumns.reason])
  const cell = (text: string, column: number): Cell => ({
    // Control characters are no text in XML.
    value: text.replaceAll(/[\p{Cc}\uFFFE\uFFFF]/gu, found => (/[\t\n\r]/.test(found) ? found : '\uFFFD')),
    type: String,
    wrap: true,
    alignVertical: 'top',
    ...(filled.has(header[column]!) ? { backgroundColor: '#FFF8DC' } : {}),
  })
  const head = header.map((text, column) => ({
    ...(cell(text, column) as object),
    fontWeight: 'bold' as const,
  }))
  const sheet = writeExcelFile([head, ...rows.map(row => row.map(cell))], {
    sheet: 'review',
    columns: header.map(name => ({ width: widths[name] ?? 14 })),
    stickyRowsCount: 1,
  })
  return sheet.toBuffer()
}
