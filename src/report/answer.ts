import {
  cellText,
  countText,
  differenceText,
  hasPoints,
  intervalText,
  metricText,
  plural,
  scoreText,
  unitText,
} from './figure.ts'
import type { Answer, Report } from './report-schema.ts'
import { roomFor } from './room.ts'

type Figures = Pick<Report, 'regime' | 'data' | 'tasks' | 'gaps' | 'generation' | 'uplift'>
type Uplift = Report['uplift'][number]
type Cell = Report['gaps']['ranked'][number]['cell']

/** The three sentences a report begins with, written from its figures: what is missing, whether synthetic examples helped, what to collect next. */
export function writeAnswer(figures: Figures): Answer {
  return { missing: writeMissing(figures), helped: writeHelped(figures), next: writeNext(figures) }
}

function writeMissing({ gaps }: Figures): string {
  if (gaps.attributes.length === 0) {
    return 'Nothing could be counted as missing, because the project names no attributes that its examples must cover.'
  }
  const [worst] = gaps.ranked
  const real = plural(gaps.rows, 'real example')
  if (worst === undefined)
    return `Nothing is missing: the ${real} cover every value and pair as the target asks.`
  const empty = gaps.ranked.filter(gap => gap.count === 0).length
  const thin = gaps.ranked.length - empty
  const counted = [
    empty > 0
      ? `${plural(empty, 'case')} that the target asks for ${empty === 1 ? 'has' : 'have'} no example at all`
      : null,
    thin > 0
      ? `${empty > 0 ? countText(thin) : plural(thin, 'case')} ${thin === 1 ? 'has' : 'have'} too few`
      : null,
  ].filter(part => part !== null)
  return `Among the ${real}, ${counted.join(' and ')}; the widest gap is ${cellText(worst.cell)} (${coverage(worst, gaps.rows)}).`
}

function coverage(gap: { readonly count: number; readonly target: number }, rows: number): string {
  const wanted = Math.max(1, Math.round(gap.target * rows))
  return `${gap.count === 0 ? 'none' : countText(gap.count)} where the target asks for about ${countText(wanted)}`
}

function writeHelped(figures: Figures): string {
  const { uplift, tasks } = figures
  if (uplift.length === 0) {
    if (figures.generation.generators.length === 0 || figures.generation.cells.length === 0) {
      return 'Whether synthetic examples helped was not measured: the project has no mixture with synthetic examples.'
    }
    const reason = tasks.find(task => task.skipped !== null)?.skipped
    return `Whether synthetic examples helped was not measured${reason === undefined || reason === null ? '' : `: ${reason.replace(/\.$/, '')}`}.`
  }
  const parts = uplift.map((comparison, index) =>
    helpedPart(comparison, index === 0 ? groundText(figures, comparison) : null),
  )
  return `${parts.join('; ')}.`
}

/** Read against what, and measured on what. */
function groundText({ regime, data }: Figures, { items }: Uplift): string {
  const where =
    regime === 'sealed'
      ? `on ${plural(data.seal?.rows ?? items, 'sealed real row')}`
      : `by cross-validation on ${plural(items, 'real example')}, with none to spare for a sealed test`
  return `over the best training on real examples alone, measured ${where}`
}

function helpedPart(comparison: Uplift, ground: string | null): string {
  const { task, metric, value, interval, verdict, worth } = comparison
  const head = {
    helps: `ynthetic examples helped with "${task}"`,
    'no-evidence': `here is no evidence that synthetic examples helped with "${task}"`,
    hurts: `ynthetic examples hurt "${task}"`,
  }[verdict]
  const initial = verdict === 'no-evidence' ? 't' : 's'
  const first = ground === null ? initial : initial.toUpperCase()
  const unit = hasPoints(metric) ? ` ${unitText(metric, value)} of` : ' of'
  const figure = `${differenceText(metric, value)}${unit} ${metricText(metric)} (95 % interval ${intervalText(metric, interval)})`
  const small =
    verdict === 'helps' && value < worth
      ? `, which is less than the ${scoreText(metric, worth)}${hasPoints(metric) ? ` ${unitText(metric, worth)}` : ''} that were to be worth it`
      : ''
  return `${first}${head}: ${figure}${ground === null ? '' : ` ${ground}`}${small}`
}

