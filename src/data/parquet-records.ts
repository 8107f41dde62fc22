import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { UserError } from '../error.ts'
import { connectDatabase, sqlPath } from './duckdb.ts'
import { jsonRow } from './json-record.ts'
import { plainValueConverter } from './parquet-value.ts'
import type { SourceRecord } from './record.ts'
import { bytesOf, type OpenedFile } from './source-file.ts'

/** The records of a Parquet file, shaped as those of JSON are. Throws `UserError` where DuckDB cannot read it. */
export async function* parquetRecords(file: OpenedFile, signal?: AbortSignal): AsyncGenerator<SourceRecord> {
  if (!file.gzip) return yield* recordsOf(file.path, file.name, signal)
  // Parquet is read from its end, so it has to be whole on the disk; the folder is its owner's alone.
  const folder = await mkdtemp(join(tmpdir(), 'tilth-'))
  try {
    const path = join(folder, 'whole.parquet')
    await pipeline(bytesOf(file, signal), createWriteStream(path, { mode: 0o600 }))
    yield* recordsOf(path, file.name, signal)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function* recordsOf(path: string, name: string, signal?: AbortSignal): AsyncGenerator<SourceRecord> {
  const api = await import('@duckdb/node-api')
  const convert = plainValueConverter(api)
  const connection = await connectDatabase()
  try {
    const result = await connection.stream(`select * from read_parquet(${sqlPath(path)})`)
    const names = result.columnNames()
    let number = 0
    for (let chunk; (chunk = await result.fetchChunk()) !== null && chunk.rowCount > 0;) {
      signal?.throwIfAborted()
      for (const values of chunk.convertRows(convert)) {
        number++
        const row = jsonRow(Object.fromEntries(names.map((column, index) => [column, values[index]])))
        yield typeof row === 'string'
          ? { number, problem: row, next: 'Correct that record.' }
          : { number, row }
      }
    }
  } catch (error) {
    throw parquetProblem(name, error) ?? error
  } finally {
    connection.closeSync()
  }
}

function parquetProblem(name: string, error: unknown): UserError | undefined {
  if (!(error instanceof Error) || !/Error: /.test(error.message)) return undefined
  const reason = error.message.split('\n')[0]!.replaceAll(/'[^']*'|"[^"]*"/g, 'it')
  return new UserError(`${name} cannot be read as Parquet: ${reason}`, 'Download it or write it again.', {
    cause: error,
  })
}
