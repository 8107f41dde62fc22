import type { Readable } from 'node:stream'
import { UserError } from '../error.ts'
import { columnNames } from './csv.ts'
import type { SourceRecord } from './record.ts'
import type { Value } from './row.ts'

/**
 * The records of the first sheet of an Excel file, under the names of its first row that is not empty. Dates become
 * ISO 8601 text. Throws `UserError` on a file that is not a workbook. A workbook is held in memory, as its format asks.
 */
export async function* xlsxRecords(stream: Readable, file: string): AsyncGenerator<SourceRecord> {
  const { readSheet } = await import('read-excel-file/node')
  const cells = await readSheet(stream).catch((error: unknown) => {
    throw new UserError(
      `${file} cannot be read as an Excel workbook`,
      'Save it as .xlsx or as CSV (UTF-8) again.',
      {
        cause: error,
      },
    )
  })
  const start = cells.findIndex(row => row.some(isFilled))
  if (start === -1) return
  const header = columnNames(
    cells[start]!.map(cell => (cell === null ? '' : String(cell))),
    `${file}:${start + 1}`,
  )
  let number = 0
  for (const [index, row] of cells.entries()) {
    if (index <= start || !row.some(isFilled)) continue
    const entries = header.map((name, column): [string, Value] => [name, toValue(row[column])])
    yield { number: ++number, line: index + 1, row: Object.fromEntries(entries) }
  }
}

function isFilled(cell: unknown): boolean {
  return cell !== null && cell !== undefined && cell !== ''
}

function toValue(cell: unknown): Value {
  if (!isFilled(cell)) return null
  if (cell instanceof Date)
    return cell
      .toISOString()
      .replace(/T00:00:00\.000Z$/, '')
      .replace(/\.000Z$/, '')
  return typeof cell === 'number' || typeof cell === 'boolean' ? cell : String(cell)
}
