import path from 'node:path'
import { createContext, type TrainingPulse } from '../context.ts'
import { UserError } from '../error.ts'
import type { Project } from '../project/schema.ts'
import { codecOf } from './steps/codecs.ts'
import type { JournalEntry } from './journal.ts'
import { makeAdvise } from './steps/advise.ts'
import { makeAnswer, makePreviewAnswer } from './steps/answer.ts'
import { makeCopying } from './steps/copying.ts'
import { makeCurve } from './steps/curve.ts'
import { makeEvaluate } from './steps/evaluate.ts'
import { makeFill } from './steps/fill.ts'
import { makeForecast } from './steps/forecast.ts'
import { makeFit } from './steps/fit.ts'
import { makeGaps } from './steps/gaps.ts'
import { makeGrow } from './steps/grow.ts'
import { makeMix } from './steps/mix.ts'
import { makePreview } from './steps/preview.ts'
import { makePreviewTune } from './steps/preview-tune.ts'
import { makeReport } from './steps/report.ts'
import { makeRival } from './steps/rival.ts'
import { makeSearch } from './steps/search.ts'
import { makeTune } from './steps/tune.ts'
import type { Maker } from './steps/maker.ts'
import type { Plan, PlannedStep, StepKind } from './plan.ts'
import type { Prepared } from './steps/prepare.ts'
import {
  makePublishedReplicate,
  makeReplicates,
  type PublishedReplicate,
  type Replicate,
} from './replicate.ts'
import type { RunReview } from './review.ts'
import { performInOrder } from './schedule.ts'
import type { Store } from './store.ts'
import { openSaves, removeSaves } from './training-saves.ts'

const makers: Readonly<Record<Exclude<StepKind, 'prepare'>, Maker<unknown>>> = {
  gaps: makeGaps,
  curve: makeCurve,
  advise: makeAdvise,
  rival: makeRival,
  forecast: makeForecast,
  fit: makeFit,
  search: makeSearch,
  fill: makeFill,
  mix: makeMix,
  tune: makeTune,
  grow: makeGrow,
  answer: makeAnswer,
  copying: makeCopying,
  'preview-tune': makePreviewTune,
  'preview-answer': makePreviewAnswer,
  preview: makePreview,
  evaluate: makeEvaluate,
  report: makeReport,
}

/** A step that was executed, or found in the store. */
export interface ExecutedStep {
  readonly name: string
  readonly seconds: number
  readonly skipped: boolean
}

export interface Execution {
  readonly project: Project
  /** Absolute; the project's. */
  readonly folder: string
  readonly seed: number
  readonly plan: Plan
  readonly review: RunReview | null
  readonly prepared: () => Promise<Prepared>
  readonly store: Store
  readonly signal: AbortSignal
  /** Threads that may be busy at once. */
  readonly threads: number
  readonly log: (message: string) => void
  readonly progress: (step: string, done: number, total: number, training?: TrainingPulse) => void
  readonly journal: (entry: Omit<JournalEntry, 'at'>) => void
  /** Called before the first step that opens the seal, so that the look is counted whatever becomes of it. */
  readonly beforeOpeningSeal: () => Promise<void>
  readonly onStep: (event: {
    step: PlannedStep
    state: 'start' | 'done' | 'skipped'
    seconds: number
  }) => Promise<void>
}

/**
 * Makes the given steps of a plan, each after those that it needs, trainings of decoders side by side; one whose key is in
 * the store is skipped, which is all there is to resuming. Stops between steps, and inside long ones, when the signal
 * says so. What a step makes does not depend on what is made beside it.
 */
