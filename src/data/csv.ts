/**
 * CSV and TSV (RFC 4180), written here because no parser found gives all of this at once: the line and column of a
 * fault, line numbers that stay right when quoted text holds line breaks, going on after a bad record, and refusing a
 * closing quote in mid-field (the sign of one left open, which otherwise swallows the records up to the next quote).
 */
import { isUtf8 } from 'node:buffer'
import { UserError } from '../error.ts'
import type { BadRecord, SourceRecord } from './record.ts'
import type { Value } from './row.ts'
import { linesOf, type TextBlock, textProblem } from './text-block.ts'

interface Fields {
  readonly line: number
  readonly fields: readonly string[]
}

type Fault = Omit<BadRecord, 'number' | 'raw'>

type Parsed = Fields | Fault

/** Where the reader is in a text: the next record is at `at`, the one before began at `start`. `line` is that of `at`. */
interface Place {
  at: number
  start: number
  line: number
}

/** A quoted field longer than this is taken for one whose quote was left open. */
const LONGEST_RECORD = 10_000_000

/** The records of a CSV file under the names of its first line. Throws `UserError` on a header that cannot be used. */
export async function* csvRecords(
  blocks: AsyncIterable<TextBlock>,
  options: { readonly file: string; readonly tabs: boolean },
): AsyncGenerator<SourceRecord> {
  const recordOf = recordMaker(options.file)
  const faults = new Map<number, Fault>()
  let rest = ''
  let enough = 0
  let line = 1
  let delimiter = options.tabs ? '\t' : undefined
  for await (const block of blocks) {
    const text = rest + decodeBlock(block, faults)
    // A record that goes on is looked at again only when it has doubled, or long ones would take quadratic time.
    if (text.length < enough) {
      rest = text
      continue
    }
    delimiter ??= delimiterOf(text)
    const position = { at: 0, start: 0, line }
    for (let parsed; (parsed = nextRecord(text, position, { delimiter, last: false })) !== undefined;) {
      const record = recordOf(parsed, text, position, faults)
      if (record !== undefined) yield record
    }
    rest = text.slice(position.at)
    enough = 2 * rest.length
    line = position.line
  }
  const position = { at: 0, start: 0, line }
  const last = { delimiter: delimiter ?? ',', last: true }
  for (let parsed; (parsed = nextRecord(rest, position, last)) !== undefined;) {
    const record = recordOf(parsed, rest, position, faults)
    if (record !== undefined) yield record
  }
}

/** Makes records of what was parsed, one after the other; the first is the header, and gives none. */
function recordMaker(
  file: string,
): (parsed: Parsed, text: string, position: Place, faults: Map<number, Fault>) => SourceRecord | undefined {
  let header: readonly string[] | undefined
  let number = 0
  return (parsed, text, position, faults) => {
    const fault = 'problem' in parsed ? parsed : takeFault(faults, parsed.line, position.line)
    if (header === undefined) {
      if (fault !== undefined) throw faultyHeader(file, fault)
      header = headerOf(parsed as Fields, file)
      return undefined
    }
    number++
    const record = fault === undefined ? toRecord(parsed as Fields, header, number) : { number, ...fault }
    return 'problem' in record
      ? { ...record, raw: text.slice(position.start, position.at).replace(/\r?\n$/, '') }
      : record
  }
}

function toRecord({ line, fields }: Fields, header: readonly string[], number: number): SourceRecord {
  if (fields.length !== header.length) {
    return {
      number,
      line,
      problem: `the record has ${fields.length} field${fields.length === 1 ? '' : 's'} where the header has ${header.length}`,
      next: 'Correct that record; a field that holds the delimiter or a line break must stand in quotes.',
    }
  }
  const entries = header.map((name, index): [string, Value] => [name, fields[index] || null])
  return { number, line, row: Object.fromEntries(entries) }
}

/** The text of a block. Lines that are not text are decoded byte by byte, so that nothing of them is lost, and noted in `faults`. */
function decodeBlock(block: TextBlock, faults: Map<number, Fault>): string {
  if (isUtf8(block.bytes) && !block.bytes.includes(0)) return block.bytes.toString('utf8')
  const lines: string[] = []
  for (const { line, bytes } of linesOf(block)) {
    const fault = textProblem({ bytes, line })
    if (fault !== undefined) faults.set(line, { ...fault, line })
    lines.push(bytes.toString(fault === undefined ? 'utf8' : 'latin1'))
  }
  return `${lines.join('\n')}${block.bytes.at(-1) === NEWLINE ? '\n' : ''}`
}

/** The first fault of the lines from `line` up to `end`. Those of lines that are past are forgotten. */
function takeFault(faults: Map<number, Fault>, line: number, end: number): Fault | undefined {
  let found: Fault | undefined
  for (const [place, fault] of faults) {
    if (place >= Math.max(end, line + 1)) break
    if (place >= line) found ??= fault
    faults.delete(place)
  }
  return found
}

/**
 * The record at `position`, which moves behind it; undefined where the text ends before the record does.
 * After a fault in the quotes it goes on with the line after the one the record starts on.
 */
