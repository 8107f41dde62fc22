import { nearestWord } from '../did-you-mean.ts'
import { UserError } from '../error.ts'
import type { Share, Use } from './origin.ts'
import { type BadRecord, type GoodRecord, placeOf, type SourceFormat } from './record.ts'
import { streamRecords } from './records.ts'
import { type Row, type TracedRow, type Value, valueAt } from './row.ts'
import { createRowSample, type SampleLimits } from './sample.ts'
import { openSourceFile } from './source-file.ts'

/** A source of the project with its path made absolute. */
export interface SourceFile {
  readonly name: string
  readonly path: string
  /** Left out, it follows from the file's name. Compression is seen by the content. */
  readonly format?: SourceFormat | undefined
  readonly use: Use
  readonly share: Share
  /** Only records whose columns have these values; `null` asks for a missing one. */
  readonly where?: Readonly<Record<string, Value>> | undefined
  /** Column that holds what must not be parted. */
  readonly group?: string | undefined
  /** Columns that nobody sees; `where` selects and `group` groups before they are dropped. */
  readonly drop: readonly string[]
}

export interface SourceRows {
  /** Name of the source. */
  readonly source: string
  /** Name of the file, without its folder. */
  readonly file: string
  readonly format: SourceFormat
  /**
   * All with the same columns in the same order. Values are as they stand in the file (`conformRows` gives them types).
   * `id` is `<source>:<record number>`; `group` the group column's value, or the id.
   */
  readonly rows: readonly TracedRow[]
  /** How many rows there are; more than are given only where `sample` limits these. */
  readonly total: number
  /** Records of the file, whether they match and can be read or not. */
  readonly records: number
  /** Records that were passed over, the first `mostSkipped` of them; empty unless `skipBad`. */
  readonly skipped: readonly BadRecord[]
  /** How many records were passed over. */
  readonly skippedTotal: number
}

export interface ReadOptions {
  readonly signal?: AbortSignal
  /** Reads on at a bad record, which is then among the `skipped`. */
  readonly skipBad?: boolean
  /** Bad records given at most; left out, all. */
  readonly mostSkipped?: number
  /** Reads the whole file, but holds on to an even sample of its rows where all of them pass these limits. */
  readonly sample?: SampleLimits
}

/**
 * Reads a source: CSV, TSV, JSON Lines, Parquet or XLSX, each also compressed with gzip. Text is streamed, so that a
 * file is never in memory besides its rows. Throws `UserError` with file, line and column at the first bad record,
 * or where `skipBad` asks for it, reads on and returns them.
 */
export async function readSource(source: SourceFile, options: ReadOptions = {}): Promise<SourceRows> {
  const file = await openSourceFile(source.path, source.format)
  const columns = new Set<string>()
  const sample = createRowSample(options.sample ?? { rows: Infinity, characters: Infinity })
  const skipped: BadRecord[] = []
  let [total, skippedTotal, records] = [0, 0, 0]
  for await (const record of streamRecords(file, options.signal)) {
    records++
    if ('problem' in record) {
      if (!options.skipBad)
        throw new UserError(
          `${placeOf(file.name, record)}: ${record.problem}`,
          `${record.next} Or set such records aside with --skip-bad-rows.`,
        )
      skippedTotal++
      if (skipped.length < (options.mostSkipped ?? Infinity)) skipped.push(record)
      continue
    }
    // Rows are plain objects: `for in` sees their own members, and makes no list of them for each.
    for (const column in record.row) columns.add(column)
    if (!matches(record.row, source.where)) continue
    total++
    sample.offer(() => traced(record, source))
  }
  if (columns.size === 0) throw noRecords(file.name, skipped)
  checkColumns(source, { file: file.name, columns, skipped })
  if (total === 0) throw nothingMatches(source, file.name)
  const rows = sample.rows()
  const kept = [...columns].filter(column => !source.drop.includes(column))
  return {
    source: source.name,
    file: file.name,
    format: file.format,
    rows: file.format === 'jsonl' ? rows.map(row => ({ ...row, row: withColumns(row.row, kept) })) : rows,
    total,
    records,
    skipped,
    skippedTotal,
  }
}

function traced(record: GoodRecord, source: SourceFile): TracedRow {
  const id = `${source.name}:${record.number}`
  const group = source.group === undefined ? null : valueAt(record.row, source.group)
  return {
    id,
    group: group === null || group === '' ? id : String(group),
    row: withoutColumns(record.row, source.drop),
    origin: {
      kind: 'real',
      source: source.name,
      number: record.number,
      use: source.use,
      share: source.share,
    },
  }
}

function withoutColumns(row: Row, drop: readonly string[]): Row {
  return drop.length === 0
    ? row
    : Object.fromEntries(Object.entries(row).filter(([column]) => !drop.includes(column)))
}

function withColumns(row: Row, columns: readonly string[]): Row {
  return Object.fromEntries(columns.map(column => [column, valueAt(row, column)]))
}

function matches(row: Row, where: SourceFile['where']): boolean {
  if (where === undefined) return true
  return Object.entries(where).every(([column, wanted]) => equals(valueAt(row, column), wanted))
}

/** Whether a value as it stands in the file is the wanted one, which the project file gives with its type. */
function equals(found: Value, wanted: Value): boolean {
  if (wanted === null || found === null || found === '') return (found === '' ? null : found) === wanted
  if (typeof wanted === 'number') return String(found).trim() !== '' && Number(found) === wanted
  if (typeof wanted === 'boolean') return String(found).toLowerCase() === String(wanted)
  return String(found) === wanted
}

function checkColumns(
  source: SourceFile,
  { file, columns, skipped }: { file: string; columns: ReadonlySet<string>; skipped: readonly BadRecord[] },
): void {
  const asked = [
    ...source.drop.map(column => ({ column, by: 'drop' })),
    ...Object.keys(source.where ?? {}).map(column => ({ column, by: 'where' })),
    ...(source.group === undefined ? [] : [{ column: source.group, by: 'group' }]),
  ]
  for (const { column, by } of asked) {
    if (!columns.has(column)) {
      const meant = nearestWord(column, [...columns])
      throw new UserError(
        `Source ${source.name}: ${file} has no column ${JSON.stringify(column)}, which ${by} names${alsoBad(file, skipped)}`,
        meant === undefined
          ? `Its columns are ${[...columns].join(', ')}.`
          : `Did you mean ${JSON.stringify(meant)}?`,
      )
    }
  }
}

/** Where a file is not what it is taken for, its bad records say more than its columns. */
function alsoBad(file: string, skipped: readonly BadRecord[]): string {
  const first = skipped[0]
  if (first === undefined) return ''
  return `, and not all of its records can be read: ${placeOf(file, first)}: ${first.problem}. ${first.next}`
}

function noRecords(file: string, skipped: readonly BadRecord[]): UserError {
  const first = skipped[0]
  if (first === undefined)
    return new UserError(`${file} has a header at most, but no records`, 'Give a file with records.')
  return new UserError(
    `${file} has no record that can be read; the first fault is at ${placeOf(file, first)}: ${first.problem}`,
    first.next,
  )
}

function nothingMatches(source: SourceFile, file: string): UserError {
  const wanted = Object.entries(source.where ?? {}).map(
    ([column, value]) => `${column} = ${JSON.stringify(value)}`,
  )
  return new UserError(
    `Source ${source.name}: no record of ${file} has ${wanted.join(' and ')}`,
    'Correct where; text is compared exactly, with its capitals and spaces.',
  )
}
