import { hashOf } from '../data/hash.ts'
import type { Project } from '../project/schema.ts'
import type { BaseModel } from './base-model.ts'
import { codeVersion } from './code-version.ts'
import { planPreview } from './plan-preview.ts'
import { planPublished } from './plan-published.ts'
import { planReplicate, type ReplicateSteps } from './plan-replicate.ts'
import { type RunReview, reviewKey } from './review.ts'
import { proxySettings } from '../student/create.ts'
import type { StudentSettings } from '../student/options.ts'
import type { UsedAdvice } from './use-advice.ts'
import type { Regime } from './steps/prepare.ts'

/** The kinds of step, in the order in which the loop passes through them. */
export type StepKind =
  | 'prepare'
  | 'gaps'
  | 'curve'
  | 'advise'
  | 'rival'
  | 'forecast'
  | 'fit'
  | 'search'
  | 'fill'
  | 'mix'
  | 'tune'
  | 'grow'
  | 'answer'
  | 'copying'
  | 'evaluate'
  | 'preview-tune'
  | 'preview-answer'
  | 'preview'
  | 'report'

/** One step, as plain data: all that its result follows from, and how long it should take. */
export interface PlannedStep {
  /** For example `fill:mixed@2`: the mixture's cells in replicate 2. */
  readonly name: string
  readonly kind: StepKind
  readonly subject: string | null
  /** `all` in the passage over all rows whose mixtures are published. */
  readonly replicate: number | 'all' | null
  /** Names of the steps whose results it reads. */
  readonly needs: readonly string[]
  readonly options: unknown
  /** True where the result descends from rows that may not leave the machine. */
  readonly local: boolean
  /** Hash of name, seed, code, options and the keys of what it needs. */
  readonly key: string
  /** Predicted seconds on one core. */
  readonly seconds: number
  /** Threads of its decoder, with which it runs beside others; null where it has the process to itself. */
  readonly threads: number | null
  /** Memory that its decoder takes, about. */
  readonly bytes: number
}

/** What `--dry-run` prints and a run executes. */
export interface Plan {
  readonly id: string
  readonly regime: Regime
  readonly replicates: number
  readonly steps: readonly PlannedStep[]
  readonly seconds: number
  /** Absent where no advice was passed in. */
  readonly advice?: UsedAdvice
}

/** Numbers of rows, and of columns, that predictions are made from. */
export interface PlanSizes {
  readonly train: number
  readonly fit: number
  readonly test: number
  readonly columns: number
}

/** What a plan follows from. `sources` are the content hashes of the source files. */
export interface PlanInput {
  readonly project: Project
  readonly seed: number
  /** What the student starts from; null where from nothing. */
  readonly base: BaseModel | null
  /** The same of the preview's decoder. */
  readonly previewBase: BaseModel | null
  readonly sources: Readonly<Record<string, string>>
  /** Whether records that cannot be read are set aside. */
  readonly skipBadRows: boolean
  readonly regime: Regime
  readonly replicates: number
  readonly sizes: PlanSizes
  /** What reviewers decided so far; null where nothing. */
  readonly review: RunReview | null
  /** Who makes what for the first mixture; null where its generators share equally. */
  readonly advice: UsedAdvice | null
  /** Which look at the seal an evaluation with this key is, from 1. */
  readonly lookOf: (evaluationKey: string) => number
}

/** What a step is described by; its key follows. */
export interface StepDraft {
  readonly kind: StepKind
  readonly subject?: string
  readonly replicate?: number | 'all'
  readonly needs?: readonly PlannedStep[]
  readonly options: unknown
  readonly local?: boolean
  readonly seconds: number
  /** What trains or asks a decoder, and so may run beside others. */
  readonly decoder?: { readonly threads: number; readonly bytes: number } | null
}