function nextRecord(
  text: string,
  position: Place,
  options: { readonly delimiter: string; readonly last: boolean },
): Parsed | undefined {
  const delimiter = options.delimiter.charCodeAt(0)
  while (isBlankLine(text, position.at)) {
    position.at = text.indexOf('\n', position.at) + 1
    position.line++
  }
  const { at: start, line } = position
  position.start = start
  if (start >= text.length || (options.last && text.slice(start).trim() === '')) return undefined
  const fields: string[] = []
  let lines = 0
  let at = start
  for (;;) {
    const field = text.charCodeAt(at) === QUOTE ? quotedField(text, at) : plainField(text, at, delimiter)
    const after = text.charCodeAt(field.end)
    if (Number.isNaN(after) && !options.last) {
      if (text.length - start <= LONGEST_RECORD) return undefined
    }
    const ends = Number.isNaN(after) || after === delimiter || endsLine(text, field.end)
    if (field.open || !ends) {
      const newline = text.indexOf('\n', start)
      position.at = newline === -1 ? text.length : newline + 1
      position.line = line + 1
      return faultOfQuote(text, { start, line, at, field })
    }
    fields.push(field.value)
    lines += field.lines
    if (after === delimiter) {
      at = field.end + 1
      continue
    }
    position.at = field.end + (after === CARRIAGE_RETURN ? 2 : 1)
    position.line = line + lines + 1
    return { line, fields }
  }
}

interface Field {
  readonly value: string
  /** Index behind the field; the length of the text where a quote is left open. */
  readonly end: number
  /** Line breaks in it. */
  readonly lines: number
  readonly open: boolean
}

const QUOTE = 34
const NEWLINE = 10
const CARRIAGE_RETURN = 13

function plainField(text: string, start: number, delimiter: number): Field {
  let end = start
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end)
    if (code === delimiter || code === NEWLINE) break
    if (code === CARRIAGE_RETURN && endsLine(text, end)) break
  }
  return { value: text.slice(start, end), end, lines: 0, open: false }
}

function quotedField(text: string, start: number): Field {
  let value = ''
  let from = start + 1
  for (;;) {
    const quote = text.indexOf('"', from)
    if (quote === -1) return { value, end: text.length, lines: 0, open: true }
    value += text.slice(from, quote)
    if (text.charCodeAt(quote + 1) !== QUOTE) {
      return { value, end: quote + 1, lines: countNewlines(text, start, quote), open: false }
    }
    value += '"'
    from = quote + 2
  }
}

function faultOfQuote(
  text: string,
  { start, line, at, field }: { start: number; line: number; at: number; field: Field },
): Fault {
  const opened = { line: line + countNewlines(text, start, at), column: at - text.lastIndexOf('\n', at - 1) }
  const next = 'Close the quote, or write each quote that belongs to the text as two.'
  if (field.open) return { ...opened, problem: 'the quote opened here is never closed', next }
  const closed = field.end - 1
  const closedAt = `line ${opened.line + field.lines}, column ${closed - text.lastIndexOf('\n', closed)}`
  return { ...opened, problem: `the quote opened here closes at ${closedAt}, in the middle of a field`, next }
}

function endsLine(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  if (code === NEWLINE) return true
  return code === CARRIAGE_RETURN && (text.charCodeAt(at + 1) === NEWLINE || at + 1 === text.length)
}

function isBlankLine(text: string, at: number): boolean {
  let end = at
  while (text.charCodeAt(end) === 32 || text.charCodeAt(end) === CARRIAGE_RETURN) end++
  return text.charCodeAt(end) === NEWLINE
}

function countNewlines(text: string, from: number, to: number): number {
  let count = 0
  for (let at = text.indexOf('\n', from); at !== -1 && at < to; at = text.indexOf('\n', at + 1)) count++
  return count
}

/**
 * The delimiter that cuts the first records into equally many fields, and into most; the comma where none does.
 * Looks at twenty records of the start of a file.
 */
export function delimiterOf(head: string): string {
  let best = ','
  let most = 1
  for (const delimiter of [',', ';', '\t', '|']) {
    const position = { at: 0, start: 0, line: 1 }
    const counts = new Set<number>()
    for (let seen = 0; seen < 20; seen++) {
      const parsed = nextRecord(head, position, { delimiter, last: seen === 0 })
      if (parsed === undefined) break
      counts.add('problem' in parsed ? 0 : parsed.fields.length)
    }
    const fields = Math.max(...counts)
    if (counts.size === 1 && fields > most) [best, most] = [delimiter, fields]
  }
  return most > 1 ? best : likeliestOfHeader(head)
}

/** Where the first records are ragged whichever delimiter is taken, the header decides. */
function likeliestOfHeader(head: string): string {
  const line = head.slice(0, head.indexOf('\n') === -1 ? head.length : head.indexOf('\n'))
  const counts = [',', ';', '\t', '|'].map(delimiter => ({ delimiter, count: line.split(delimiter).length }))
  return counts.toSorted((a, b) => b.count - a.count)[0]!.delimiter
}

function headerOf({ line, fields }: Fields, file: string): readonly string[] {
  if (fields.some(field => field.includes('\r'))) {
    throw new UserError(
      `${file} ends its lines with carriage returns alone`,
      "Convert it: tr '\\r' '\\n' < FILE > COPY",
    )
  }
  return columnNames(fields, `${file}:${line}`)
}

/**
 * The names of a header, trimmed; `column 3` where the third has none. Throws `UserError` where two are the same.
 * `place` says where the header stands.
 */
export function columnNames(fields: readonly string[], place: string): readonly string[] {
  const names = fields.map((field, index) => field.trim() || `column ${index + 1}`)
  const duplicate = names.find((name, index) => names.indexOf(name) !== index)
  if (duplicate !== undefined) {
    const places = names.flatMap((name, index) => (name === duplicate ? [index + 1] : []))
    throw new UserError(
      `${place}: the header names ${JSON.stringify(duplicate)} more than once (fields ${places.join(', ')})`,
      'Give every column its own name.',
    )
  }
  return names
}

function faultyHeader(file: string, fault: Fault): UserError {
  return faultOf(file, { ...fault, problem: `in the header, ${fault.problem}` })
}

function faultOf(file: string, fault: Fault): UserError {
  return new UserError(`${file}:${fault.line}:${fault.column}: ${fault.problem}`, fault.next)
}
