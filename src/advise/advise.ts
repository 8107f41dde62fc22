import type { Attributes } from '../data/example.ts'
import type { Row } from '../data/row.ts'
import { apportion } from '../stats/apportion.ts'
import type { Advice, AdvisedCandidate, AdvisedGap, AdvisedRequest, ProposedGenerator } from './advice.ts'
import { type Gap, hasCell, nameCell } from './gap.ts'
import { expectRows, type WantedCell } from './plan-requests.ts'
import type { Filling, Trial } from './trial.ts'
import { type Wanted, weighGenerators } from './weigh.ts'

/** A kind of generator that the project lacks, and what it would be here. */
export interface OtherGenerator {
  readonly use: string
  readonly is: string
  readonly fills: readonly Filling[]
  readonly needs: number
  /** Settings to begin with, or why it has no use here. */
  readonly settings: Readonly<Record<string, unknown>> | string
}

export interface AdviseInput {
  readonly project: string
  readonly data: string
  readonly mixture: string | null
  readonly gaps: readonly Gap[]
  /** What is to be asked for, before anyone says of whom. */
  readonly requests: readonly WantedCell[]
  readonly trainingRows: readonly Row[]
  readonly trials: readonly Trial[]
  readonly others: readonly OtherGenerator[]
}

/** What a gap of each kind asks of a generator; null where made rows do not help. */
const fillings: Readonly<Record<Gap['kind'], Filling | null>> = {
  cell: 'cells',
  slice: 'cells',
  combination: 'cells',
  values: 'values',
  wording: 'wording',
  more: 'more',
  label: null,
  noise: null,
  conflict: null,
  repeated: null,
}

const mends: ReadonlySet<Gap['kind']> = new Set(['noise', 'conflict', 'repeated'])

/**
 * Which technique fills which gap, with reasons, yield, time and cost; and the requests that follow. A cell's rows are
 * shared equally among the generators advised for it. Cells that no generator can make are left out of the requests, and
 * their gap says to collect.
 */
export function advise(input: AdviseInput): Advice {
  const real = countReal(input.requests, input.trainingRows)
  const shared = input.requests.map((wanted, index) => shareRequest(wanted, real[index]!, input.trials))
  const make = shared.flat()
  const gaps = input.gaps.map((gap, index) => {
    const planned = gap.cell === null ? null : expectRows(gap.cell, make, input.trainingRows)
    return adviseGap(gap, { rank: index + 1, planned }, input.trials)
  })
  return {
    version: 1,
    project: input.project,
    data: input.data,
    rows: input.trainingRows.length,
    mixture: input.mixture,
    gaps,
    make,
    unmade: input.requests.filter((_, index) => shared[index]!.length === 0),
    add: input.others.flatMap(other => propose(other, input, gaps)),
  }
}

function adviseGap(
  gap: Gap,
  { rank, planned }: Pick<AdvisedGap, 'rank' | 'planned'>,
  trials: readonly Trial[],
): AdvisedGap {
  const { kind, what, count, why, priority, cell, rows, column, real } = gap
  const filling = fillings[kind]
  const candidates = filling === null ? [] : weighGenerators({ filling, cell, column, real }, trials)
  const advised = candidates.filter(each => each.advised)
  const action = mends.has(kind) ? 'mend' : advised.length > 0 ? 'make' : 'collect'
  return {
    rank,
    kind,
    what,
    action,
    count,
    planned,
    do: tellWhatToDo(gap, action, advised),
    why,
    priority,
    cell,
    rows,
    candidates,
  }
}

function tellWhatToDo(
  { kind, what, count, column, cell, rows }: Gap,
  action: AdvisedGap['action'],
  advised: readonly AdvisedCandidate[],
): string {
  const by = advised.map(({ generator }) => generator).join(' and ')
  if (kind === 'repeated') return `take ${count} rows out of the training rows or out of the test`
  if (action === 'mend')
    return `look at ${rows.length === 0 ? `${count} rows` : rows.slice(0, 8).join(', ')} and put them right`
  const verb = action === 'make' ? `make ${count}` : `collect ${count}`
  if (kind === 'values' || kind === 'wording') {
    const kindOf = kind === 'values' ? 'value' : 'wording'
    if (action === 'make')
      return `have ${by} write them: about ${count} of the made rows should bring a ${kindOf} of ${column} that is new`
    return `collect rows with other ${kindOf}s of ${column}: no generator of the mixture brings them`
  }
  if (kind === 'more')
    return action === 'make' ? `${verb} by ${by}, and collect what you can` : 'collect what you can'
  return action === 'make' ? `${verb} with ${nameCell(cell!)}, by ${by}` : `${verb} real rows with ${what}`
}

function shareRequest(
  { cell, count }: WantedCell,
  real: number,
  trials: readonly Trial[],
): readonly AdvisedRequest[] {
  const isEverything = Object.keys(cell).length === 0
  const wanted: Wanted = {
    filling: isEverything ? 'more' : 'cells',
    cell: isEverything ? null : cell,
    column: null,
    real,
  }
  const advised = weighGenerators(wanted, trials).filter(each => each.advised)
  const parts = apportion(
    advised.map(() => 1),
    count,
  )
  return advised.flatMap((candidate, index) => {
    const part = parts[index]!
    return part === 0 ? [] : [requestOf(candidate, { cell, count: part }, trials)]
  })
}

function requestOf(
  candidate: AdvisedCandidate,
  { cell, count }: { readonly cell: Attributes; readonly count: number },
  trials: readonly Trial[],
): AdvisedRequest {
  const trial = trials.find(({ name }) => name === candidate.generator)!
  const tries = count / candidate.yield
  return {
    use: true,
    generator: candidate.generator,
    cell,
    count,
    yield: candidate.yield,
    seconds: roughly(tries * trial.rowSeconds),
    dollars: roughly(tries * trial.dollars),
    why: candidate.why,
  }
}

/** Two digits: it is a prediction. */
function roughly(figure: number): number {
  return Number(figure.toPrecision(2))
}

/** Proposes a kind of generator that the project lacks for gaps that no generator of it fills. */
function propose(
  { use, is, fills, needs, settings }: OtherGenerator,
  input: AdviseInput,
  gaps: readonly AdvisedGap[],
): readonly ProposedGenerator[] {
  const open = gaps.filter(({ kind, action }) => {
    const filling = fillings[kind]
    return filling !== null && action === 'collect' && fills.includes(filling)
  })
  if (open.length === 0) return []
  const named = open.slice(0, 3).map(({ what }) => what)
  const more = open.length > named.length ? ` and ${open.length - named.length} more` : ''
  const rows = input.trainingRows.length
  const whyNot =
    typeof settings === 'string'
      ? settings
      : rows < needs
        ? `it needs ${needs} rows to learn from, and there are ${rows}`
        : null
  const names = new Set(input.trials.map(trial => trial.name))
  return [
    {
      use,
      name: names.has(use) ? `${use}-new` : use,
      gaps: open.map(({ rank }) => rank),
      why: whyNot ?? `${is}: it may fill ${named.join('; ')}${more}, which no generator of the mixture does`,
      settings: typeof settings === 'string' || whyNot !== null ? null : { use, ...settings },
    },
  ]
}

/** Real rows of each cell, in their order. */
function countReal(cells: readonly WantedCell[], rows: readonly Attributes[]): readonly number[] {
  return cells.map(({ cell }) => rows.filter(row => hasCell(row, cell)).length)
}
