import { formatPath, formatValue } from '../project/mistake.ts'
import type { ComparedRun, Comparison, Difference } from '../run/compare-runs.ts'
import type { Terminal } from './terminal.ts'
import { formatSeconds, formatTable, wrapText } from './text.ts'
import { formatScore } from './verdict.ts'

/** A run that is compared, with what no report holds: when it was made and how long that took. */
export interface ShownRun extends ComparedRun {
  readonly folder: string
  readonly when: string
  readonly moment: string
  /** Of all its steps, those that were kept from earlier runs included. */
  readonly seconds: number
}

/** Runs side by side: what differs in them, then what each found. */
export function formatComparison(
  runs: readonly ShownRun[],
  comparison: Comparison,
  terminal: Terminal,
): string {
  const head = (text: string): string => terminal.style('bold', text, 'out')
  const several = runs.length > 1
  const { apart } = comparison
  return [
    ...(apart.length === 0
      ? []
      : [wrapText(`Their scores cannot be compared: ${apart.join('; ')}.`, terminal.width)]),
    formatTable(['', ...runs.map(({ id }) => id)], overview(runs)),
    ...(several
      ? [
          `${head('Settings that differ')}\n${settingsText(comparison, runs, terminal.width)}`,
          ...(comparison.data === null || comparison.data.length === 0
            ? []
            : [`${head('Data that differ')}\n${differencesText(comparison.data, runs, terminal.width)}`]),
        ]
      : []),
    ...taskNames(runs).map(
      task => `${head(task)}\n${formatTable(['', ...runs.map(({ id }) => id)], scores(task, runs))}`,
    ),
  ].join('\n\n')
}

function overview(runs: readonly ShownRun[]): readonly (readonly string[])[] {
  const row = (name: string, of: (run: ShownRun) => string): readonly string[] => [name, ...runs.map(of)]
  return [
    row('when', ({ moment }) => moment),
    row('project', ({ report }) => report.project.name),
    row('seed', ({ report }) => String(report.project.seed)),
    row('measured on', ({ report: { data, regime } }) =>
      regime === 'sealed'
        ? `${data.seal?.rows} sealed rows, look ${data.seal?.look}`
        : `${data.split.train} cross-validated rows`,
    ),
    row('gaps filled', ({ report }) => {
      const { cells } = report.generation
      const [accepted, wanted] = (['accepted', 'wanted'] as const).map(key =>
        cells.reduce((sum, cell) => sum + cell[key], 0),
      )
      return wanted === 0 ? 'none asked for' : `${accepted} of ${wanted} rows`
    }),
    row('time of its steps', ({ seconds }) => formatSeconds(seconds)),
  ]
}

function settingsText({ settings, data }: Comparison, runs: readonly ShownRun[], width: number): string {
  if (settings === null) {
    const without = runs.filter(run => run.settings === null).map(({ id }) => id)
    return wrapText(
      `Not known: ${without.join(' and ')} kept no settings. \`tilth run\` keeps them.`,
      width,
      '  ',
    )
  }
  if (settings.length > 0) return differencesText(settings, runs, width)
  const why = data?.length === 0 ? '; what differs is tilth itself, or what reviewers decided' : ''
  return wrapText(`None${why}.`, width, '  ')
}

/** Each path, and under it what it is in which runs. */
function differencesText(
  differences: readonly Difference[],
  runs: readonly ShownRun[],
  width: number,
): string {
  return differences
    .map(({ path, values }) => {
      const texts = values.map(value => (value === undefined ? 'not there' : formatValue(value)))
      const lines = [...Map.groupBy(runs, (_run, index) => texts[index]!)].map(([text, same]) =>
        wrapText(`- ${text} in ${same.map(({ id }) => id).join(' and ')}`, width, '    '),
      )
      return [`  ${formatPath(path)}`, ...lines].join('\n')
    })
    .join('\n')
}

function taskNames(runs: readonly ShownRun[]): readonly string[] {
  return [
    ...new Set(runs.flatMap(({ report }) => report.arms.flatMap(arm => arm.tasks.map(({ task }) => task)))),
  ]
}

/** The score of each arm and the uplift, with 95 % intervals. */
function scores(task: string, runs: readonly ShownRun[]): readonly (readonly string[])[] {
  const arms = [...new Set(runs.flatMap(({ report }) => report.arms.map(({ name }) => name)))]
  const metricOf = ({ report }: ShownRun): string =>
    report.tasks.find(({ name }) => name === task)?.metric ?? 'not there'
  const scoreOf = (run: ShownRun, arm: string): string => {
    const metric = metricOf(run)
    const found = run.report.arms.find(({ name }) => name === arm)?.tasks.find(each => each.task === task)
    const score = found?.scores[metric]
    return score === undefined ? '–' : withInterval(metric, score.mean, score.interval)
  }
  const upliftOf = (run: ShownRun): string => {
    const found = run.report.uplift.find(each => each.task === task)
    if (found === undefined) return 'not measured'
    const { metric, value, interval, verdict, rival } = found
    return `${value > 0 ? '+' : ''}${withInterval(metric, value, interval)} over ${rival}: ${verdict}`
  }
  return [
    ['metric', ...runs.map(metricOf)],
    ...arms
      .map(arm => [arm, ...runs.map(run => scoreOf(run, arm))])
      .filter(row => row.slice(1).some(cell => cell !== '–')),
    ['uplift', ...runs.map(upliftOf)],
  ]
}

function withInterval(
  metric: string,
  value: number,
  interval: { readonly low: number; readonly high: number } | null,
): string {
  const score = formatScore(metric, value)
  if (interval === null) return score
  return `${score} (${formatScore(metric, interval.low)} to ${formatScore(metric, interval.high)})`
}