/** Rooms whose code makes synthetic rows. */
const making = ['data', 'stats', 'task', 'generate', 'validate', 'gaps', 'review', 'run'] as const
/** Rooms whose code a step's result depends on. */
const rooms: Readonly<Record<StepKind, readonly string[]>> = {
  prepare: ['data', 'task', 'run'],
  gaps: ['data', 'stats', 'task', 'gaps', 'run'],
  curve: ['data', 'stats', 'task', 'model', 'student', 'gaps', 'run'],
  advise: ['data', 'stats', 'task', 'generate', 'validate', 'gaps', 'advise', 'run'],
  rival: ['data', 'stats', 'task', 'model', 'student', 'evaluate', 'run'],
  forecast: ['data', 'stats', 'task', 'evaluate', 'run'],
  fit: ['data', 'stats', 'task', 'generate', 'run'],
  search: [...making, 'model', 'student', 'mix', 'tune', 'evaluate'],
  fill: [...making, 'model', 'student', 'mix', 'tune'],
  mix: ['data', 'task', 'mix', 'run'],
  tune: ['data', 'stats', 'task', 'tensor', 'model', 'student', 'mix', 'tune', 'run'],
  grow: ['data', 'stats', 'task', 'tensor', 'model', 'student', 'gaps', 'tune', 'evaluate', 'run'],
  answer: ['data', 'stats', 'task', 'tensor', 'model', 'student', 'evaluate', 'run'],
  copying: ['data', 'stats', 'validate', 'run'],
  evaluate: ['data', 'stats', 'task', 'evaluate', 'run'],
  'preview-tune': ['data', 'stats', 'task', 'tensor', 'model', 'student', 'mix', 'run'],
  'preview-answer': ['data', 'stats', 'task', 'tensor', 'model', 'student', 'evaluate', 'run'],
  preview: ['data', 'stats', 'task', 'evaluate', 'run'],
  report: ['data', 'review', 'report', 'run'],
}

/** Gives a step its name and its key. */
export function planStep(seed: number, draft: StepDraft): PlannedStep {
  const { kind, subject = null, replicate = null, needs = [], options, local = false, seconds } = draft
  const name = `${kind}${subject === null ? '' : `:${subject}`}${replicate === null ? '' : `@${replicate}`}`
  const code = codeVersion(rooms[kind])
  const key = hashOf({ name, seed, code, options, needs: needs.map(need => need.key) }).slice(0, 40)
  const names = needs.map(need => need.name)
  const { threads, bytes } = draft.decoder ?? { threads: null, bytes: 0 }
  return { name, kind, subject, replicate, needs: names, options, local, key, seconds, threads, bytes }
}

/**
 * The first step. It is planned apart from the others, since the regime follows from the rows that it reads; and it
 * takes the project's seed, so that a run with another seed is measured on the same sealed rows.
 */
export function planPrepare({
  project,
  sources,
  skipBadRows,
}: Pick<PlanInput, 'project' | 'sources' | 'skipBadRows'>): PlannedStep {
  return planStep(project.seed, {
    kind: 'prepare',
    options: {
      name: project.name,
      sources: project.sources,
      contents: sources,
      skipBadRows,
      columns: project.columns,
      split: project.split,
      tasks: project.tasks,
      regime: project.evaluate.regime,
    },
    local: Object.values(project.sources).some(({ share }) => share === 'local'),
    seconds: 1,
  })
}