function writeNext(figures: Figures): string {
  const { regime, uplift, gaps } = figures
  const blind = uplift.find(
    ({ verdict, rowsToCollect, replicatesToRun }) =>
      verdict === 'no-evidence' && ((rowsToCollect ?? 0) > 0 || replicatesToRun !== null),
  )
  if (blind !== undefined) return collectRows(regime, blind)
  const [worst] = gaps.ranked
  const hurt = uplift.find(comparison => comparison.verdict === 'hurts')
  if (worst === undefined) {
    return hurt === undefined
      ? 'Collect more real examples as they come: no one kind of them stands out as missing.'
      : `Train "${hurt.task}" without the synthetic examples, and collect more real ones as they come.`
  }
  const wanted = Math.max(1, Math.round(worst.target * gaps.rows) - worst.count)
  const second = gaps.ranked.find(gap => gap !== worst && !isPartOf(gap.cell, worst.cell))
  const cells = [worst, ...(second === undefined ? [] : [second])].map(gap => cellText(gap.cell))
  const collect = `real examples of ${cells.join(' and of ')}`
  if (hurt !== undefined)
    return `Train "${hurt.task}" without the synthetic examples, and collect ${collect} instead.`
  const helped = uplift.some(comparison => comparison.verdict === 'helps')
  const ofThem = cells.length > 1 ? 'the first' : 'them'
  const first = helped
    ? `Collect ${collect} next, about ${countText(wanted)} of ${ofThem}: synthetic ones stand in for them, and only real ones can show whether they stand in well.`
    : `Collect ${collect} next, about ${countText(wanted)} of ${ofThem}.`
  return `${first}${promiseOf(gaps)}`
}

/** Whose examples all belong to the other kind too: collecting that one collects it. */
function isPartOf(cell: Cell, whole: Cell): boolean {
  return Object.entries(whole).every(([name, value]) => cell[name] === value)
}

/** What more real examples of every kind promise, by the learning curve; empty where no curve tells. */
function promiseOf({ curves }: Figures['gaps']): string {
  const curve = curves.find(({ more }) => more !== null)
  if (curve?.more == null) return ''
  const { gain, examples, low, high } = curve.more
  const range = high === null ? `${countText(low)} or more` : `${countText(low)} to ${countText(high)}`
  return ` As real examples of every kind come in, about ${countText(Number(examples.toPrecision(2)))} more (${range}) should bring "${curve.task}" ${scoreText(curve.metric, gain)} ${unitText(curve.metric, gain)} of ${metricText(curve.metric)}.`
}

function collectRows(regime: Report['regime'], uplift: Uplift): string {
  const { task, metric, items, smallestDetectable, worth, replicatesToRun, rivalScore } = uplift
  const rows = uplift.rowsToCollect ?? 0
  const smallest = smallestDetectable.after ?? smallestDetectable.before
  const amount = (value: number): string =>
    `${scoreText(metric, value)}${hasPoints(metric) ? ` ${unitText(metric, value)}` : ''}`
  const seeds =
    replicatesToRun === null ? null : plural(replicatesToRun, regime === 'sealed' ? 'seed' : 'repeat')
  const room = smallest === null ? null : roomFor(metric, rivalScore, smallest)
  const left =
    room === 'worse'
      ? `, while a score of ${scoreText(metric, rivalScore)} leaves room for ${amount(1 - rivalScore)}`
      : ''
  const why =
    smallest === null
      ? `the ${countText(items)} at hand are too few to show a difference of ${amount(worth)}`
      : room === 'none'
        ? `the ${countText(items)} at hand are too few to show even the largest possible difference, and ${amount(worth)} would be worth it`
        : `with the ${countText(items)} at hand only a difference of ${amount(smallest)} or more would show${left}, and ${amount(worth)} would be worth it`
  if (rows === 0) return `Run "${task}" again with ${seeds}: ${why}.`
  return `Label ${plural(rows, 'more real row')} for "${task}"${seeds === null ? '' : ` and run it with ${seeds}`}: ${why}.`
}
