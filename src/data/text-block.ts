import { isUtf8 } from 'node:buffer'
import type { BadRecord } from './record.ts'

/** Some whole lines of a file, as bytes. Only the last block of a file may lack the line break at its end. */
export interface TextBlock {
  readonly bytes: Buffer
  /** 1-based number of its first line. */
  readonly line: number
}

const NEWLINE = 10

/** Cuts a stream of bytes after line breaks, so that no character and no line spans two blocks. Leaves out the byte-order mark. */
export async function* textBlocks(chunks: AsyncIterable<Buffer>): AsyncGenerator<TextBlock> {
  let waiting: Buffer[] = []
  let line = 1
  let first = true
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(NEWLINE) + 1
    if (end === 0) {
      waiting.push(chunk)
      continue
    }
    const bytes = withoutMark(Buffer.concat([...waiting, chunk.subarray(0, end)]), first)
    first = false
    waiting = end < chunk.length ? [chunk.subarray(end)] : []
    yield { bytes, line }
    line += countLines(bytes)
  }
  const rest = withoutMark(Buffer.concat(waiting), first)
  if (rest.length > 0) yield { bytes: rest, line }
}

function withoutMark(bytes: Buffer, first: boolean): Buffer {
  return first && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes
}

function countLines(bytes: Buffer): number {
  let count = 0
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) count++
  return count
}

/** The lines of a block, each with its number and without its line break. */
export function* linesOf(block: TextBlock): Generator<{ readonly line: number; readonly bytes: Buffer }> {
  const { bytes } = block
  let line = block.line
  for (let start = 0; start < bytes.length; line++) {
    const newline = bytes.indexOf(NEWLINE, start)
    const end = newline === -1 ? bytes.length : newline
    yield { line, bytes: bytes.subarray(start, bytes[end - 1] === 13 && end > start ? end - 1 : end) }
    start = end + 1
  }
}

/** The lines of a block that is UTF-8, as text: decoded at once, which is faster by far than line by line. */
export function* textLinesOf(block: TextBlock): Generator<{ readonly line: number; readonly text: string }> {
  const text = block.bytes.toString('utf8')
  let line = block.line
  for (let start = 0; start < text.length; line++) {
    const newline = text.indexOf('\n', start)
    const end = newline === -1 ? text.length : newline
    yield { line, text: text.slice(start, end > start && text.charCodeAt(end - 1) === 13 ? end - 1 : end) }
    start = end + 1
  }
}

/** What keeps a line from being text: bytes that are not UTF-8, or a NUL. Undefined where nothing does. */
export function textProblem(line: TextBlock): Omit<BadRecord, 'number'> | undefined {
  const encoding = encodingProblem(line)
  const at = line.bytes.indexOf(0)
  if (encoding !== undefined || at === -1) return encoding
  return {
    line: line.line,
    column: at + 1,
    problem: `byte ${at + 1} of the line is a NUL, which no text holds`,
    next: "Where the file is whole, take such bytes out: tr -d '\\000' < FILE > COPY",
  }
}

/** Where a block of bytes is not UTF-8 and what it may be instead, or undefined where all of it is. */
function encodingProblem(block: TextBlock): Omit<BadRecord, 'number'> | undefined {
  if (isUtf8(block.bytes)) return undefined
  for (const { line, bytes } of linesOf(block)) {
    if (isUtf8(bytes)) continue
    const at = firstInvalid(bytes)
    const found = [...bytes.subarray(at, at + 3)].map(byte => byte.toString(16).padStart(2, '0')).join(' ')
    const surrogate = bytes[at] === 0xed && bytes[at + 1]! >= 0xa0
    return {
      line,
      column: at + 1,
      problem: surrogate
        ? `not valid UTF-8: byte ${at + 1} of the line begins half of a surrogate pair (bytes ${found}), as some exporters write emoji`
        : `not valid UTF-8: byte ${at + 1} of the line (bytes ${found})`,
      next: surrogate
        ? 'Write the file again with an exporter that makes valid UTF-8, or remove those characters: iconv -c -f UTF-8 -t UTF-8 FILE > COPY'
        : 'Convert the file, saying what it is, for example: iconv -f WINDOWS-1252 -t UTF-8 FILE > COPY. It is not guessed, because a wrong guess changes the data unseen.',
    }
  }
  return undefined
}

function firstInvalid(bytes: Buffer): number {
  let at = 0
  while (at < bytes.length) {
    const lead = bytes[at]!
    const length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
    if (at + length > bytes.length || !isUtf8(bytes.subarray(at, at + length))) return at
    at += length
  }
  return at
}
