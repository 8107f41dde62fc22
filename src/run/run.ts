import { statSync } from 'node:fs'
import path from 'node:path'
import type { Advice } from '../advise/advice.ts'
import { createContext, type TrainingPulse } from '../context.ts'
import { hashFile, writeFileAtomic } from '../data/file.ts'
import type { LoadedProject } from '../project/project.ts'
import type { Report } from '../report/report-schema.ts'
import { executeSteps, type ExecutedStep, readResult } from './execute.ts'
import { finishRun } from './finish.ts'
import { type BaseModel, inspectBase } from './base-model.ts'
import { layOutBadRows } from './bad-rows.ts'
import { openJournal } from './journal.ts'
import { takeLock } from '../data/lock.ts'
import { type LooksFile, openLooks } from './looks.ts'
import { type TaskForecast, tellForecast } from './steps/forecast.ts'
import { type Plan, type PlanInput, type PlannedStep, planPrepare, planSteps, type StepKind } from './plan.ts'
import { planAdvise } from './plan-advise.ts'
import { tellSearches } from './report-search.ts'
import type { MixtureSearch } from './steps/search.ts'
import { type Prepared, prepareRead, prepareRows, type ReadFile, sourceFiles } from './steps/prepare.ts'
import { fetchBases } from './place-base.ts'
import { preflightRows } from './preflight.ts'
import { countReplicates, publishedReplicate } from './replicate.ts'
import { type RunReview, readReviews } from './review.ts'
import { keepSettings } from './settings.ts'
import { openStore, type Store } from './store.ts'
import { dataHash, parseAdvice, useAdvice } from './use-advice.ts'
import { threadsAtOnce } from './threads-at-once.ts'
import { appendTiming } from './timings.ts'

export type Stage = 'gaps' | 'advise' | 'generate' | 'validate' | 'mix' | 'tune' | 'evaluate' | 'report'

/** What a run tells while it works. */
export interface RunEvents {
  log(message: string): void
  step(event: {
    readonly name: string
    readonly state: 'start' | 'done' | 'skipped'
    readonly seconds: number
    /** Steps that were begun before it. */
    readonly index: number
    readonly total: number
    /** Predicted seconds of this step, and of all that are not yet made, this one among them. */
    readonly predicted: number
    readonly left: number
    /** Steps like this one that run side by side. */
    readonly beside: number
  }): void
  progress(step: string, done: number, total: number, training?: TrainingPulse): void
  /** Bytes of the base model that are here, of all, while it is fetched from the hub. */
  fetching?(done: number, total: number): void
}

export interface RunOptions {
  readonly loaded: LoadedProject
  /** Instead of the project's. */
  readonly seed?: number
  readonly signal: AbortSignal
  readonly events: RunEvents
  /** The last stage to pass through; left out, all. */
  readonly until?: Stage
  /** Who makes what for the first mixture; left out, its generators share equally. */
  readonly advice?: Advice
  /** With `until: 'advise'`: whether the generators are tried, which is so where it is left out. */
  readonly probe?: boolean
  /** Sets records that cannot be read aside in files, where they are no more than a tenth; left out, ends at the first. */
  readonly skipBadRows?: boolean
  /** Threads that decoders may keep busy at once; left out, one a core where the memory has room. No result follows from it. */
  readonly threads?: number
}

export interface RunResult {
  readonly id: string
  readonly folder: string
  /** Null where the run ended before the report. */
  readonly report: Report | null
  readonly reportPath: string | null
  readonly steps: readonly ExecutedStep[]
  /** Of the whole run, on the clock. */
  readonly seconds: number
  /** What the stage asked for by `until` made, by step name. */
  readonly partial: Readonly<Record<string, unknown>>
  /** The folder that the result of each step of the stage lies in, by step name. */
  readonly places: Readonly<Record<string, string>>
}

/** The kinds of step that lead to a stage; none for those that take the whole run. */
const passes: Readonly<Record<Stage, readonly StepKind[]>> = {
  gaps: ['prepare', 'gaps', 'curve'],
  advise: ['prepare', 'gaps', 'curve', 'advise'],
  generate: ['prepare', 'fit', 'search', 'fill'],
  validate: ['prepare', 'fit', 'search', 'fill'],
  mix: ['prepare', 'fit', 'search', 'fill', 'mix'],
  tune: ['prepare', 'fit', 'search', 'fill', 'tune'],
  evaluate: [],
  report: [],
}

/**
 * Passes through the loop: plan, execute, report. What an earlier run of the folder made from the same inputs, options
 * and code is taken from its store. Throws UserError where another run holds the folder, and the signal's reason
 * when it is aborted; either way nothing that was made is lost.
 */
