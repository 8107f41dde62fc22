import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'

let instance: Promise<DuckDBInstance> | undefined

/** Runs `work` on a connection of its own to one in-memory database, which is opened when first needed. */
export async function withDatabase<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  const connection = await connectDatabase()
  try {
    return await work(connection)
  } finally {
    connection.closeSync()
  }
}

/** A connection to that database; whoever asks for it closes it. */
export async function connectDatabase(): Promise<DuckDBConnection> {
  instance ??= openDatabase()
  return (await instance).connect()
}

async function openDatabase(): Promise<DuckDBInstance> {
  // Loaded late: it takes a tenth of a second, and not every command needs it.
  const { DuckDBInstance } = await import('@duckdb/node-api')
  // One thread, so that the same rows always give the same bytes.
  return DuckDBInstance.create(':memory:', { threads: '1', autoinstall_known_extensions: 'false' })
}

/** Text as an SQL literal. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** A name as an SQL identifier. */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** A path as an SQL literal for `read_parquet`, which would take `*`, `?` and `[` for patterns. */
export function sqlPath(path: string): string {
  return sqlText(path.replace(/[*?[]/g, '[$&]'))
}
