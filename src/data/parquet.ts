import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
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
  return readTable(path, toRow)
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
    { name: '_origin', values: textsOf(rows.map(row => row.origin)) },
  ]
  await writeTable(path, [...traced, ...columnsOf(rows.map(({ row }) => row))], rows.length, mode)
}

/** The rows of a file that `writeTracedRows` wrote. */
export async function readTracedRows(path: string): Promise<TracedRow[]> {
  const origins = new Map<string, Origin>()
  return readTable(path, (names, [id, group, origin, ...values]) => ({
    id: id as string,
    group: group === id ? (id as string) : (group as string),
    row: toRow(names.slice(3), values),
    origin: sharedOrigin(origins, origin as string),
  }))
}

/** Origins as JSON text. Rows of one cell share theirs, so it becomes text once. */
function textsOf(origins: readonly Origin[]): readonly string[] {
  const texts = new Map<Origin, string>()
  return origins.map(origin => {
    const text = texts.get(origin) ?? JSON.stringify(origin)
    texts.set(origin, text)
    return text
  })
}

function sharedOrigin(origins: Map<string, Origin>, text: string): Origin {
  const origin = origins.get(text) ?? (JSON.parse(text) as Origin)
  origins.set(text, origin)
  return origin
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
    { name: 'origin', values: textsOf(examples.map(example => example.origin)) },
  ]
  await writeTable(path, columns, examples.length, mode)
}

/** The examples of a file that `writeExamples` wrote. */
export async function readExamples(path: string): Promise<Example[]> {
  return readTable(path, (_, [id, group, task, messages, attributes, weight, origin]) => ({
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

/** Rows that DuckDB is given at once; more are written in parts and joined, so that it never holds them all. */
const PART = 60 * CHUNK

async function writeTable(
  path: string,
  columns: readonly TableColumn[],
  count: number,
  mode?: number,
): Promise<void> {
  const api = await import('@duckdb/node-api')
  const stored = columns.map(column => storedColumn(column.values, api))
  if (count <= PART) return writeRows(path, { columns, stored, from: 0, to: count, mode })
  await mkdir(dirname(path), { recursive: true })
  // Readable by its owner alone, as `mkdtemp` makes it.
  const folder = await mkdtemp(join(dirname(path), `.${basename(path)}.`))
  try {
    const parts: string[] = []
    for (let from = 0; from < count; from += PART) {
      const part = join(folder, `${parts.length}.parquet`)
      await writeRows(part, { columns, stored, from, to: Math.min(from + PART, count), mode: undefined })
      parts.push(part)
    }
    await joinParquet(path, parts, mode)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function writeRows(
  path: string,
  table: {
    readonly columns: readonly TableColumn[]
    readonly stored: readonly StoredColumn[]
    readonly from: number
    readonly to: number
    readonly mode: number | undefined
  },
): Promise<void> {
  const { stored, to } = table
  const api = await import('@duckdb/node-api')
  const notes: TableNotes = {
    names: table.columns.map(column => column.name),
    mixed: stored.flatMap((column, index) => (column.mixed ? [index] : [])),
  }
  // A Parquet file has at least one column, even where there are no rows to have any.
  const physical = stored.length > 0 ? physicalNames(notes.names) : ['empty']
  const types = stored.length > 0 ? stored.map(column => column.type) : [api.VARCHAR]
  await withDatabase(async connection => {
    const declared = physical.map((name, index) => `${sqlName(name)} ${types[index]!.toString()}`)
    await connection.run(`create temp table part (${declared.join(', ')})`)
    if (stored.length > 0) {
      const appender = await connection.createAppender('part')
      for (let start = table.from; start < to; start += CHUNK) {
        const end = Math.min(start + CHUNK, to)
        const chunk = api.DuckDBDataChunk.create(types, end - start)
        for (const [index, { values, store }] of stored.entries()) {
          chunk.setColumnValues(index, values.slice(start, end).map(store))
        }
        appender.appendDataChunk(chunk)
      }
      appender.closeSync()
    }
    const settings = `format parquet, ${fileSettings(notes)}`
    await replaceFile(
      path,
      temporary => connection.run(`copy part to ${sqlText(temporary)} (${settings})`),
      table.mode,
    )
    await connection.run('drop table part')
  })
}

function fileSettings(notes: TableNotes): string {
  return `use_tmp_file false, kv_metadata { ${NOTES}: ${sqlText(JSON.stringify(notes))} }`
}

interface StoredColumn {
  readonly type: DuckDBType
  readonly values: readonly Value[]
  /** A value as DuckDB takes it. */
  readonly store: (value: Value) => DuckDBValue
  readonly mixed: boolean
}

function storedColumn(values: readonly Value[], api: typeof import('@duckdb/node-api')): StoredColumn {
  const types = new Set<string>()
  let whole = true
  for (const value of values) {
    if (value === null) continue
    types.add(typeof value)
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) whole = false
  }
  const odd = [...types].find(type => type !== 'string' && type !== 'number' && type !== 'boolean')
  if (odd !== undefined) throw new TypeError(`a column holds a value of type ${odd}; rows are flat`)
  if (types.size > 1) {
    return { type: api.VARCHAR, values, store: asText, mixed: true }
  }
  if (types.has('boolean')) return { type: api.BOOLEAN, values, store: asItIs, mixed: false }
  if (!types.has('number')) return { type: api.VARCHAR, values, store: asItIs, mixed: false }
  if (!whole) return { type: api.DOUBLE, values, store: asItIs, mixed: false }
  return { type: api.BIGINT, values, store: asWhole, mixed: false }
}

function asItIs(value: Value): DuckDBValue {
  return value
}

function asText(value: Value): DuckDBValue {
  return value === null ? null : JSON.stringify(value)
}

function asWhole(value: Value): DuckDBValue {
  return value === null ? null : BigInt(value as number)
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

/** The rows of a file, each made of the columns' real names and its values as it is read. */
async function readTable<Item>(
  path: string,
  toItem: (names: readonly string[], values: readonly Value[]) => Item,
): Promise<Item[]> {
  const api = await import('@duckdb/node-api')
  const convert = plainValueConverter(api)
  return withDatabase(async connection => {
    const { names, mixed } = await readNotes(connection, path)
    const result = await connection.stream(`select * from read_parquet(${sqlPath(path)})`)
    const items: Item[] = []
    for (let chunk; (chunk = await result.fetchChunk()) !== null && chunk.rowCount > 0;) {
      for (const values of chunk.convertRows(convert) as Value[][]) {
        for (const index of mixed) {
          const text = values[index]
          if (typeof text === 'string') values[index] = JSON.parse(text) as Value
        }
        items.push(toItem(names, values))
      }
    }
    return items
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
