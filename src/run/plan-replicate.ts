import type { Project } from '../project/schema.ts'
import { directivesFor } from '../review/apply.ts'
import { type PlanInput, type PlannedStep, type StepDraft, studentKey } from './plan.ts'
import { planSearches } from './plan-search.ts'
import { generatorNamed } from './registry.ts'
import { reviewKey } from './review.ts'
import { answerSeconds, decoderOf, type StudentTimes, tuneSeconds } from './student-time.ts'

/** The steps of one replicate. */
export interface ReplicateSteps {
  readonly fits: readonly PlannedStep[]
  /** How much of each mixture to take, where it is searched and no earlier replicate did. */
  readonly searches: readonly PlannedStep[]
  readonly fills: readonly PlannedStep[]
  /** Mixtures written for use elsewhere: of the first replicate alone, and in the scarce regime of none (planPublished). */
  readonly mixes: readonly PlannedStep[]
  readonly tunes: readonly PlannedStep[]
  readonly answer: PlannedStep
  /** The student on growing parts of the real rows, and its answers; none where the project wants no curve. */
  readonly grown: readonly PlannedStep[]
}

export interface Passage {
  readonly prepare: PlannedStep
  /** The cross-validation that this replicate's rival is chosen by. */
  readonly rival: PlannedStep
  readonly replicate: number | 'all'
  readonly loop: unknown
  readonly step: (draft: StepDraft) => PlannedStep
  /** Searches of an earlier replicate that serve this one too. */
  readonly searched: readonly PlannedStep[] | null
}

/** The arms that every run compares, besides its mixtures; those that the first mixture sizes or makes need its rows. */
const plainArms = [
  { arm: 'real', needsFirst: false },
  { arm: 'real-weighted', needsFirst: false },
  { arm: 'real-repeated', needsFirst: true },
  { arm: 'synthetic', needsFirst: true },
] as const

/** Plans one passage of the loop: fit, search, fill, mix, tune, answer. */
export function planReplicate(input: PlanInput, passage: Passage): ReplicateSteps {
  const { project, sizes } = input
  const fits = planFits(input, passage)
  const searches = passage.searched === null ? planSearches(input, passage) : []
  const searched = passage.searched ?? searches
  const fills = planFills(input, passage, { fits, searched })
  const mixes = input.regime === 'sealed' && passage.replicate === 0 ? planMixes(project, passage, fills) : []
  const tunes = planTunes(input, passage, { fills, searched })
  const localTest = Object.values(project.sources).some(
    ({ use, share }) => use === 'test' && share === 'local',
  )
  const asked = input.regime === 'sealed' ? sizes.test : sizes.train / project.evaluate.folds
  const answer = passage.step({
    kind: 'answer',
    replicate: passage.replicate,
    needs: [passage.prepare, ...tunes],
    options: { student: studentKey(input), loop: passage.loop },
    local: localTest || tunes.some(({ local }) => local),
    seconds: tunes.length * answerSeconds(timesOf(input), asked, sizes.train),
    decoder: decoderOf(timesOf(input)),
  })
  return {
    fits,
    searches,
    fills,
    mixes,
    tunes,
    answer,
    grown: planGrown(input, passage, { asked, localTest }),
  }
}

/** Nested parts of the real rows, together 2.2 times as many as there are. */
const grownShares = [1 / 8, Math.SQRT1_2 ** 5, 1 / 4, Math.SQRT1_2 ** 3, 1 / 2, Math.SQRT1_2]

function planGrown(
  input: PlanInput,
  { prepare, rival, replicate, loop, step }: Passage,
  { asked, localTest }: { readonly asked: number; readonly localTest: boolean },
): PlannedStep[] {
  const { project, sizes } = input
  if (!project.evaluate.curve) return []
  const times = timesOf(input)
  const grow = step({
    kind: 'grow',
    replicate,
    needs: [prepare, rival],
    options: { student: studentKey(input), attributes: project.attributes, loop },
    seconds: grownShares.reduce((sum, share) => sum + tuneSeconds(times, sizes.train * share), 0),
    decoder: decoderOf(timesOf(input)),
  })
  const answer = step({
    kind: 'answer',
    subject: 'curve',
    replicate,
    needs: [prepare, grow],
    options: { student: studentKey(input), loop },
    local: localTest,
    seconds: grownShares.length * answerSeconds(times, asked, sizes.train),
    decoder: decoderOf(timesOf(input)),
  })
  return [grow, answer]
}

