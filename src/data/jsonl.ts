import { isUtf8 } from 'node:buffer'
import { open } from 'node:fs/promises'
import { replaceFile } from './file.ts'
import { jsonProblem } from './json-problem.ts'
import { isObject, jsonRow } from './json-record.ts'
import type { SourceRecord } from './record.ts'
import type { Row } from './row.ts'
import { linesOf, type TextBlock, textLinesOf, textProblem } from './text-block.ts'

/** The records of a JSON Lines file. Blank lines are passed over. */
export async function* jsonlRecords(blocks: AsyncIterable<TextBlock>): AsyncGenerator<SourceRecord> {
  let number = 0
  for await (const block of blocks) {
    if (isUtf8(block.bytes) && !block.bytes.includes(0)) {
      for (const { line, text } of textLinesOf(block)) {
        const record = recordOf(text, number + 1, line)
        if (record === undefined) continue
        number++
        yield record
      }
      continue
    }
    for (const { line, bytes } of linesOf(block)) {
      const problem = textProblem({ bytes, line })
      const record =
        problem === undefined
          ? recordOf(bytes.toString('utf8'), number + 1, line)
          : { number: number + 1, ...problem, raw: bytes.toString('latin1') }
      if (record === undefined) continue
      number++
      yield record
    }
  }
}

/** Undefined for a blank line. */
function recordOf(text: string, number: number, line: number): SourceRecord | undefined {
  if (text.trim() === '') return undefined
  const parsed = parseLine(text, line === 1)
  return 'problem' in parsed ? { number, line, ...parsed, raw: text } : { number, line, row: parsed.row }
}

type Line =
  | { readonly row: Row }
  | { readonly column?: number; readonly problem: string; readonly next: string }

function parseLine(text: string, first: boolean): Line {
  let value: unknown
  try {
    value = parseJson(text)
  } catch {
    const fault = jsonProblem(text) ?? { column: 1, problem: 'this is not JSON' }
    return {
      ...fault,
      next: first ? firstLineAdvice(text) : 'Correct that line: each holds one whole JSON object.',
    }
  }
  if (!isObject(value)) {
    const kind = Array.isArray(value) ? 'an array' : value === null ? 'null' : `a ${typeof value}`
    return { column: 1, problem: `the line is ${kind}, not a JSON object`, next: firstLineAdvice(text) }
  }
  if (
    text.includes('\\u') &&
    /\\u[dD][89a-fA-F]/.test(text) &&
    someString(text, string => !string.isWellFormed())
  ) {
    return {
      column: 1,
      problem: 'a string holds half of a surrogate pair',
      next: 'Write the file again with whole characters.',
    }
  }
  if (text.includes('\\u0000') && someString(text, string => string.includes('\0'))) {
    return {
      column: 1,
      problem: 'a string holds a NUL (\\u0000), which no text holds',
      next: 'Take it out of that record.',
    }
  }
  const row = jsonRow(value)
  return typeof row === 'string' ? { column: 1, problem: row, next: 'Correct that record.' } : { row }
}

/** Whole numbers that a double cannot hold, as in long ids, stay the text they are. */
function parseJson(text: string): unknown {
  if (!holdsLongNumber(text)) return JSON.parse(text)
  return JSON.parse(text, function keepLong(_name, value: unknown, context?: { source?: string }) {
    const long = typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)
    return long && context?.source !== undefined && /^-?\d+$/.test(context.source) ? context.source : value
  })
}

/** Whether the text has 16 digits in a row, of which one stands at a multiple of 16. */
function holdsLongNumber(text: string): boolean {
  for (let place = 0; place < text.length; place += 16) {
    const code = text.charCodeAt(place)
    if (code >= 48 && code <= 57 && /\d{16}/.test(text.slice(Math.max(0, place - 15), place + 16)))
      return true
  }
  return false
}

/** Whether some string in a JSON text is as asked. */
function someString(text: string, asked: (string: string) => boolean): boolean {
  let found = false
  JSON.parse(text, (_name, value: unknown) => {
    if (typeof value === 'string' && asked(value)) found = true
    return value
  })
  return found
}

function firstLineAdvice(text: string): string {
  if (text.trimStart().startsWith('[')) {
    return 'A file that is one JSON array becomes JSON Lines with: jq -c ".[]" FILE > COPY.jsonl'
  }
  if (text.trim() === '{')
    return 'A file of objects over several lines becomes JSON Lines with: jq -c . FILE > COPY.jsonl'
  return 'Each line holds one whole JSON object; where the file is of another kind, set its format.'
}

/** Writes one JSON text a line, without holding them all as text; temporary name, then renamed. */
export async function writeJsonl(path: string, records: Iterable<unknown>, mode?: number): Promise<void> {
  await replaceFile(
    path,
    async temporary => {
      const file = await open(temporary, 'w')
      try {
        let waiting: string[] = []
        for (const record of records) {
          if (waiting.push(JSON.stringify(record)) < 1000) continue
          await file.write(`${waiting.join('\n')}\n`)
          waiting = []
        }
        if (waiting.length > 0) await file.write(`${waiting.join('\n')}\n`)
      } finally {
        await file.close()
      }
    },
    mode,
  )
}
