import { isUtf8 } from 'node:buffer'
import { open } from 'node:fs/promises'
import { replaceFile } from './file.ts'
import { jsonProblem } from './json-problem.ts'
import { isObject, jsonRow } from './json-record.ts'
import type { SourceRecord } from './record.ts'
import type { Row } from './row.ts'
import { encodingProblem, linesOf, type TextBlock } from './text-block.ts'

/** The records of a JSON Lines file. Blank lines are passed over. */
export async function* jsonlRecords(blocks: AsyncIterable<TextBlock>): AsyncGenerator<SourceRecord> {
  let number = 0
  for await (const block of blocks) {
    for (const { line, bytes } of linesOf(block)) {
      if (!isUtf8(bytes)) {
        yield { number: ++number, ...encodingProblem({ bytes, line })! }
        continue
      }
      const text = bytes.toString('utf8')
      if (text.trim() === '') continue
      const parsed = parseLine(text, line === 1)
      number++
      yield 'problem' in parsed ? { number, line, ...parsed } : { number, line, row: parsed.row }
    }
  }
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
  if (/\\u[dD][89a-fA-F]/.test(text) && holdsHalfCharacter(text)) {
    return {
      column: 1,
      problem: 'a string holds half of a surrogate pair',
      next: 'Write the file again with whole characters.',
    }
  }
  const row = jsonRow(value)
  return typeof row === 'string' ? { column: 1, problem: row, next: 'Correct that record.' } : { row }
}

/** Whole numbers that a double cannot hold, as in long ids, stay the text they are. */
function parseJson(text: string): unknown {
  if (!/\d{16}/.test(text)) return JSON.parse(text)
  return JSON.parse(text, function keepLong(_name, value: unknown, context?: { source?: string }) {
    const long = typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)
    return long && context?.source !== undefined && /^-?\d+$/.test(context.source) ? context.source : value
  })
}

function holdsHalfCharacter(text: string): boolean {
  let found = false
  JSON.parse(text, (_name, value: unknown) => {
    if (typeof value === 'string' && !value.isWellFormed()) found = true
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