export function planFits(
  { project, sizes }: PlanInput,
  { prepare, replicate, loop, step }: Passage,
): PlannedStep[] {
  return Object.entries(project.generators).map(([subject, settings]) =>
    step({
      kind: 'fit',
      subject,
      replicate,
      needs: [prepare],
      options: { settings, loop },
      local: descendsFromLocal(project, subject),
      seconds: generatorNamed(settings.use).estimate(settings, {
        rows: sizes.train + sizes.fit,
        columns: sizes.columns,
        count: 0,
      }),
    }),
  )
}

export function planFills(
  { project, sizes, review, advice }: PlanInput,
  passage: Passage,
  { fits, searched }: { fits: readonly PlannedStep[]; searched: readonly PlannedStep[] },
): PlannedStep[] {
  return Object.entries(project.mixtures).map(([subject, mixture], index) =>
    passage.step({
      kind: 'fill',
      subject,
      replicate: passage.replicate,
      needs: [
        passage.prepare,
        ...fits.filter(fit => mixture.generators.includes(fit.subject!)),
        ...searched.filter(search => search.subject === subject),
      ],
      options: {
        mixture,
        settings: mixture.generators.map(generator => project.generators[generator]),
        validate: project.validate,
        constraints: project.constraints,
        attributes: project.attributes,
        target: project.target,
        loop: passage.loop,
        advice: index === 0 ? advice : null,
        // Its hash alone: what reviewers saw may not leave the machine.
        review: reviewKey(review === null ? null : directivesFor(review.directives, mixture.generators)),
      },
      local: mixture.generators.some(generator => descendsFromLocal(project, generator)),
      seconds: largestAmount(mixture) * sizes.train * 0.001,
    }),
  )
}

export function planMixes(project: Project, passage: Passage, fills: readonly PlannedStep[]): PlannedStep[] {
  return fills.map(fill =>
    passage.step({
      kind: 'mix',
      subject: fill.subject!,
      replicate: passage.replicate,
      needs: [passage.prepare, fill],
      options: { project: project.name, attributes: project.attributes, generators: project.generators },
      local: fill.local,
      seconds: 0.2,
    }),
  )
}

function planTunes(
  input: PlanInput,
  passage: Passage,
  { fills, searched }: { fills: readonly PlannedStep[]; searched: readonly PlannedStep[] },
): PlannedStep[] {
  const { project, sizes } = input
  const times = timesOf(input)
  const first = fills.slice(0, 1)
  const [mixture] = Object.values(project.mixtures)
  const perReal = mixture === undefined ? 0 : largestAmount(mixture)
  const searchOf = (subject: string | null | undefined): readonly PlannedStep[] =>
    searched.filter(search => search.subject === subject)
  const arms = [
    ...plainArms.map(({ arm, needsFirst }) => ({
      arm,
      needs: [...(needsFirst ? first : []), ...searchOf(first[0]?.subject)],
    })),
    ...fills.map(fill => ({ arm: fill.subject!, needs: [fill, ...searchOf(fill.subject)] })),
  ]
  return arms.map(({ arm, needs }) =>
    passage.step({
      kind: 'tune',
      subject: arm,
      replicate: passage.replicate,
      needs: [passage.prepare, ...needs],
      options: { student: studentKey(input), attributes: project.attributes, loop: passage.loop },
      local: needs.some(({ local }) => local),
      seconds: tuneSeconds(times, sizes.train * (needs.length > 0 ? 1 + perReal : 1)),
      decoder: decoderOf(timesOf(input)),
    }),
  )
}

function timesOf({ project, base }: PlanInput): StudentTimes {
  return { student: project.student, base }
}

/** The most synthetic rows for each real one that a mixture may come to. */
function largestAmount({ perReal, search }: Project['mixtures'][string]): number {
  return Math.max(perReal, ...(search?.perReal ?? []))
}

/** True where a generator is fitted on rows that may not leave the machine. */
export function descendsFromLocal(project: Project, generator: string): boolean {
  const settings = project.generators[generator]!
  if (settings.use !== 'records') return false
  return (settings.fitOn ?? []).some(source => project.sources[source]?.share === 'local')
}
