import { placeOf, type SourceRecord } from '../data/record.ts'
import { didYouMean } from '../did-you-mean.ts'
import { UserError } from '../error.ts'
import type { Task } from '../task/task.ts'
import { readBetterAnswer } from './better-answer.ts'
import { type Answered, decide, type Decision } from './decision.ts'
import { answerOf, type Review, type ReviewItem } from './item.ts'
import { sheetColumns } from './sheet.ts'

const mostMistakes = 20

const words: Readonly<Record<string, Answered['decision']>> = {
  a: 'accept',
  accept: 'accept',
  accepted: 'accept',
  f: 'fix',
  fix: 'fix',
  fixed: 'fix',
  r: 'reject',
  reject: 'reject',
  rejected: 'reject',
}

/**
 * The decisions of a sheet that came back, in the review's order. Columns are known by their names, in any order and
 * however capitalised, and others are passed over; rows without a decision are not decided yet. Throws a UserError that
 * lists every mistake with its row and column, so that nothing of a faulty sheet is taken in.
 */
export function readReturnedSheet(given: {
  readonly records: readonly SourceRecord[]
  /** Name of the file, for messages. */
  readonly file: string
  readonly review: Review
  readonly tasks: readonly Task[]
  readonly reviewer: string
  readonly at: string
}): readonly Decision[] {
  const { records, file, review } = given
  checkColumns(file, records)
  const items = new Map(review.items.map(item => [item.id, item]))
  const tasks = new Map(given.tasks.map(task => [task.name, task]))
  const mistakes: string[] = []
  const decided = new Map<string, Decision>()
  for (const record of records) {
    const answer = readRecord(record, { items, tasks })
    if ('problem' in answer) mistakes.push(`${placeOf(file, record)}${answer.problem}`)
    else if ('item' in answer) {
      if (decided.has(answer.item.id))
        mistakes.push(`${placeOf(file, record)}, column id: "${answer.item.id}" stands here a second time`)
      decided.set(answer.item.id, decide(answer.item.example, answer.answered, given))
    }
  }
  if (mistakes.length > 0) throw mistakesError(file, mistakes)
  return review.items.flatMap(({ id }) => decided.get(id) ?? [])
}

/** The ids that a sheet names, to find the review it belongs to. */
export function idsOfSheet(records: readonly SourceRecord[]): readonly string[] {
  return records.flatMap(record =>
    'row' in record ? [cellOf(record.row, sheetColumns.id)].filter(Boolean) : [],
  )
}

type Read =
  | { readonly item: ReviewItem; readonly answered: Answered }
  | { readonly problem: string }
  | { readonly blank: true }

function readRecord(
  record: SourceRecord,
  known: { items: ReadonlyMap<string, ReviewItem>; tasks: ReadonlyMap<string, Task> },
): Read {
  if ('problem' in record) return { problem: `: ${record.problem}` }
  const [decision, text, reason, id] = (['decision', 'text', 'reason', 'id'] as const).map(name =>
    cellOf(record.row, sheetColumns[name]),
  ) as [string, string, string, string]
  if (decision === '' && text === '' && reason === '') return { blank: true }
  const item = known.items.get(id)
  if (item === undefined)
    return wrong('id', id === '' ? 'it is empty' : `"${id}" is not an example of this review`)
  if (decision === '')
    return wrong('decision', `it is empty, but there is a ${text === '' ? 'reason' : 'better answer'}`)
  const meant = words[decision.toLowerCase()]
  if (meant === undefined) {
    return wrong(
      'decision',
      `"${decision}" is not accept, fix or reject.${didYouMean(decision, ['accept', 'fix', 'reject'])}`,
    )
  }
  if (meant !== 'fix' && text !== '') return wrong('text', `it is filled in, but the decision is ${meant}`)
  if (meant === 'accept') return { item, answered: { decision: 'accept' } }
  if (meant === 'reject') {
    return reason === ''
      ? wrong('reason', 'it is empty, but a rejection needs a reason')
      : { item, answered: { decision: 'reject', reason } }
  }
  if (text === '') return wrong('text', 'it is empty, but a fix needs a better answer')
  const better = readBetterAnswer(known.tasks.get(item.example.task)!, text)
  if ('problem' in better) return wrong('text', better.problem)
  if (better.text === answerOf(item.example)) return wrong('text', 'it is the same as the answer')
  return { item, answered: { decision: 'fix', text: better.text, reason: reason === '' ? null : reason } }
}

function wrong(column: keyof typeof sheetColumns, problem: string): { readonly problem: string } {
  return { problem: `, column ${sheetColumns[column]}: ${problem}` }
}

/** A cell by its column's name, however that is capitalised; blanks around it do not count. */
function cellOf(row: Readonly<Record<string, unknown>>, column: string): string {
  const name = Object.keys(row).find(each => plain(each) === column)
  const value = name === undefined ? null : row[name]
  return value === null || value === undefined ? '' : String(value).trim()
}

function plain(name: string): string {
  return name.trim().toLowerCase().replaceAll(/\s+/g, ' ')
}

function checkColumns(file: string, records: readonly SourceRecord[]): void {
  const first = records.find(record => 'row' in record)
  if (first === undefined || !('row' in first)) return
  const names = new Set(Object.keys(first.row).map(plain))
  const missing = Object.values(sheetColumns).find(column => !names.has(column))
  if (missing === undefined) return
  throw new UserError(
    `${file} has no column "${missing}"; its columns are ${Object.keys(first.row).join(', ')}`,
    'Keep the header of the sheet as `tilth review` wrote it.',
  )
}

function mistakesError(file: string, mistakes: readonly string[]): UserError {
  const count = mistakes.length === 1 ? 'one mistake' : `${mistakes.length} mistakes`
  const shown = mistakes.slice(0, mostMistakes).map(mistake => `  ${mistake}`)
  const more = mistakes.length - shown.length
  return new UserError(
    `${file} has ${count}:\n\n${shown.join('\n')}${more > 0 ? `\n  and ${more} more` : ''}`,
    'Put these right and import the sheet again; nothing of it was taken in.',
  )
}
