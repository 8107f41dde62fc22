import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { fixing, madeItem, madeRealItem, madeReview, rejecting, yieldTask } from '../../test/made-review.ts'
import { csvRecords } from '../data/csv.ts'
import type { SourceRecord } from '../data/record.ts'
import { textBlocks } from '../data/text-block.ts'
import { xlsxRecords } from '../data/xlsx.ts'
import type { UserError } from '../error.ts'
import type { Decision } from './decision.ts'
import { readReturnedSheet } from './returned-sheet.ts'
import { formatSheetXlsx } from './sheet-xlsx.ts'
import { formatSheetCsv, sheetTable, type SheetTable } from './sheet.ts'

const items = [
  madeItem('clay'),
  madeItem('=1+1'),
  madeItem('a "quoted"\nline; and, more'),
  madeItem('-5', { row: { yield: '-5' } }),
  madeRealItem('sand'),
]
const review = madeReview(items)

async function readCsv(text: string): Promise<readonly SourceRecord[]> {
  const records: SourceRecord[] = []
  const blocks = textBlocks(Readable.from([Buffer.from(text)]))
  for await (const record of csvRecords(blocks, { file: 'sheet.csv', tabs: false })) records.push(record)
  return records
}

function returned(records: readonly SourceRecord[]): readonly Decision[] {
  return readReturnedSheet({
    records,
    file: 'sheet.csv',
    review,
    tasks: [yieldTask],
    reviewer: 'anna',
    at: 'now',
  })
}

async function mistakesOf(lines: readonly string[]): Promise<string> {
  const records = await readCsv(['id,decision,better answer,reason', ...lines].join('\n'))
  try {
    returned(records)
    return ''
  } catch (error) {
    return (error as UserError).message
  }
}

/** Fills in the columns of a sheet by row. */
function fillIn(
  { header, rows }: SheetTable,
  filled: readonly (readonly [string, string, string])[],
): SheetTable {
  return {
    header,
    rows: rows.map((row, index) => row.map((cell, column) => filled[index]?.[column - 2] ?? cell)),
  }
}

const filled = fillIn(sheetTable(review), [
  ['accept', '', ''],
  ['Fix', ' poor ', ''],
  ['R', '', 'wrong; or "so"'],
])
const expected = [
  expect.objectContaining({ example: 'rules:clay/yield', decision: 'accept', reviewer: 'anna', at: 'now' }),
  expect.objectContaining({ example: 'rules:=1+1/yield', ...fixing('poor') }),
  expect.objectContaining(rejecting('wrong; or "so"')),
]

test('a sheet that was filled in comes back as decisions, and rows without one are left', async () => {
  expect(returned(await readCsv(formatSheetCsv(filled)))).toEqual(expected)
})

test('a workbook comes back the same', async () => {
  const bytes = await formatSheetXlsx(filled)
  const records: SourceRecord[] = []
  for await (const record of xlsxRecords(Readable.from([Buffer.from(bytes)]), 'sheet.xlsx'))
    records.push(record)
  expect(returned(records)).toEqual(expected)
  expect(records[2]).toMatchObject({ row: { asked: 'Soil a "quoted"\nline; and, more?', answer: 'good' } })
})

test('other columns, another order and capitals, semicolons and blank lines do no harm', async () => {
  const text =
    '\uFEFFNotes;ID;Better Answer;Reason;DECISION\r\n\r\nmine;ex-clay;;;Accepted\r\n;;;;\r\n;ex-=1+1;POOR;typo;f\r\n'
  expect(returned(await readCsv(text))).toEqual([
    expect.objectContaining({ decision: 'accept' }),
    expect.objectContaining({ decision: 'fix', text: 'poor', reason: 'typo' }),
  ])
})

test('a cell that a spreadsheet would run is defused, a number is not touched', () => {
  const lines = formatSheetCsv(
    sheetTable(madeReview([madeItem('x', { row: { yield: '=HYPERLINK("a")' } }), items[3]!])),
  )
  expect(lines).toContain(`,"'=HYPERLINK(""a"")",`)
  expect(lines).toContain(',-5,')
})

test('a blind sheet has no column that tells of origin', () => {
  expect(sheetTable(madeReview(items, true)).header).toEqual([
    'asked',
    'answer',
    'decision',
    'better answer',
    'reason',
    'task',
    'id',
  ])
  expect(formatSheetCsv(sheetTable(madeReview(items, true)))).not.toContain('rules')
})

test('every mistake is told with its row and column, and nothing is taken in', async () => {
  const message = await mistakesOf([
    'ex-clay,acept,,',
    'ex-nope,accept,,',
    'ex-=1+1,reject,,',
    'ex--5,fix,,',
    'ex-sand,fix,god,',
    'ex-sand,,poor,',
    'ex-sand,accept,poor,',
    'ex-sand,fix,good,',
  ])
  const told = message.split('\n').map(line => line.trim())
  expect(told[0]).toBe('sheet.csv has 8 mistakes:')
  expect(told.slice(2)).toEqual([
    'sheet.csv:2, column decision: "acept" is not accept, fix or reject. Did you mean "accept"?',
    'sheet.csv:3, column id: "ex-nope" is not an example of this review',
    'sheet.csv:4, column reason: it is empty, but a rejection needs a reason',
    'sheet.csv:5, column better answer: it is empty, but a fix needs a better answer',
    'sheet.csv:6, column better answer: "god" is not good or poor. Did you mean "good"?',
    'sheet.csv:7, column decision: it is empty, but there is a better answer',
    'sheet.csv:8, column better answer: it is filled in, but the decision is accept',
    'sheet.csv:9, column better answer: it is the same as the answer',
  ])
})

test('an example that stands twice is a mistake', async () => {
  expect(await mistakesOf(['ex-clay,accept,,', 'ex-clay,reject,,bad'])).toContain(
    'sheet.csv:3, column id: "ex-clay" stands here a second time',
  )
})

test('a sheet without one of its columns is refused with what it has', async () => {
  const records = await readCsv('id,decision,reason\nex-clay,accept,\n')
  expect(() => returned(records)).toThrow(
    'sheet.csv has no column "better answer"; its columns are id, decision, reason',
  )
})
