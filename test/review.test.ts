import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Example } from '../src/data/example.ts'
import { type Report, reportSchema } from '../src/report/report-schema.ts'
import { findReviews } from '../src/run/review-folder.ts'
import { summariseFolder } from '../src/run/review.ts'
import { formatSheetXlsx } from '../src/review/sheet-xlsx.ts'
import type { ReviewSummary } from '../src/review/summary.ts'
import { fieldReports, folderWith, runTilth } from './tilth-process.ts'

const yaml = `name: fields
sources:
  reports: { path: reports.csv, use: train, drop: [plot] }
  archive: { path: local.csv, use: fit, share: local }
tasks:
  yield: { kind: label, answer: yield, prompts: ['Soil {{ soil }}, rain {{ rain }}, crop {{ crop }}: which yield?'] }
attributes: [yield]
target: { yield: uniform }
generators:
  own: { use: records, rare: 1 }
  archive: { use: records, fitOn: [archive] }
mixtures:
  shareable: { generators: [own], perReal: 3 }
  mixed: { generators: [own, archive], perReal: 3 }
evaluate: { regime: scarce, repeats: 1, folds: 2 }
`
let folder: string

// One run for all; the tests below go through a review of it in their order.
beforeAll(async () => {
  folder = folderWith({
    'tilth.yaml': yaml,
    'reports.csv': fieldReports(60),
    'local.csv': fieldReports(150).replaceAll(/^plot-/gm, 'secretplot-'),
  })
  await runTilth(folder, 'run')
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface SheetRow {
  readonly asked: string
  readonly answer: string
  readonly id: string
}

const runs = (): string[] => readdirSync(path.join(folder, 'runs')).toSorted()
const sheetOf = (run: string): string => path.join(folder, 'runs', run, 'review', 'shareable', 'sheet.csv')

/** Rows of a sheet, of which no cell but the first is quoted: the prompts hold commas. */
function rowsOf(sheet: string): readonly SheetRow[] {
  const lines = readFileSync(sheet, 'utf8').trim().split('\r\n').slice(1)
  return lines.map(line => {
    const [, asked, answer] = /^"([^"]*)",(\w+),/.exec(line)!
    return { asked: asked!, answer: answer!, id: line.split(',').at(-1)! }
  })
}

/** A sheet as a spreadsheet might give it back: other order, semicolons, byte-order mark. */
function answered(
  rows: readonly SheetRow[],
  answer: (row: SheetRow, index: number, rows: readonly SheetRow[]) => readonly [string, string, string],
): string {
  const lines = rows.map((row, index) => [row.id, ...answer(row, index, rows)].join(';'))
  return `\uFEFFid;Decision;Better answer;Reason\r\n${lines.join('\r\n')}\r\n`
}

function reportOf(run: string): Report {
  return reportSchema.parse(
    JSON.parse(readFileSync(path.join(folder, 'runs', run, 'report.json'), 'utf8')),
  ) as Report
}

function mixtureOf(run: string): readonly Example[] {
  const file = path.join(folder, 'runs', run, 'mixtures', 'shareable', 'train.jsonl')
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Example)
}

const summaries = (): readonly ReviewSummary[] => findReviews(folder).map(summariseFolder)

test('a sheet of fifty examples is written for the latest run, and never over one that is there', async () => {
  const { code, out, err } = await runTilth(folder, 'review')
  expect(code).toBe(0)
  expect(out).toContain(path.join('runs', runs()[0]!, 'review', 'shareable', 'sheet.csv'))
  expect(err).toContain('20 drawn evenly, 30')
  const written = readFileSync(sheetOf(runs()[0]!), 'utf8')
  const rows = rowsOf(sheetOf(runs()[0]!))
  expect(rows).toHaveLength(50)
  const shown = new Set(
    mixtureOf(runs()[0]!).map(({ messages }) => messages.map(({ content }) => content).join(' ')),
  )
  expect(rows.filter(({ asked, answer }) => !shown.has(`${asked} ${answer}`))).toEqual([])
  writeFileSync(sheetOf(runs()[0]!), 'mine')
  await runTilth(folder, 'review')
  expect(readFileSync(sheetOf(runs()[0]!), 'utf8')).toBe('mine')
  writeFileSync(sheetOf(runs()[0]!), written)
})