export async function runProject(options: RunOptions): Promise<RunResult> {
  const { loaded, signal, events } = options
  const began = performance.now()
  const seed = options.seed ?? loaded.project.seed
  const tilth = path.join(loaded.folder, '.tilth')
  const release = takeLock(tilth)
  try {
    const store = openStore(tilth)
    const opened = await openPlan({
      loaded,
      seed,
      store,
      signal,
      skipBadRows: options.skipBadRows ?? false,
      log: events.log,
      fetching: (done, total) => events.fetching?.(done, total),
      advice: options.advice,
      ...(options.until === 'advise' ? { advise: { probe: options.probe ?? true } } : {}),
    })
    const { plan, prepared, looks, review, base } = opened
    const folder = path.join(loaded.folder, 'runs', plan.id)
    await layOutBadRows({ loaded, id: plan.id, prepared: await prepared(), log: events.log })
    const isWhole = options.until === undefined || passes[options.until].length === 0
    if (isWhole) {
      const content = `${JSON.stringify(withoutOptions(plan), null, 2)}\n`
      await writeFileAtomic(path.join(folder, 'plan.json'), content)
      await keepSettings(folder, {
        project: loaded.project,
        seed,
        sources: opened.sources,
        ...(base === null ? {} : { base: { hash: base.hash, commit: base.commit } }),
      })
    }
    const steps = stepsUntil(plan, options.until)
    const threads = options.threads ?? threadsAtOnce(plan)
    const besides = (step: PlannedStep): number =>
      step.threads === null ? 1 : Math.max(1, Math.floor(threads / step.threads))
    const begun = new Map<PlannedStep, number>()
    const unmade = new Set(steps)
    const { executed, read } = await executeSteps(
      {
        project: loaded.project,
        folder: loaded.folder,
        seed,
        plan,
        prepared,
        review,
        store,
        signal,
        threads,
        log: events.log,
        progress: events.progress,
        journal: isWhole ? openJournal(folder) : () => {},
        beforeOpeningSeal: () => looks.save(plan.steps.find(({ kind }) => kind === 'evaluate')!.key),
        onStep: async ({ step, state, seconds }) => {
          const index = begun.get(step) ?? begun.size
          begun.set(step, index)
          if (state === 'done') appendTiming(tilth, step.key, seconds)
          events.step({
            name: step.name,
            state,
            seconds,
            index,
            total: steps.length,
            predicted: step.seconds,
            left: [...unmade].reduce((sum, each) => sum + each.seconds / besides(each), 0),
            beside: besides(step),
          })
          if (state !== 'start') unmade.delete(step)
          // One line a mixture, when the last of its searches is made.
          if (step.kind === 'search' && state !== 'start') {
            const own = steps.filter(({ kind, subject }) => kind === 'search' && subject === step.subject)
            if (own.at(-1) === step) {
              const searches = await Promise.all(own.map(each => readResult<MixtureSearch>(store, each)))
              events.log(`${step.subject}: ${tellSearches(searches)}`)
            }
          }
          if (step.kind === 'forecast' && state !== 'start') {
            const forecasts = await readResult<readonly TaskForecast[]>(store, step)
            for (const line of tellForecast(forecasts, loaded.project.evaluate.worth)) events.log(line)
          }
        },
      },
      steps,
    )
    if (!isWhole && options.until !== undefined) {
      return {
        id: plan.id,
        folder,
        report: null,
        reportPath: null,
        steps: executed,
        seconds: (performance.now() - began) / 1000,
        partial: await readStage(steps, options.until, read),
        places: Object.fromEntries(steps.map(step => [step.name, store.folderOf(step)])),
      }
    }
    const report = await read<Report>('report')
    const seconds = (performance.now() - began) / 1000
    const reportPath = await finishRun({
      loaded,
      plan,
      store,
      folder,
      report,
      executed,
      total: seconds,
    })
    const { arms, uplift } = report
    const partial = options.until === 'evaluate' ? { evaluate: { arms, uplift } } : {}
    return { id: plan.id, folder, report, reportPath, steps: executed, seconds, partial, places: {} }
  } finally {
    release()
  }
}

/**
 * The plan of a run, without writing anything: what `--dry-run` prints. Given rows that were read already, it is planned
 * from them, and where they are a sample, its predictions from the sizes times `scale`.
 */
export async function planProject(options: {
  loaded: LoadedProject
  seed?: number
  signal?: AbortSignal
  advice?: Advice
  skipBadRows?: boolean
  read?: { readonly files: readonly ReadFile[]; readonly scale: number }
}): Promise<Plan> {
  const { loaded, read } = options
  const { plan } = await openPlan({
    loaded,
    seed: options.seed ?? loaded.project.seed,
    signal: options.signal ?? new AbortController().signal,
    skipBadRows: options.skipBadRows ?? false,
    log: () => {},
    advice: options.advice,
    ...(read === undefined ? {} : { read }),
  })
  return plan
}

