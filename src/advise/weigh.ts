import type { Attributes } from '../data/example.ts'
import type { AdvisedCandidate } from './advice.ts'
import { keyOfCell } from './gap.ts'
import type { Filling, Trial } from './trial.ts'

/** Accepted for each tried where nothing was tried: a guess, and called one. */
const guessedYield = 0.5
/** With fewer real rows of a kind, what is fitted on them can only say them again. */
const fewestToLearn = 5
/** Fewer accepted than this of what the best one brings are not worth the tries. */
const leastOfBest = 0.1

/** What is to be filled: rows of a cell, more of everything, or a column's values or wording. */
export interface Wanted {
  readonly filling: Filling
  readonly cell: Attributes | null
  readonly column: string | null
  /** Real rows of the kind; null where that says nothing. */
  readonly real: number | null
}

/**
 * What every generator could do for a gap, and which are advised: of those in the mixture that can, all that are not far
 * behind the best, since nothing shows that one source is better than several. Where there are too few real rows of the
 * kind to learn from, those that can go beyond what they saw, if there are such.
 */
export function weighGenerators(wanted: Wanted, trials: readonly Trial[]): readonly AdvisedCandidate[] {
  const judged = trials.map(trial => ({ trial, ...judge(wanted, trial) }))
  const able = judged.filter(({ trial, why }) => trial.mixed && why === null)
  const beyond = able.filter(({ trial }) => trial.reach === 'beyond')
  const isRare = wanted.real !== null && wanted.real < fewestToLearn
  const chosen = isRare && beyond.length > 0 ? beyond : able
  const best = Math.max(...chosen.map(each => each.yield), 0)
  return judged.map(each => {
    const isChosen = chosen.includes(each) && each.yield >= leastOfBest * best
    const passedOver = able.includes(each) && !isChosen
    return {
      generator: each.trial.name,
      use: each.trial.use,
      able: each.why === null,
      advised: isChosen,
      why:
        each.why ??
        (passedOver
          ? whyPassedOver(isRare && !chosen.includes(each), wanted.real)
          : each.trial.mixed
            ? whyChosen(each.trial, wanted, isRare)
            : 'it could, but the mixture does not take its rows: add it to its `generators`'),
      yield: each.yield,
      measured: each.measured,
    }
  })
}

interface Judged {
  /** Why it cannot; null where it can. */
  readonly why: string | null
  readonly yield: number
  readonly measured: AdvisedCandidate['measured']
}

function judge(wanted: Wanted, trial: Trial): Judged {
  const cannot = (why: string, measured: Judged['measured'] = null): Judged => ({ why, yield: 0, measured })
  if (trial.unfit !== null) return cannot(trial.unfit)
  const isFresh = wanted.filling === 'values' || wanted.filling === 'wording'
  // What was tried says more than what is declared: a synthesizer that saw other rows too knows other values.
  if (isFresh && trial.cells.length > 0) return judgeFresh(wanted, trial, cannot)
  if (!trial.fills.includes(wanted.filling)) return cannot(whyNever[wanted.filling](trial))
  if (isFresh) return { why: null, yield: guessedYield, measured: null }
  const tried = triedFor(wanted, trial)
  if (tried === undefined) return { why: null, yield: guessedYield, measured: null }
  if (tried.why !== null) return cannot(tried.why)
  const measured = { tried: tried.tried, accepted: tried.accepted }
  if (tried.accepted === 0) return cannot(whyNone(tried), measured)
  return { why: null, yield: tried.accepted / tried.tried, measured }
}

function judgeFresh(
  { filling, column }: Wanted,
  trial: Trial,
  cannot: (why: string, measured?: Judged['measured']) => Judged,
): Judged {
  const brought = trial.brings.find(each => each.column === column)
  const measured = brought === undefined ? null : { tried: brought.rows, accepted: brought.fresh }
  if (brought === undefined || brought.rows === 0) return cannot('of what was tried, no row passed', measured)
  if (brought.fresh > 0) return { why: null, yield: brought.fresh / brought.rows, measured }
  const what = filling === 'values' ? 'value' : 'beginning of a sentence'
  const hint = trial.fills.includes(filling) ? '; write more into it' : ''
  return cannot(
    `${trial.is}: none of ${brought.rows} rows brought a ${what} that the real rows lack${hint}`,
    measured,
  )
}

/** A probe of the cell itself; for more of everything, all that was tried taken together. */
function triedFor({ cell }: Wanted, { cells }: Trial): Trial['cells'][number] | undefined {
  if (cell !== null) return cells.find(each => keyOfCell(each.cell) === keyOfCell(cell))
  if (cells.length === 0) return undefined
  const sum = (of: (each: Trial['cells'][number]) => number): number =>
    cells.reduce((total, each) => total + of(each), 0)
  const why = cells.every(each => each.why !== null) ? cells[0]!.why : null
  const reasons: Record<string, number> = {}
  for (const [reason, count] of cells.flatMap(each => Object.entries(each.reasons))) {
    reasons[reason] = (reasons[reason] ?? 0) + count
  }
  return { cell: {}, why, tried: sum(each => each.tried), accepted: sum(each => each.accepted), reasons }
}

const whyNever: Readonly<Record<Filling, (trial: Trial) => string>> = {
  cells: ({ is }) => `${is}: it makes no rows of a kind that is asked for`,
  more: ({ is }) => `${is}: it makes no further rows of every kind`,
  values: ({ is }) => `${is}: it says only values that it has seen`,
  wording: ({ is }) => `${is}: it writes no new sentences`,
}

function whyNone({ tried, reasons }: Trial['cells'][number]): string {
  const worst = Object.entries(reasons).toSorted(([, a], [, b]) => b - a)[0]
  if (tried === 0) return 'it made no row of it'
  return `none of ${tried} candidates passed${worst === undefined ? '' : `; ${worst[1]} were turned down as ${worst[0]}`}`
}

function whyChosen({ is, reach }: Trial, { real, filling, column }: Wanted, isRare: boolean): string {
  if (filling === 'values') return `${is}: its rows bring values of ${column} that the real ones lack`
  if (filling === 'wording') return `${is}: its rows bring sentences that the real ones lack`
  if (isRare && reach === 'fitted' && real === 0) return `${is}; but it never saw a row of the kind`
  if (isRare && reach === 'fitted') return `${is}; but with ${rowsOfKind(real)} it can hardly vary them`
  if (isRare) return `${is}: with ${rowsOfKind(real)} to learn from, it is one that goes beyond them`
  return reach === 'fitted'
    ? `${is}: there are real rows of the kind to learn from`
    : `${is}: it can make this kind`
}

function whyPassedOver(isFitted: boolean, real: number | null): string {
  if (isFitted && real === 0) return 'it could, but it never saw a row of the kind'
  return isFitted
    ? `it could, but with ${rowsOfKind(real)} it would say those again`
    : 'it could, but far fewer of its candidates pass'
}

function rowsOfKind(real: number | null): string {
  return `${real === 0 ? 'no' : real} real ${real === 1 ? 'row' : 'rows'} of the kind`
}
