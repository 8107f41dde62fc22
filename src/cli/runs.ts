import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Report } from '../report/report-schema.ts'
import { type Timing, timingSchema } from '../report/timing-schema.ts'
import { compareRuns } from '../run/compare-runs.ts'
import { readSettings } from '../run/settings.ts'
import { defineCommand, jsonFlag, projectFlag } from './command.ts'
import { exitCodes, UsageError, type ExitCode } from './exit.ts'
import { findRun, listRuns, type RunFolder } from './run-folder.ts'
import { formatComparison, type ShownRun } from './runs-table.ts'
import type { Terminal } from './terminal.ts'
import { formatTable } from './text.ts'
import { formatVerdict } from './verdict.ts'

export const runsCommand = defineCommand({
  name: 'runs',
  summary: 'Lists the runs of a project, or compares some of them.',
  details:
    'A run is named for what it would make: the same data, settings and seed give the same run. ' +
    'Named runs are set side by side: what differs in their settings and data, and what each of them found. The beginning of a name is enough, or of what follows its dash.',
  examples: ['tilth runs', 'tilth runs strikes-1a2b3c4d 5e6f', 'tilth runs --json'],
  many: true,
  args: {
    run: { type: 'positional', required: false, description: 'Runs to compare; left out, all are listed.' },
    ...projectFlag,
    ...jsonFlag,
  },
  async run(args, terminal) {
    const project = resolve(args.project ?? '.')
    const json = args.json === true
    return args._.length === 0
      ? showList(await listRuns(project), json, terminal)
      : compare(project, args._, json, terminal)
  },
})

function showList(runs: readonly RunFolder[], json: boolean, terminal: Terminal): ExitCode {
  if (json) {
    const plain = runs.map(({ id, folder, state, changed, report }) => ({
      id,
      folder,
      state,
      when: new Date(changed).toISOString(),
      project: report?.project.name ?? null,
      seed: report?.project.seed ?? null,
      answer: report?.answer ?? null,
      uplift: report?.uplift ?? [],
    }))
    terminal.out(JSON.stringify({ runs: plain }, null, 2))
  } else if (runs.length === 0) terminal.note('No run yet: `tilth run` makes one.')
  else {
    const rows = runs.map(({ id, state, changed, report }) => [
      id,
      formatMoment(changed),
      report?.project.seed ?? '–',
      state,
      verdictsOf(report),
    ])
    terminal.out(
      formatTable(['run', 'when', 'seed', 'state', 'uplift in points, with its 95 % interval'], rows),
    )
  }
  return exitCodes.done
}

async function compare(
  project: string,
  names: readonly string[],
  json: boolean,
  terminal: Terminal,
): Promise<ExitCode> {
  const runs = await Promise.all(names.map(async name => openShown(await findRun(project, name))))
  const twice = runs.find((run, index) => runs.findIndex(({ id }) => id === run.id) !== index)
  if (twice !== undefined) throw new UsageError(`Run ${twice.id} is named twice.`)
  const comparison = compareRuns(runs)
  if (!json) {
    terminal.out(formatComparison(runs, comparison, terminal))
    return exitCodes.done
  }
  const plain = runs.map(({ id, folder, when, seconds, report }) => ({
    id,
    folder,
    when,
    seconds,
    project: report.project,
    regime: report.regime,
    seal: report.data.seal,
    cells: report.generation.cells,
    arms: report.arms,
    uplift: report.uplift,
  }))
  terminal.out(
    JSON.stringify({ runs: plain, comparable: comparison.apart.length === 0, ...comparison }, null, 2),
  )
  return exitCodes.done
}

async function openShown({ id, folder, changed, report }: RunFolder): Promise<ShownRun> {
  const timing: Timing = timingSchema.parse(JSON.parse(await readFile(join(folder, 'timing.json'), 'utf8')))
  return {
    id,
    folder,
    when: new Date(changed).toISOString(),
    moment: formatMoment(changed),
    seconds: timing.steps.reduce((sum, step) => sum + step.seconds, 0),
    report: report!,
    settings: readSettings(folder),
  }
}

/** `2026-03-01 14:05`, in the time of this place. */
function formatMoment(milliseconds: number): string {
  const date = new Date(milliseconds)
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(twoDigits).join('-')
  return `${day} ${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}`
}

function twoDigits(part: number): string {
  return String(part).padStart(2, '0')
}

function verdictsOf(report: Report | null): string {
  if (report === null) return ''
  return report.uplift.length === 0 ? 'not measured' : report.uplift.map(formatVerdict).join('; ')
}