/** Hashes the sources, reads the rows (from the store where they are there), and plans the steps. */
async function openPlan(given: {
  loaded: LoadedProject
  seed: number
  store?: Store
  signal: AbortSignal
  skipBadRows: boolean
  log: (message: string) => void
  /** Told while the base model is fetched; left out, it is not, and planned without. */
  fetching?: (done: number, total: number) => void
  advice: Advice | undefined
  /** Whether the step that gives advice is planned too. */
  advise?: { readonly probe: boolean }
  read?: { readonly files: readonly ReadFile[]; readonly scale: number }
}): Promise<{
  plan: Plan
  sources: Readonly<Record<string, string>>
  prepared: () => Promise<Prepared>
  looks: LooksFile
  review: RunReview | null
  base: BaseModel | null
}> {
  const { loaded, seed, store, signal, skipBadRows } = given
  const { project } = loaded
  const sources: Record<string, string> = {}
  for (const file of sourceFiles(loaded))
    sources[file.name] = given.read ? 'read' : await contentHash(file.path)
  const first = planPrepare({ project, sources, skipBadRows })
  const context = createContext({ seed: project.seed, name: 'prepare', signal, log: given.log })
  const prepared: Prepared =
    store?.has(first) === true
      ? await readResult<Prepared>(store, first)
      : given.read === undefined
        ? await prepareRows(loaded, context, { skipBad: skipBadRows })
        : prepareRead(loaded, given.read.files, context)
  const scaled = (rows: number): number => Math.round(rows * (given.read?.scale ?? 1))
  const { fetching } = given
  if (fetching !== undefined) await fetchBases(loaded, { signal, events: { log: given.log, fetching } })
  const base = await inspectBase(project.student, { folder: loaded.folder, keep: store !== undefined })
  const previewBase =
    project.preview === undefined
      ? null
      : await inspectBase(project.preview.student, { folder: loaded.folder, keep: store !== undefined })
  await preflightRows(loaded, prepared, { seed, log: given.log })
  const looks = openLooks(path.join(loaded.folder, '.tilth'), project, sources)
  const review = readReviews(loaded)
  const data = dataHash(project, sources)
  const input: PlanInput = {
    project,
    seed,
    base,
    previewBase,
    sources,
    skipBadRows,
    regime: prepared.regime,
    replicates: countReplicates(project, prepared.regime),
    sizes: {
      train: scaled(prepared.train.length),
      fit: scaled(prepared.fit.length),
      test: scaled(prepared.sealed.count),
      columns: prepared.schema.columns.length,
    },
    review,
    advice:
      given.advice === undefined ? null : useAdvice(parseAdvice(given.advice), { project, prepared, data }),
    lookOf: looks.numberOf,
  }
  const whole = planSteps(input)
  const plan =
    given.advise === undefined
      ? whole
      : { ...whole, steps: [...whole.steps, planAdvise(input, whole, { data, ...given.advise })] }
  return { plan, sources, prepared: async () => prepared, looks, review, base }
}

/** The plan as it is kept: what the steps' options say stands in the project file, and their keys stand for it. */
function withoutOptions({ steps, ...plan }: Plan): unknown {
  return { ...plan, steps: steps.map(({ options: _options, ...step }) => step) }
}

function stepsUntil(plan: Plan, until: Stage | undefined): readonly PlannedStep[] {
  if (until === undefined || passes[until].length === 0) return plan.steps
  const kinds = passes[until]
  // Rows and mixtures of few rows are those that a run publishes; a training is looked at in the first fold.
  const passage = until === 'tune' ? 0 : publishedReplicate(plan.regime)
  return plan.steps.filter(
    ({ kind, replicate }) => kinds.includes(kind) && (replicate === null || replicate === passage),
  )
}

async function readStage(
  steps: readonly PlannedStep[],
  until: Stage,
  read: <Value>(name: string) => Promise<Value>,
): Promise<Record<string, unknown>> {
  const made = new Set(passes[until].slice(until === 'gaps' ? 1 : -1))
  const partial: Record<string, unknown> = {}
  for (const { name, kind } of steps) if (made.has(kind)) partial[name] = await read(name)
  return partial
}

/** What cannot be read has no content; reading the rows says why. */
async function contentHash(file: string): Promise<string> {
  try {
    return statSync(file).isFile() ? await hashFile(file) : 'no file'
  } catch {
    return 'unreadable'
  }
}
