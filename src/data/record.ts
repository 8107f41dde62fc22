import type { Row } from './row.ts'

export type SourceFormat = 'csv' | 'tsv' | 'jsonl' | 'parquet' | 'xlsx'

/** A record as it stands in its file: CSV values are text, an empty one is `null`. */
export interface GoodRecord {
  /** 1-based, bad records counted too, so that it stays the same whatever is skipped. */
  readonly number: number
  /** 1-based line it starts on (row of a sheet); absent where the format has no lines. */
  readonly line?: number
  readonly row: Row
}

/** A record that cannot be read. The reader goes on with the next one. */
export interface BadRecord {
  readonly number: number
  readonly line?: number
  /** 1-based column of the line, in characters (in bytes for text that is not UTF-8). */
  readonly column?: number
  /** What is wrong, without the file's name. Never quotes the data. */
  readonly problem: string
  /** What to do about it. */
  readonly next: string
  /** The record as it stands in the file; each byte of a line that is not UTF-8 is one character. Absent where the format is no text. */
  readonly raw?: string
}

export type SourceRecord = GoodRecord | BadRecord

/** `strikes.csv:12:5`, as editors understand it. */
export function placeOf(file: string, place: { readonly line?: number; readonly column?: number }): string {
  return [file, place.line, place.column].filter(part => part !== undefined).join(':')
}