test('a sheet with rows that descend from local ones is private, and the message says so', async () => {
  const { out, err } = await runTilth(folder, 'review', '--mixture', 'mixed', '--blind')
  expect(out).toContain(path.join('.tilth', 'private', 'review', runs()[0]!, 'mixed', 'sheet.xlsx'))
  expect(err.replaceAll(/\s+/g, ' ')).toContain('in the private folder, readable by you alone')
  const place = path.join(folder, '.tilth', 'private', 'review', runs()[0]!, 'mixed')
  expect(statSync(place).mode & 0o777).toBe(0o700)
  const modes = readdirSync(place).map(name => statSync(path.join(place, name)).mode & 0o777)
  expect(modes).toEqual([0o600, 0o600, 0o600])
  const sheet = readFileSync(path.join(place, 'sheet.csv'), 'utf8')
  expect(sheet.trim().split('\r\n')).toHaveLength(61)
  expect(/archive|\bown\b|reports/.test(sheet)).toBe(false)
  expect(readdirSync(path.join(folder, 'runs', runs()[0]!, 'review'))).toEqual(['shareable'])
})

test('a sheet with mistakes is refused as a whole, each told with row and column', async () => {
  const rows = rowsOf(sheetOf(runs()[0]!))
  const text = answered(rows, (_, index) => (index === 3 ? ['fix', 'great', ''] : ['accept', '', '']))
  writeFileSync(path.join(folder, 'bad.csv'), text)
  const { code, err } = await runTilth(folder, 'review', '--import', 'bad.csv', '--reviewer', 'anna')
  expect(code).toBe(1)
  expect(err).toContain('bad.csv:5, column better answer: "great" is not good or poor.')
  expect(summaries().map(({ decided }) => decided)).toEqual([0, 0])
})

test('a sheet of something else, an unknown reviewer’s name and two ways at once are refused', async () => {
  writeFileSync(path.join(folder, 'other.csv'), 'id;decision;better answer;reason\nex-1;accept;;\n')
  const other = await runTilth(folder, 'review', '--import', 'other.csv', '--reviewer', 'anna')
  expect(other.code).toBe(1)
  expect(other.err).toContain('other.csv names no example of a review of this project')
  expect((await runTilth(folder, 'review', '--import', 'other.csv')).code).toBe(2)
  expect((await runTilth(folder, 'review', '--import', 'other.csv', '--reviewer', '../x')).code).toBe(2)
  expect((await runTilth(folder, 'review', '--terminal', '--summary')).code).toBe(2)
})

/** Every eighth example is put right, every eighth is rejected, but for those whose question is asked twice. */
function annaSays(
  { asked, answer }: SheetRow,
  index: number,
  rows: readonly SheetRow[],
): readonly [string, string, string] {
  if (rows.filter(row => row.asked === asked).length > 1) return ['accept', '', '']
  if (index % 8 === 1) return ['fix', answer === 'good' ? 'poor' : 'good', '']
  return index % 8 === 2 ? ['reject', '', 'cannot be'] : ['accept', '', '']
}

