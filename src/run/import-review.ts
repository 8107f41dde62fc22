import { UserError } from '../error.ts'
import type { SourceRecord } from '../data/record.ts'
import { streamRecords } from '../data/records.ts'
import { openSourceFile } from '../data/source-file.ts'
import type { LoadedProject } from '../project/project.ts'
import { idsOfSheet, readReturnedSheet } from '../review/returned-sheet.ts'
import { findReviews, type ReviewFolder, takeDecisions } from './review-folder.ts'

/**
 * Takes the decisions of a sheet in that came back, CSV or XLSX, whatever the review it belongs to: its ids tell. Returns
 * that review, the number of decisions in the sheet, and of all that the reviewer has made on it. Throws UserError that
 * lists every mistake of the sheet; then nothing of it is taken in.
 */
export async function importSheet(given: {
  readonly loaded: LoadedProject
  readonly path: string
  readonly reviewer: string
  readonly at: string
  readonly signal: AbortSignal
}): Promise<{ readonly kept: ReviewFolder; readonly taken: number; readonly all: number }> {
  const file = await openSourceFile(given.path)
  const records: SourceRecord[] = []
  for await (const record of streamRecords(file, given.signal)) records.push(record)
  const kept = reviewOf(findReviews(given.loaded.folder), idsOfSheet(records))
  if (kept === undefined) {
    throw new UserError(
      `${file.name} names no example of a review of this project`,
      'Its column id holds them as `tilth review` wrote them; check the file and --project.',
    )
  }
  const decisions = readReturnedSheet({
    records,
    file: file.name,
    review: kept.review,
    tasks: kept.review.tasks,
    reviewer: given.reviewer,
    at: given.at,
  })
  return { kept, taken: decisions.length, all: await takeDecisions(kept, given.reviewer, decisions) }
}

/** The review that most ids of a sheet belong to. */
function reviewOf(reviews: readonly ReviewFolder[], ids: readonly string[]): ReviewFolder | undefined {
  const asked = new Set(ids)
  const hits = reviews.map(kept => ({
    kept,
    count: kept.review.items.filter(({ id }) => asked.has(id)).length,
  }))
  const most = hits.toSorted((a, b) => b.count - a.count)[0]
  return most !== undefined && most.count > 0 ? most.kept : undefined
}
