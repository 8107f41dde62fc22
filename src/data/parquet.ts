import type { DuckDBConnection, DuckDBType, DuckDBValue } from '@duckdb/node-api'
import { sqlName, sqlPath, sqlText, withDatabase } from './duckdb.ts'
import type { Attributes, Example, Message } from './example.ts'
import { replaceFile } from './file.ts'
import type { Origin } from './origin.ts'
import { plainValueConverter } from './parquet-value.ts'
import { type Row, type TracedRow, type Value, valueAt } from './row.ts'

interface TableColumn {
  readonly name: string
  readonly values: readonly Value[]
}

/**
 * Writes rows so that `readParquet` gives back equal ones, JavaScript types included; a column some rows lack is null in
 * them. The same rows give the same bytes. Temporary name, then renamed; `mode` as for `writeFileAtomic`.
 */
export async function writeParquet(path: string, rows: readonly Row[], mode?: number): Promise<void> {
  await writeTable(path, columnsOf(rows), rows.length, mode)
}

/** The rows of a file that `writeParquet` wrote. */
export async function readParquet(path: string): Promise<Row[]> {
  const { names, rows } = await readTable(path)
  return rows.map(values => toRow(names, values))
}

/** Writes rows with their names and lineage: the columns of the rows behind `_id`, `_group` and `_origin` (JSON text). */
export async function writeTracedRows(
  path: string,
  rows: readonly TracedRow[],
  mode?: number,
): Promise<void> {
  const traced: readonly TableColumn[] = [
    { name: '_id', values: rows.map(row => row.id) },
    { name: '_group', values: rows.map(row => row.group) },
    { name: '_origin', values: rows.map(row => JSON.stringify(row.origin)) },
  ]
  await writeTable(path, [...traced, ...columnsOf(rows.map(({ row }) => row))], rows.length, mode)
}

/** The rows of a file that `writeTracedRows` wrote. */
export async function readTracedRows(path: string): Promise<TracedRow[]> {
  const { names, rows } = await readTable(path)
  const own = names.slice(3)
  return rows.map(([id, group, origin, ...values]) => ({
    id: id as string,
    group: group as string,
    row: toRow(own, values),
    origin: JSON.parse(origin as string) as Origin,
  }))
}

/** Writes examples so that `readExamples` gives back equal ones: messages, attributes and origin are JSON text. */
export async function writeExamples(
  path: string,
  examples: readonly Example[],
  mode?: number,
): Promise<void> {
  const columns: readonly TableColumn[] = [
    { name: 'id', values: examples.map(example => example.id) },
    { name: 'group', values: examples.map(example => example.group) },
    { name: 'task', values: examples.map(example => example.task) },
    { name: 'messages', values: examples.map(example => JSON.stringify(example.messages)) },
    { name: 'attributes', values: examples.map(example => JSON.stringify(example.attributes)) },
    { name: 'weight', values: examples.map(example => example.weight) },
    { name: 'origin', values: examples.map(example => JSON.stringify(example.origin)) },
  ]
  await writeTable(path, columns, examples.length, mode)
}

/** The examples of a file that `writeExamples` wrote. */
export async function readExamples(path: string): Promise<Example[]> {
  const { rows } = await readTable(path)
  return rows.map(([id, group, task, messages, attributes, weight, origin]) => ({
    id: id as string,
    group: group as string,
    task: task as string,
    messages: JSON.parse(messages as string) as Message[],
    attributes: JSON.parse(attributes as string) as Attributes,
    weight: weight as number,
    origin: JSON.parse(origin as string) as Origin,
  }))
}

/**
 * Makes one file of files that this module wrote with the same columns, none of several types: their rows in order, in row
 * groups of `ROW_GROUP`, never more than one of them in memory. `mode` as for `writeFileAtomic`.
 */
export async function joinParquet(path: string, parts: readonly string[], mode?: number): Promise<void> {
  await withDatabase(async connection => {
    const notes = await readNotes(connection, parts[0]!)
    const list = parts.map(part => sqlPath(part)).join(', ')
    const settings = `format parquet, row_group_size ${ROW_GROUP}, ${fileSettings(notes)}`
    const rows = `select * from read_parquet([${list}], union_by_name = true)`
    await replaceFile(
      path,
      temporary => connection.run(`copy (${rows}) to ${sqlText(temporary)} (${settings})`),
      mode,
    )
  })
}

/** Rows of a row group: some ten megabytes of examples. A multiple of DuckDB's vector of 2048. */
export const ROW_GROUP = 20_480

function columnsOf(rows: readonly Row[]): readonly TableColumn[] {
  const names = new Set<string>()
  for (const row of rows) for (const name of Object.keys(row)) names.add(name)
  return [...names].map(name => ({ name, values: rows.map(row => valueAt(row, name)) }))
}

/** `Object.fromEntries`, because a column may be called `__proto__`. */
function toRow(names: readonly string[], values: readonly Value[]): Row {
  return Object.fromEntries(names.map((name, index) => [name, values[index]!]))
}

