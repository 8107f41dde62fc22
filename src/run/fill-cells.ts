import type { Context } from '../context.ts'
import type { Attributes } from '../data/example.ts'
import type { Row, TracedRow } from '../data/row.ts'
import type { Candidate } from '../validate/candidate.ts'
import type { Verdict } from '../validate/verdict.ts'

/** A cell and the number of accepted rows it should have. */
interface WantedCell {
  readonly cell: Attributes
  readonly count: number
}

/** A row that was turned down, and why. */
export interface RejectedRow {
  readonly traced: TracedRow
  readonly reason: string
  readonly detail: string | null
}

/** What became of a cell. */
interface FilledCell {
  readonly cell: Attributes
  readonly wanted: number
  readonly accepted: number
  /** Candidates judged. */
  readonly tried: number
  /** Rejected candidates by reason. */
  readonly reasons: Readonly<Record<string, number>>
  /** In plain words, where fewer were accepted than wanted. */
  readonly why?: string
}

export interface Filled {
  /** Without their examples, which are rendered anew: a million of them would not fit in memory. */
  readonly accepted: readonly TracedRow[]
  readonly rejected: readonly RejectedRow[]
  readonly cells: readonly FilledCell[]
}

interface FillOptions {
  readonly cells: readonly WantedCell[]
  /** About `count` rows of a cell; fewer, or none, where there are no more. */
  generate(cell: Attributes, count: number, context: Context): Promise<readonly Row[]>
  /** True, or the reason in plain words why no rows of the cell can be made. */
  supports?(cell: Attributes): true | string
  /** `index` numbers the candidates of the whole fill from 0. */
  toCandidate(row: Row, cell: Attributes, index: number): Candidate
  /** Called once for each candidate; what it passes is accepted. */
  judge(candidate: Candidate): Verdict
  /** Rows made at most for each one wanted, >= 1. */
  readonly tries: number
  readonly context: Context
}

/** Batches without a row after which a generator is taken to have no more. */
const emptyBatches = 3

/**
 * Generates and judges in turn until every cell has exactly the rows it wants, or as many as a bounded number of tries
 * gives: then the cell says why. A batch is as large as the acceptance so far lets expect to be needed; its random
 * stream follows from the places of cell and batch. Throws a RangeError for a count or `tries` that is no whole number,
 * the signal's reason when aborted, and what the generator throws.
 */
export async function fillCells(options: FillOptions): Promise<Filled> {
  checkNumbers(options)
  const { cells, context } = options
  const total = cells.reduce((sum, { count }) => sum + count, 0)
  const accepted: TracedRow[] = []
  const rejected: RejectedRow[] = []
  const filled: FilledCell[] = []
  let candidates = 0
  let settled = 0
  for (const [number, wanted] of cells.entries()) {
    const outcome = await fillCell(options, wanted, {
      context: { ...context, random: context.random.stream(`cell ${number}`), progress: () => {} },
      nextIndex: () => candidates++,
      accept(traced) {
        accepted.push(traced)
        context.progress(++settled, total)
      },
      reject: rejection => rejected.push(rejection),
    })
    filled.push(outcome)
    const missing = outcome.wanted - outcome.accepted
    if (missing > 0) context.progress((settled += missing), total)
  }
  return { accepted, rejected, cells: filled }
}

interface CellEffects {
  readonly context: Context
  nextIndex(): number
  accept(traced: TracedRow): void
  reject(rejection: RejectedRow): void
}

async function fillCell(options: FillOptions, wanted: WantedCell, effects: CellEffects): Promise<FilledCell> {
  const { cell, count } = wanted
  const limit = count * options.tries
  const reasons: Record<string, number> = {}
  let [accepted, tried, made, empty] = [0, 0, 0, 0]
  const outcome = (why?: string): FilledCell => {
    const sorted = Object.fromEntries(Object.entries(reasons).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    return { cell, wanted: count, accepted, tried, reasons: sorted, ...(why === undefined ? {} : { why }) }
  }
  const supported = count === 0 ? true : (options.supports?.(cell) ?? true)
  if (supported !== true) return outcome(supported)

  for (let batch = 0; accepted < count; batch++) {
    effects.context.signal.throwIfAborted()
    if (made >= limit)
      return outcome(whyShort(outcome(), `after ${made} tries, the most allowed (${options.tries} for each)`))
    if (empty >= emptyBatches) return outcome(whyShort(outcome(), 'and the generator made no more'))
    const size = Math.min(batchSize(count - accepted, accepted, tried), limit - made)
    const random = effects.context.random.stream(`batch ${batch}`)
    const rows = (await options.generate(cell, size, { ...effects.context, random })).slice(0, limit - made)
    made += rows.length
    empty = rows.length === 0 ? empty + 1 : 0
    for (const row of rows) {
      if (accepted === count) break
      effects.context.signal.throwIfAborted()
      const candidate = options.toCandidate(row, cell, effects.nextIndex())
      const verdict = options.judge(candidate)
      tried++
      if (verdict.pass) {
        accepted++
        effects.accept(candidate.traced)
      } else {
        reasons[verdict.reason] = (reasons[verdict.reason] ?? 0) + 1
        effects.reject({ traced: candidate.traced, reason: verdict.reason, detail: verdict.detail ?? null })
      }
    }
  }
  return outcome()
}

/** Rows that should bring the missing ones at the acceptance so far, a tenth to spare; at most doubles what was tried. */
function batchSize(missing: number, accepted: number, tried: number): number {
  const rate = (accepted + 1) / (tried + 1)
  return rate === 1 ? missing : Math.min(Math.ceil((missing / rate) * 1.1), Math.max(missing, tried))
}

function whyShort({ cell, wanted, accepted, tried, reasons }: FilledCell, ending: string): string {
  const name = Object.entries(cell)
    .map(([attribute, value]) => `${attribute} = ${String(value)}`)
    .join(', ')
  const counts = Object.entries(reasons)
    .toSorted(([, a], [, b]) => b - a)
    .map(([reason, count]) => `${count} as ${reason}`)
    .join(', ')
  const rejections = counts === '' ? '' : `; of ${tried} judged, rejected: ${counts}`
  return `${accepted} of ${wanted} rows${name === '' ? '' : ` of ${name}`} were accepted ${ending}${rejections}`
}

function checkNumbers({ cells, tries }: FillOptions): void {
  if (!Number.isInteger(tries) || tries < 1)
    throw new RangeError(`fill: tries ${tries} is not a whole number >= 1`)
  for (const { count } of cells) {
    if (!Number.isInteger(count) || count < 0)
      throw new RangeError(`fill: count ${count} is not a whole number >= 0`)
  }
}
