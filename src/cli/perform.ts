import { relative } from 'node:path'
import type { Advice } from '../advise/advice.ts'
import type { LoadedProject } from '../project/project.ts'
import type { Report } from '../report/report-schema.ts'
import type { RunResult, Stage } from '../run/run.ts'
import { exitCodes, type ExitCode } from './exit.ts'
import { findingsOf } from './findings.ts'
import { showProgress } from './progress.ts'
import { tellShortfall } from './shortfall.ts'
import type { Terminal } from './terminal.ts'
import { formatSeconds, wrapText } from './text.ts'
import { formatScore } from './verdict.ts'

interface Performance {
  readonly loaded: LoadedProject
  readonly seed: number | undefined
  readonly until?: Stage
  /** Who makes what for the first mixture. */
  readonly advice?: Advice | undefined
  /** Whether an advice tries the generators. */
  readonly probe?: boolean
  readonly skipBadRows: boolean
}

/** Runs a project, or a part of it, and shows how it goes. */
export async function performRun(
  { loaded, seed, until, advice, probe, skipBadRows }: Performance,
  terminal: Terminal,
): Promise<RunResult> {
  // The engine is loaded only now, so that help and mistakes in the command line are told at once.
  const { runProject } = await import('../run/run.ts')
  const progress = showProgress(terminal)
  try {
    return await runProject({
      loaded,
      signal: terminal.signal,
      events: progress,
      skipBadRows,
      ...(seed === undefined ? {} : { seed }),
      ...(until === undefined ? {} : { until }),
      ...(advice === undefined ? {} : { advice }),
      ...(probe === undefined ? {} : { probe }),
    })
  } finally {
    progress.stop()
  }
}

/** The end of a whole run: the three sentences and where the report is, or all of it as JSON. */
export function tellResult(result: RunResult, options: { json: boolean }, terminal: Terminal): ExitCode {
  const { report, reportPath } = result
  if (report === null || reportPath === null) throw new Error(`run ${result.id} ended without a report`)
  const code = tellShortfall(report.generation.cells, terminal)
  if (report.uplift.length === 0) tellBaseline(report, terminal)
  const made = result.steps.filter(step => !step.skipped)
  const kept = result.steps.length - made.length
  if (options.json) {
    const { id, folder } = result
    terminal.out(JSON.stringify({ id, folder, reportPath, answer: report.answer, report }, null, 2))
  } else terminal.out(formatAnswer(report.answer, findingsOf(report), terminal))
  if (code === exitCodes.short)
    terminal.note('\nA mixture stayed empty: `tilth validate` says why its candidates were turned down.')
  const steps =
    made.length === 0
      ? 'Nothing had to be made again'
      : `${made.length} steps in ${formatSeconds(result.seconds)}`
  terminal.note(
    terminal.style(
      'dim',
      `\n${steps}${kept === 0 || made.length === 0 ? '' : `, ${kept} kept from before`}. The report:`,
    ),
  )
  terminal.note(shortPath(reportPath))
  return code
}

/** Without a comparison, what the real examples reach alone is what there is to know. */
function tellBaseline(report: Report, terminal: Terminal): void {
  for (const { name, metric } of report.tasks) {
    const alone = report.arms.find(arm => arm.name === 'real')?.tasks.find(({ task }) => task === name)
    const score = alone?.scores[metric]
    if (score === undefined) continue
    const { low, high } = score.interval ?? { low: score.mean, high: score.mean }
    const figures = [score.mean, low, high].map(figure => formatScore(metric, figure))
    terminal.note(
      `${name}: real examples alone reach ${figures[0]} of ${metric} (${figures[1]} to ${figures[2]}) on held-out ones.`,
    )
  }
}

/** A path as seen from here, where that is the shorter one. */
export function shortPath(path: string): string {
  const seen = relative(process.cwd(), path)
  return seen.startsWith('..') ? path : seen
}

interface Answer {
  readonly missing: string
  readonly helped: string
  readonly next: string
}

function formatAnswer(
  { missing, helped, next }: Answer,
  findings: readonly string[],
  terminal: Terminal,
): string {
  const part = (head: string, ...sentences: readonly string[]): string =>
    [
      terminal.style('bold', head, 'out'),
      ...sentences.map(sentence => wrapText(sentence, terminal.width, '  ')),
    ].join('\n')
  return [
    '',
    part('What is missing', missing),
    part('Whether synthetic examples helped', helped),
    part('What to collect next', next),
    ...(findings.length === 0 ? [] : [part('What else was found', ...findings)]),
  ].join('\n')
}
