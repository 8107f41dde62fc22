import { UserError } from '../error.ts'
import { writeJsonl } from './jsonl.ts'
import type { SourceRows } from './read.ts'
import { type BadRecord, placeOf } from './record.ts'

/** Share of a file's records that may be set aside; where more are bad, the file is not what it is taken for. */
const mostSetAside = 0.1

/** Throws `UserError` where more of a source's records are bad than may be set aside. */
export function checkSetAside({ file, records, skipped, skippedTotal }: SourceRows): void {
  const first = skipped[0]
  if (first === undefined || skippedTotal <= mostSetAside * records) return
  throw new UserError(
    `${skippedTotal} of the ${records} records of ${file} cannot be read, and no more than a tenth may be set aside; the first is ${placeOf(file, first)}: ${first.problem}`,
    first.next,
  )
}

/** One sentence on the records of a file that were set aside: how many, and the first of them. */
export function tellSetAside(file: string, skipped: readonly BadRecord[], total: number): string {
  const first = skipped[0]!
  const count = total === 1 ? '1 record' : `${total} records`
  return `${count} of ${file} cannot be read and ${total === 1 ? 'is' : 'are'} set aside; the first is ${placeOf(file, first)}: ${first.problem}.`
}

/** Writes bad records as JSON Lines: number, line and column (from 1), what is wrong, and the record's text. */
export async function writeBadRecords(
  path: string,
  records: readonly BadRecord[],
  mode?: number,
): Promise<void> {
  const lines = records.map(({ number, line = null, column = null, problem, raw = null }) => ({
    record: number,
    line,
    column,
    problem,
    raw,
  }))
  await writeJsonl(path, lines, mode)
}