test('the next run takes decisions in: what was put right comes in with its lineage, what was rejected stays out', async () => {
  const [before] = runs()
  const rows = rowsOf(sheetOf(before!))
  writeFileSync(path.join(folder, 'anna.csv'), answered(rows, annaSays))
  const imported = await runTilth(folder, 'review', '--import', 'anna.csv', '--reviewer', 'anna')
  expect(imported.err).toContain('50 of 50 examples are decided in anna.csv')
  expect(imported.code).toBe(0)

  expect((await runTilth(folder, 'run')).code).toBe(0)
  expect(runs()).toHaveLength(2)
  const after = runs().find(run => run !== before)!
  const [old, now] = [mixtureOf(before!), mixtureOf(after)]
  expect(now).toHaveLength(old.length)
  const byText = new Map(
    old.map(example => [example.messages[0]!.content + example.messages[1]!.content, example]),
  )
  const texts = new Set(
    now
      .filter(({ origin }) => origin.kind === 'synthetic')
      .map(({ messages }) => messages[0]!.content + messages[1]!.content),
  )
  for (const [index, row] of rows.entries()) {
    const [decision, better] = annaSays(row, index, rows)
    if (decision === 'accept') continue
    expect(texts).not.toContain(row.asked + row.answer)
    if (decision === 'reject') continue
    const fixed = now.find(
      ({ origin }) =>
        origin.kind === 'synthetic' && origin.parents.includes(byText.get(row.asked + row.answer)!.id),
    )
    expect(fixed?.messages.map(({ content }) => content)).toEqual([row.asked, better])
    expect(fixed?.attributes).toEqual({ yield: better })
  }
  const { review, generation } = reportOf(after)
  const said = rows.map((row, index) => annaSays(row, index, rows)[0])
  const fixes = said.filter(decision => decision === 'fix').length
  expect(fixes).toBeGreaterThan(3)
  expect(review).toMatchObject({
    fixes,
    turnedDown: fixes + said.filter(decision => decision === 'reject').length,
    entered: [
      { mixture: 'shareable', rows: fixes },
      { mixture: 'mixed', rows: fixes },
    ],
  })
  expect(review!.reviews).toMatchObject([{ run: before, mixture: 'shareable', decided: 50, reviewers: 1 }])
  expect(review!.reviews[0]!.overall.decided).toBe(20)
  expect(JSON.stringify(review)).not.toContain('anna')
  expect(generation.cells.filter(({ accepted, wanted }) => accepted !== wanted)).toEqual([])
  expect(readFileSync(path.join(folder, 'runs', after, 'report.html'), 'utf8')).toContain(
    'Reviewed by people',
  )
  expect((await runTilth(folder, 'run')).err).toContain('Nothing had to be made again')
})

test('a second reviewer’s workbook gives agreement and disputes', async () => {
  const first = summaries().find(({ decided }) => decided > 0)
  const rows = rowsOf(sheetOf(first!.run))
  const table = {
    header: ['id', 'decision', 'better answer', 'reason'],
    rows: rows.map((row, index) => [
      row.id,
      ...(index < 10 ? annaSays(row, index, rows) : ['reject', '', 'cannot be']),
    ]),
  }
  writeFileSync(path.join(folder, 'ben.xlsx'), await formatSheetXlsx(table))
  const { out, code } = await runTilth(
    folder,
    'review',
    '--import',
    'ben.xlsx',
    '--reviewer',
    'ben',
    '--json',
  )
  expect(code).toBe(0)
  const { summary } = JSON.parse(out) as { summary: ReviewSummary }
  const agree = rows.filter((row, index) => index < 10 || annaSays(row, index, rows)[0] === 'reject').length
  expect(summary.disputes).toHaveLength(50 - agree)
  expect(summary.agreement.pairs).toMatchObject([{ reviewers: ['anna', 'ben'], items: 50 }])
  expect(summary.agreement.pairs[0]!.kappa).toBeLessThan(0.5)
  expect((await runTilth(folder, 'review', '--summary')).out).toContain('Cohen’s kappa')
})

test('answers in the terminal are kept though the process is killed, and the next session goes on', async () => {
  const main = path.resolve('src/cli/main.ts')
  const args = [main, 'review', runs()[0]!, '--terminal', '--mixture', 'mixed', '--reviewer', 'cleo']
  const killed = spawn(process.execPath, args, { cwd: folder, stdio: ['pipe', 'ignore', 'pipe'] })
  killed.stderr.setEncoding('utf8')
  let shown = ''
  killed.stdin.write('aar1\r')
  for await (const text of killed.stderr) {
    shown += String(text)
    if (shown.includes('rejected: wrong answer') && shown.includes('4 of')) break
  }
  killed.kill('SIGKILL')
  await once(killed, 'close')

  const again = spawn(process.execPath, [...args, '--json'], {
    cwd: folder,
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  again.stdin.end('aq')
  const [out] = await Promise.all([again.stdout.setEncoding('utf8').toArray(), once(again, 'close')])
  expect(again.exitCode).toBe(0)
  expect(JSON.parse(out.join(''))).toMatchObject({ reviewer: 'cleo', all: 4 })
})
