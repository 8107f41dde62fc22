import type { TaskCurve } from '../run/steps/curve.ts'
import type { MeasuredGaps } from '../run/steps/gaps.ts'
import { exitCodes } from './exit.ts'
import { defineStageCommand } from './stage.ts'
import type { Terminal } from './terminal.ts'
import { formatTable } from './text.ts'

/** So many of a kind are shown; `--json` and the report have all. */
const shown = 10

export const gapsCommand = defineStageCommand({
  name: 'gaps',
  summary: 'Counts what the real examples do not cover, and says how many to make where they are too few.',
  details:
    'Counts every value of the attributes, and every pair of values, against the target of the project file; estimates what of the open columns was never seen; finds contradictions; and grows a learning curve of the student on the training rows, which tells what more examples would bring, where it errs, and which labels it doubts.',
  show(result, terminal) {
    const gaps = result.partial['gaps'] as MeasuredGaps
    showCells(gaps, terminal)
    showUnseen(gaps, terminal)
    showConflicts(gaps, terminal)
    for (const curve of result.partial['curve'] as readonly TaskCurve[]) showCurve(curve, terminal)
    return exitCodes.done
  },
})

function showCells(gaps: MeasuredGaps, terminal: Terminal): void {
  if (gaps.attributes.length === 0) {
    terminal.note('The project names no `attributes`, so no value can be counted as missing.')
  }
  for (const attribute of gaps.attributes) {
    const rows = attribute.values.map(({ value, count, share, target, need }) => [
      value === null ? '(missing)' : String(value),
      count,
      percent(share),
      percent(target),
      need,
    ])
    terminal.out(`${formatTable([attribute.name, 'rows', 'share', 'wanted', 'to make'], rows)}\n`)
  }
  for (const { cell, why, need } of gaps.ranked.slice(0, shown)) {
    terminal.out(`${nameOf(cell)}: make ${need}; ${why}`)
  }
  for (const { order, possible, seen, need } of gaps.coverage) {
    const rows = need === null ? '' : `; ${need} rows would show the others, where all can occur`
    terminal.out(`${order === 2 ? 'Pairs' : 'Triples'} of values: ${seen} of ${possible} seen${rows}`)
  }
}

function showUnseen(gaps: MeasuredGaps, terminal: Terminal): void {
  if (gaps.unseen.length === 0) return
  const rows = gaps.unseen
    .slice(0, shown)
    .map(({ column, of, seen, atLeast, mass, interval, need }) => [
      of === 'values' ? column : `${column}, ${of}`,
      seen,
      atLeast,
      percent(mass),
      `${percent(interval.low)} to ${percent(interval.high)}`,
      need ?? '–',
    ])
  const head = ['never seen', 'seen', 'exist, at least', 'of new rows', '95 % interval', 'to make']
  terminal.out(`\n${formatTable(head, rows)}\n`)
}

function showConflicts({ conflicts, repeatedInTest }: MeasuredGaps, terminal: Terminal): void {
  if (conflicts.duplicates > 0) terminal.out(`${conflicts.duplicates} training rows repeat another one.`)
  if (repeatedInTest > 0)
    terminal.out(`${repeatedInTest} training rows stand among the dev or test rows too.`)
  for (const { task, rows, answers } of conflicts.examples.slice(0, shown)) {
    terminal.out(`${task}: ${rows.join(', ')} ask the same and answer ${answers.join(', ')}`)
  }
}

function showCurve({ task, points, says, slices, labels }: TaskCurve, terminal: Terminal): void {
  const rows = points.map(({ examples, score, interval }) => [
    examples,
    (100 * score).toFixed(1),
    `${(100 * interval.low).toFixed(1)} to ${(100 * interval.high).toFixed(1)}`,
  ])
  if (rows.length > 0) terminal.out(`${formatTable([`${task}, examples`, 'score', '95 % interval'], rows)}\n`)
  terminal.out(`${task}: ${says}`)
  for (const { cell, need, why } of slices.slice(0, 5))
    terminal.out(`${task}, where ${nameOf(cell)}: ${need} more; ${why}`)
  for (const { row, given, suggested } of labels?.suspects.slice(0, 5) ?? []) {
    terminal.out(`${task}, ${row}: given ${given}, the others suggest ${suggested}`)
  }
  terminal.out('')
}

function nameOf(cell: Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(cell).map(
    ([name, value]) => `${name} = ${value === null ? '(missing)' : String(value)}`,
  )
  return parts.join(', ')
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}