/** What the columns are really called and which hold JSON text; kept in the file's metadata. */
interface TableNotes {
  readonly names: readonly string[]
  /** Columns of several types at once, held as JSON text. */
  readonly mixed: readonly number[]
}

const NOTES = 'tilth'
const CHUNK = 2048

async function writeTable(
  path: string,
  columns: readonly TableColumn[],
  count: number,
  mode?: number,
): Promise<void> {
  const api = await import('@duckdb/node-api')
  const stored = columns.map(column => storedColumn(column.values, api))
  const notes: TableNotes = {
    names: columns.map(column => column.name),
    mixed: stored.flatMap((column, index) => (column.mixed ? [index] : [])),
  }
  // A Parquet file has at least one column, even where there are no rows to have any.
  const physical = columns.length > 0 ? physicalNames(notes.names) : ['empty']
  const types = stored.length > 0 ? stored.map(column => column.type) : [api.VARCHAR]
  await withDatabase(async connection => {
    const declared = physical.map((name, index) => `${sqlName(name)} ${types[index]!.toString()}`)
    await connection.run(`create temp table part (${declared.join(', ')})`)
    if (stored.length > 0) {
      const appender = await connection.createAppender('part')
      for (let start = 0; start < count; start += CHUNK) {
        const chunk = api.DuckDBDataChunk.create(types, Math.min(CHUNK, count - start))
        for (const [index, column] of stored.entries()) {
          chunk.setColumnValues(index, column.values.slice(start, start + CHUNK))
        }
        appender.appendDataChunk(chunk)
      }
      appender.closeSync()
    }
    const settings = `format parquet, ${fileSettings(notes)}`
    await replaceFile(
      path,
      temporary => connection.run(`copy part to ${sqlText(temporary)} (${settings})`),
      mode,
    )
    await connection.run('drop table part')
  })
}

function fileSettings(notes: TableNotes): string {
  return `use_tmp_file false, kv_metadata { ${NOTES}: ${sqlText(JSON.stringify(notes))} }`
}

interface StoredColumn {
  readonly type: DuckDBType
  readonly values: readonly DuckDBValue[]
  readonly mixed: boolean
}

function storedColumn(values: readonly Value[], api: typeof import('@duckdb/node-api')): StoredColumn {
  const present = values.filter(value => value !== null)
  const types = new Set(present.map(value => typeof value))
  const odd = [...types].find(type => type !== 'string' && type !== 'number' && type !== 'boolean')
  if (odd !== undefined) throw new TypeError(`a column holds a value of type ${odd}; rows are flat`)
  if (types.size > 1) {
    const texts = values.map(value => (value === null ? null : JSON.stringify(value)))
    return { type: api.VARCHAR, values: texts, mixed: true }
  }
  if (types.has('boolean')) return { type: api.BOOLEAN, values, mixed: false }
  if (!types.has('number')) return { type: api.VARCHAR, values, mixed: false }
  const whole = present.every(value => Number.isSafeInteger(value) && !Object.is(value, -0))
  if (!whole) return { type: api.DOUBLE, values, mixed: false }
  return {
    type: api.BIGINT,
    values: values.map(value => (value === null ? null : BigInt(value))),
    mixed: false,
  }
}

/** Names that DuckDB takes: not empty, and distinct however they are capitalised. */
function physicalNames(names: readonly string[]): readonly string[] {
  const taken = new Set<string>()
  return names.map(name => {
    let physical = name === '' ? 'column' : name
    for (let count = 2; taken.has(physical.toLowerCase()); count++) physical = `${name}_${count}`
    taken.add(physical.toLowerCase())
    return physical
  })
}

async function readTable(path: string): Promise<{ names: readonly string[]; rows: Value[][] }> {
  const api = await import('@duckdb/node-api')
  return withDatabase(async connection => {
    const notes = await readNotes(connection, path)
    const result = await connection.runAndReadAll(`select * from read_parquet(${sqlPath(path)})`)
    const columns = result.convertColumns(plainValueConverter(api)) as Value[][]
    for (const index of notes.mixed) {
      columns[index] = columns[index]!.map(text =>
        text === null ? null : (JSON.parse(text as string) as Value),
      )
    }
    const rows = Array.from({ length: result.currentRowCount }, (_, row) =>
      columns.map(column => column[row]!),
    )
    return { names: notes.names, rows }
  })
}

async function readNotes(connection: DuckDBConnection, path: string): Promise<TableNotes> {
  const found = await connection.runAndReadAll(
    `select decode(value) from parquet_kv_metadata(${sqlPath(path)}) where decode(key) = ${sqlText(NOTES)}`,
  )
  const text = found.getRowsJson()[0]?.[0]
  if (typeof text !== 'string') throw new Error(`${path} was not written by writeParquet`)
  return JSON.parse(text) as TableNotes
}
