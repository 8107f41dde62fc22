import { copyFileSync, linkSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { writeFileAtomic } from '../data/file.ts'
import { canonicalJson } from '../data/hash.ts'
import type { LoadedProject } from '../project/project.ts'
import { renderReport } from '../report/render.ts'
import type { Report } from '../report/report-schema.ts'
import type { Timing } from '../report/timing-schema.ts'
import type { ExecutedStep } from './execute.ts'
import type { Plan } from './plan.ts'
import type { Store } from './store.ts'
import { readTimings } from './timings.ts'

/** Writes what a person looks at: report.json, timing.json, report.html and the mixtures. Returns the report's path. */
export async function finishRun(run: {
  readonly loaded: LoadedProject
  readonly plan: Plan
  readonly store: Store
  readonly folder: string
  readonly report: Report
  readonly executed: readonly ExecutedStep[]
  readonly total: number
}): Promise<string> {
  const { plan, folder, report } = run
  const tilth = path.join(run.loaded.folder, '.tilth')
  const timing = timeSteps(run, readTimings(tilth))
  await writeFileAtomic(path.join(folder, 'report.json'), `${canonicalJson(report)}\n`)
  await writeFileAtomic(path.join(folder, 'timing.json'), `${JSON.stringify(timing, null, 2)}\n`)
  const reportPath = path.join(folder, 'report.html')
  await writeFileAtomic(reportPath, renderReport(report, timing))
  for (const step of plan.steps) {
    if (step.kind !== 'mix') continue
    const place = step.local
      ? path.join(tilth, 'private', 'mixtures', plan.id)
      : path.join(folder, 'mixtures')
    layOut(run.store.folderOf(step), path.join(place, step.subject!), step.local)
  }
  return reportPath
}

/** Seconds of every step: measured now, or remembered from when its result was made. */
function timeSteps(
  { plan, executed, total }: { plan: Plan; executed: readonly ExecutedStep[]; total: number },
  remembered: ReadonlyMap<string, number>,
): Timing {
  const skipped = new Map(executed.map(step => [step.name, step.skipped]))
  return {
    steps: plan.steps.map(({ name, key }) => ({
      name,
      seconds: remembered.get(key) ?? 0,
      skipped: skipped.get(name) ?? true,
    })),
    total: Math.max(0, total),
    predicted: plan.seconds,
  }
}

/** Links the files of a result where a person looks for them; copies where links cannot be. */
function layOut(from: string, to: string, local: boolean): void {
  mkdirSync(to, { recursive: true, ...(local ? { mode: 0o700 } : {}) })
  for (const name of readdirSync(from)) {
    const target = path.join(to, name)
    rmSync(target, { force: true })
    try {
      linkSync(path.join(from, name), target)
    } catch {
      copyFileSync(path.join(from, name), target)
    }
  }
}
