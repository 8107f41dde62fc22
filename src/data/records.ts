import { Readable } from 'node:stream'
import { csvRecords } from './csv.ts'
import { jsonlRecords } from './jsonl.ts'
import { parquetRecords } from './parquet-records.ts'
import type { SourceRecord } from './record.ts'
import { bytesOf, type OpenedFile } from './source-file.ts'
import { textBlocks } from './text-block.ts'
import { xlsxRecords } from './xlsx.ts'

/**
 * The records of a file one by one, whatever its format. A record that cannot be read is yielded as a `BadRecord` and
 * the next one follows; a fault of the whole file (compression, encoding, header) throws `UserError`.
 */
export function streamRecords(file: OpenedFile, signal?: AbortSignal): AsyncGenerator<SourceRecord> {
  switch (file.format) {
    case 'csv':
    case 'tsv':
      return csvRecords(textBlocks(bytesOf(file, signal)), { file: file.name, tabs: file.format === 'tsv' })
    case 'jsonl':
      return jsonlRecords(textBlocks(bytesOf(file, signal)))
    case 'parquet':
      return parquetRecords(file, signal)
    case 'xlsx':
      return xlsxRecords(Readable.from(bytesOf(file, signal)), file.name)
  }
}
