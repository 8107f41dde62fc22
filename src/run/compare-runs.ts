import { canonicalJson } from '../data/hash.ts'
import type { Path } from '../project/mistake.ts'
import type { Report } from '../report/report-schema.ts'
import type { RunSettings } from './settings.ts'

/** What is compared of a run. */
export interface ComparedRun {
  readonly id: string
  readonly report: Report
  /** Null where they were not kept. */
  readonly settings: RunSettings | null
}

/** A setting in which runs differ; `values` are in the order of the runs, undefined where it is not there. */
export interface Difference {
  readonly path: Path
  readonly values: readonly unknown[]
}

export interface Comparison {
  /** Null where the settings of a run were not kept. */
  readonly settings: readonly Difference[] | null
  /** Sources whose content differs: hashes in the order of the runs. */
  readonly data: readonly Difference[] | null
  /** Why scores of one run cannot be read against those of another; empty where they can. */
  readonly apart: readonly string[]
}

/** What sets runs apart, and whether their scores are of the same measurement. */
export function compareRuns(runs: readonly ComparedRun[]): Comparison {
  const settings = runs.map(run => run.settings)
  const isKnown = settings.every(each => each !== null)
  return {
    settings: isKnown
      ? differences(settings.map(({ project, seed, base }) => ({ ...project, seed, base })))
      : null,
    data: isKnown ? differences(settings.map(({ sources }) => sources)) : null,
    apart: [...apartByRows(runs), ...apartByTasks(runs)],
  }
}

/** The paths at which plain values differ, each as deep as all of them go. */
export function differences(values: readonly unknown[], path: Path = []): readonly Difference[] {
  const texts = new Set(values.map(value => (value === undefined ? '' : canonicalJson(value))))
  if (texts.size < 2) return []
  const areLists = values.every(value => Array.isArray(value))
  const areGroups = values.every(
    value => typeof value === 'object' && value !== null && !Array.isArray(value),
  )
  if (!areLists && !areGroups) return [{ path, values }]
  const groups = values as readonly Readonly<Record<string, unknown>>[]
  const keys = [...new Set(groups.flatMap(group => Object.keys(group)))]
  return keys.flatMap(key =>
    differences(
      groups.map(group => group[key]),
      [...path, areLists ? Number(key) : key],
    ),
  )
}

function apartByRows(runs: readonly ComparedRun[]): readonly string[] {
  if (new Set(runs.map(({ report }) => report.regime)).size > 1)
    return ['some were measured on sealed rows, others by cross-validation']
  if (new Set(runs.map(({ report }) => report.data.seal?.hash)).size > 1)
    return ['they were measured on different sealed rows']
  if (runs[0]?.report.regime === 'sealed') return []
  const contents = runs.map(({ settings }) => settings?.sources)
  if (contents.some(each => each === undefined))
    return ['whether they were cross-validated over the same rows is not known: a run kept no settings']
  return differences(contents).length === 0 ? [] : ['they were cross-validated over different rows']
}

/** A task whose question or metric changed is another measurement; what it is learned from may change. */
function apartByTasks(runs: readonly ComparedRun[]): readonly string[] {
  const tasks = runs.flatMap(({ report }) => report.tasks)
  return [...Map.groupBy(tasks, ({ name }) => name)].flatMap(([name, same]) => {
    const asked = same.map(({ kind, metric, heldOutWordings }) => ({ kind, metric, heldOutWordings }))
    return differences(asked).length === 0 ? [] : [`task "${name}" is asked or scored differently in them`]
  })
}