/** Plans a run: every step with its key, before any but the first is made. */
export function planSteps(input: PlanInput): Plan {
  const { project, seed, regime, replicates, sizes } = input
  const step = (draft: StepDraft): PlannedStep => planStep(seed, draft)
  const prepare = planPrepare(input)
  const [first] = Object.values(project.mixtures)
  const gaps = step({
    kind: 'gaps',
    needs: [prepare],
    options: { attributes: project.attributes, target: project.target, perReal: first?.perReal },
    seconds: 0.01,
  })
  const learned = Object.values(project.tasks).filter(({ kind }) => kind === 'label').length
  const curve = step({
    kind: 'curve',
    needs: [prepare],
    options: { student: proxySettings(project.student), attributes: project.attributes },
    seconds: learned * 100 * trainingSeconds(Math.min(sizes.train, 2000) / 2),
  })
  const loop = loopOptions(project, regime)
  const rivals = Array.from({ length: regime === 'sealed' ? 1 : replicates }, (_, replicate) =>
    step({
      kind: 'rival',
      replicate,
      needs: [prepare],
      options: { student: proxySettings(project.student), attributes: project.attributes, loop },
      seconds: trainingSeconds(sizes.train) * 12,
    }),
  )
  const forecast = step({
    kind: 'forecast',
    needs: [prepare, rivals[0]!],
    options: { loop, ...(project.student.use === 'linear' ? {} : { student: project.student.use }) },
    seconds: 0.01,
  })
  const passages: ReplicateSteps[] = []
  for (let replicate = 0; replicate < replicates; replicate++) {
    // Sealed, the real rows are the same in all replicates: what was searched in the first serves them all.
    const searched = regime === 'sealed' ? (passages[0]?.searches ?? null) : null
    const rival = rivals[replicate] ?? rivals[0]!
    passages.push(planReplicate(input, { prepare, rival, replicate, loop, step, searched }))
  }
  const published = planPublished(input, { prepare, rival: rivals[0]!, step })
  const all = (pick: (passage: ReplicateSteps) => readonly PlannedStep[]): readonly PlannedStep[] =>
    passages.flatMap(pick)
  const copying = step({
    kind: 'copying',
    needs: [prepare, ...all(({ fits }) => fits), ...all(({ fills }) => fills)],
    options: { loop, mixtures: project.mixtures },
    seconds: 0.3,
  })
  const evaluate = step({
    kind: 'evaluate',
    needs: [
      prepare,
      ...rivals,
      ...all(({ fits }) => fits),
      ...all(({ fills }) => fills),
      ...all(({ answer }) => [answer]),
      ...all(({ grown }) => grown),
    ],
    options: {
      evaluate: project.evaluate,
      mixtures: Object.keys(project.mixtures),
      attributes: project.attributes,
      target: project.target,
    },
    seconds: 1,
  })
  const preview = planPreview(input, { prepare, evaluate, passages, step })
  const report = step({
    kind: 'report',
    needs: [
      prepare,
      gaps,
      curve,
      forecast,
      copying,
      evaluate,
      ...all(({ searches, fits, fills, tunes, mixes }) => [
        ...searches,
        ...fits,
        ...fills,
        ...tunes,
        ...mixes,
      ]),
      ...published.filter(({ kind }) => kind === 'fill' || kind === 'mix'),
      ...preview.filter(({ kind }) => kind === 'preview' || kind === 'preview-tune'),
    ],
    options: {
      project,
      look: input.lookOf(evaluate.key),
      review: reviewKey(input.review?.summaries),
      advice: input.advice,
    },
    seconds: 0.1,
  })
  const steps = [
    prepare,
    gaps,
    curve,
    ...rivals,
    forecast,
    ...all(passage => Object.values(passage).flat()),
    ...published,
    copying,
    evaluate,
    ...preview,
    report,
  ]
  return {
    id: `${project.name}-${report.key.slice(0, 8)}`,
    regime,
    replicates,
    steps,
    seconds: steps.reduce((sum, { seconds }) => sum + seconds, 0),
    ...(input.advice === null ? {} : { advice: input.advice }),
  }
}

/** What a training and its answers follow from: the student's settings, and the content of its base. */
export function studentKey({ project, base }: PlanInput): StudentSettings & { readonly content?: string } {
  return base === null ? project.student : { ...project.student, content: base.hash }
}

/** What the replicates follow from, so that changing it makes them again. */
function loopOptions({ evaluate }: Project, regime: Regime): unknown {
  return regime === 'sealed'
    ? { regime, seeds: evaluate.seeds }
    : { regime, repeats: evaluate.repeats, folds: evaluate.folds }
}

/** Measured: two label tasks of 660 examples of 250 characters train in 1.2 s on one core, of 14,000 in about a minute. */
export function trainingSeconds(examples: number): number {
  return 0.03 + examples * 0.002
}