export async function executeSteps(
  execution: Execution,
  steps: readonly PlannedStep[],
): Promise<{ executed: readonly ExecutedStep[]; read: <Value>(name: string) => Promise<Value> }> {
  const { plan, store, journal, onStep } = execution
  const read = reader(plan, store)
  const executed = new Map<string, ExecutedStep>()
  const countLook = once(execution.beforeOpeningSeal)
  await performInOrder(steps, {
    threads: execution.threads,
    signal: execution.signal,
    async perform(step, signal) {
      const { name, key } = step
      if (store.has(step)) {
        journal({ step: name, state: 'skipped', key })
        await onStep({ step, state: 'skipped', seconds: 0 })
        executed.set(name, { name, seconds: 0, skipped: true })
        return
      }
      journal({ step: name, state: 'start', key })
      await onStep({ step, state: 'start', seconds: 0 })
      const began = performance.now()
      try {
        await makeStep({ ...execution, signal, beforeOpeningSeal: countLook }, step, read)
      } catch (error) {
        journal({ step: name, state: 'failed', key, detail: String(error) })
        throw error
      }
      const seconds = (performance.now() - began) / 1000
      journal({ step: name, state: 'done', key })
      await onStep({ step, state: 'done', seconds })
      executed.set(name, { name, seconds, skipped: false })
    },
  })
  return { executed: steps.map(({ name }) => executed.get(name)!), read }
}

/** Steps that open the seal at the same time count one look. */
function once(act: () => Promise<void>): () => Promise<void> {
  let acted: Promise<void> | undefined
  return () => (acted ??= act())
}

async function makeStep(
  execution: Execution,
  step: PlannedStep,
  read: <Value>(name: string) => Promise<Value>,
): Promise<void> {
  if (step.kind === 'prepare') {
    await execution.store.put(step, codecOf('prepare'), await execution.prepared())
    return
  }
  const { project, folder, seed } = execution
  const tilth = path.join(folder, '.tilth')
  const prepared = await execution.prepared()
  const replicates = replicatesOf(project, prepared, seed)
  if (step.kind === 'answer' || step.kind === 'preview-answer') await execution.beforeOpeningSeal()
  const value = await makers[step.kind]({
    step,
    project,
    folder,
    seed,
    prepared,
    replicates,
    review: execution.review,
    replicate: replicateOf(step, execution, prepared),
    context: createContext({
      seed,
      name: step.name,
      signal: execution.signal,
      log: execution.log,
      progress: (done, total, training) => execution.progress(step.name, done, total, training),
    }),
    savesOf: name => openSaves(tilth, step, name),
    need: read,
  })
  await execution.store.put(step, codecOf(step.kind), value)
  removeSaves(tilth, step)
}

function replicateOf(
  { replicate }: PlannedStep,
  { project, seed }: Execution,
  prepared: Prepared,
): Replicate | PublishedReplicate | undefined {
  if (replicate === 'all') return makePublishedReplicate(project, prepared, seed)
  return replicate === null ? undefined : replicatesOf(project, prepared, seed)[replicate]
}

const known = new WeakMap<Prepared, readonly Replicate[]>()

function replicatesOf(project: Project, prepared: Prepared, seed: number): readonly Replicate[] {
  const replicates = known.get(prepared) ?? makeReplicates(project, prepared, seed)
  known.set(prepared, replicates)
  return replicates
}

/** Reads the result of a step that was made. Throws UserError where it is no longer whole. */
export async function readResult<Value>(store: Store, step: PlannedStep): Promise<Value> {
  const folder = store.folderOf(step)
  try {
    return (await codecOf(step.kind).read(folder)) as Value
  } catch (error) {
    if (error instanceof UserError) throw error
    throw new UserError(
      `The kept result of step ${step.name} is damaged: ${folder}`,
      'Delete that folder and give the same command again: it is made anew.',
      { cause: error },
    )
  }
}

/** Reads results by step name, the last ones from memory. */
function reader(plan: Plan, store: Store): <Value>(name: string) => Promise<Value> {
  const steps = new Map(plan.steps.map(step => [step.name, step]))
  const recent = new Map<string, Promise<unknown>>()
  const mostRecent = 12
  return <Value>(name: string) => {
    const step = steps.get(name)
    if (step === undefined) throw new Error(`the plan has no step ${name}`)
    const value = recent.get(name) ?? readResult(store, step)
    recent.delete(name)
    recent.set(name, value)
    if (recent.size > mostRecent) recent.delete(recent.keys().next().value!)
    return value as Promise<Value>
  }
}
