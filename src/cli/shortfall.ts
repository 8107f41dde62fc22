import type { FilledMixture } from '../run/steps/fill.ts'
import { exitCodes, type ExitCode } from './exit.ts'
import type { Terminal } from './terminal.ts'

/** How a cell was filled, as the run and its report tell it. */
interface Filling {
  readonly mixture: string
  readonly cell: Readonly<Record<string, unknown>>
  readonly wanted: number
  readonly accepted: number
  readonly why: string | null
}

/** Says which cells stayed short, and gives the exit code: a mixture without a single row has failed. */
export function tellShortfall(fillings: readonly Filling[], terminal: Terminal): ExitCode {
  // What one generator left to others is no longer wanted of it: each shortfall that is left is a cell's own.
  const short = fillings.filter(({ wanted, accepted }) => accepted < wanted)
  const nameOf = ({ mixture, cell }: Filling): string => `${mixture}/${JSON.stringify(cell)}`
  if (short.length > 0) {
    const missing = short.reduce((sum, { wanted, accepted }) => sum + wanted - accepted, 0)
    const worst = short.toSorted((a, b) => b.wanted - b.accepted - (a.wanted - a.accepted))[0]!
    const why = worst.why === null ? '' : ` The shortest: ${worst.why}.`
    terminal.note(
      `${terminal.style('yellow', '!')} ${missing} rows are missing in ${new Set(short.map(nameOf)).size} of ${new Set(fillings.map(nameOf)).size} cells.${why}`,
    )
  }
  const mixtures = new Set(fillings.map(({ mixture }) => mixture))
  const isEmpty = [...mixtures].some(name => {
    const own = fillings.filter(({ mixture }) => mixture === name)
    return own.some(({ wanted }) => wanted > 0) && own.every(({ accepted }) => accepted === 0)
  })
  return isEmpty ? exitCodes.short : exitCodes.done
}

/** The fillings of mixtures as their steps made them. */
export function fillingsOf(
  mixtures: readonly (readonly [string, FilledMixture, ...unknown[]])[],
): readonly Filling[] {
  return mixtures.flatMap(([mixture, { cells }]) => cells.map(cell => ({ mixture, ...cell })))
}
