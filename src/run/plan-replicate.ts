import type { Project } from '../project/schema.ts'
import { directivesFor } from '../review/apply.ts'
import { type PlanInput, type PlannedStep, type StepDraft, trainingSeconds } from './plan.ts'
import { generatorNamed } from './registry.ts'
import { reviewKey } from './review.ts'

/** The steps of one replicate. */
export interface ReplicateSteps {
  readonly fits: readonly PlannedStep[]
  readonly fills: readonly PlannedStep[]
  /** Mixtures written for use elsewhere: of the first replicate alone. */
  readonly mixes: readonly PlannedStep[]
  readonly tunes: readonly PlannedStep[]
  readonly answer: PlannedStep
  /** The student on growing parts of the real rows, and its answers; none where the project wants no curve. */
  readonly grown: readonly PlannedStep[]
}

interface Passage {
  readonly prepare: PlannedStep
  /** The cross-validation that this replicate's rival is chosen by. */
  readonly rival: PlannedStep
  readonly replicate: number
  readonly loop: unknown
  readonly step: (draft: StepDraft) => PlannedStep
}

/** The arms that every run compares, besides its mixtures; those that the first mixture sizes or makes need its rows. */
const plainArms = [
  { arm: 'real', needsFirst: false },
  { arm: 'real-weighted', needsFirst: false },
  { arm: 'real-repeated', needsFirst: true },
  { arm: 'synthetic', needsFirst: true },
] as const

/** Plans one passage of the loop: fit, fill, mix, tune, answer. */
export function planReplicate(input: PlanInput, passage: Passage): ReplicateSteps {
  const { project, sizes } = input
  const fits = planFits(input, passage)
  const fills = planFills(input, passage, fits)
  const mixes = passage.replicate > 0 ? [] : planMixes(project, passage, fills)
  const tunes = planTunes(input, passage, fills)
  const localTest = Object.values(project.sources).some(
    ({ use, share }) => use === 'test' && share === 'local',
  )
  const asked = input.regime === 'sealed' ? sizes.test : sizes.train / project.evaluate.folds
  const answer = passage.step({
    kind: 'answer',
    replicate: passage.replicate,
    needs: [passage.prepare, ...tunes],
    options: { student: project.student, loop: passage.loop },
    local: localTest || tunes.some(({ local }) => local),
    seconds: asked * tunes.length * 0.0003,
  })
  return { fits, fills, mixes, tunes, answer, grown: planGrown(input, passage, { asked, localTest }) }
}

/** Nested parts of the real rows, together 2.2 times as many as there are. */
const grownShares = [1 / 8, Math.SQRT1_2 ** 5, 1 / 4, Math.SQRT1_2 ** 3, 1 / 2, Math.SQRT1_2]

function planGrown(
  { project, sizes }: PlanInput,
  { prepare, rival, replicate, loop, step }: Passage,
  { asked, localTest }: { readonly asked: number; readonly localTest: boolean },
): PlannedStep[] {
  if (!project.evaluate.curve) return []
  const grow = step({
    kind: 'grow',
    replicate,
    needs: [prepare, rival],
    options: { student: project.student, attributes: project.attributes, loop },
    seconds: grownShares.reduce((sum, share) => sum + trainingSeconds(sizes.train * share), 0),
  })
  const answer = step({
    kind: 'answer',
    subject: 'curve',
    replicate,
    needs: [prepare, grow],
    options: { student: project.student, loop },
    local: localTest,
    seconds: asked * grownShares.length * 0.0003,
  })
  return [grow, answer]
}

function planFits({ project, sizes }: PlanInput, { prepare, replicate, loop, step }: Passage): PlannedStep[] {
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

function planFills(
  { project, sizes, review, advice }: PlanInput,
  passage: Passage,
  fits: readonly PlannedStep[],
): PlannedStep[] {
  return Object.entries(project.mixtures).map(([subject, mixture], index) =>
    passage.step({
      kind: 'fill',
      subject,
      replicate: passage.replicate,
      needs: [passage.prepare, ...fits.filter(fit => mixture.generators.includes(fit.subject!))],
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
      seconds: mixture.perReal * sizes.train * 0.001,
    }),
  )
}

function planMixes(project: Project, passage: Passage, fills: readonly PlannedStep[]): PlannedStep[] {
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
  { project, sizes }: PlanInput,
  passage: Passage,
  fills: readonly PlannedStep[],
): PlannedStep[] {
  const first = fills.slice(0, 1)
  const perReal = Object.values(project.mixtures)[0]?.perReal ?? 0
  const arms = [
    ...plainArms.map(({ arm, needsFirst }) => ({ arm, needs: needsFirst ? first : [] })),
    ...fills.map(fill => ({ arm: fill.subject!, needs: [fill] })),
  ]
  return arms.map(({ arm, needs }) =>
    passage.step({
      kind: 'tune',
      subject: arm,
      replicate: passage.replicate,
      needs: [passage.prepare, ...needs],
      options: { student: project.student, attributes: project.attributes, loop: passage.loop },
      local: needs.some(({ local }) => local),
      seconds: trainingSeconds(sizes.train * (needs.length > 0 ? 1 + perReal : 1)),
    }),
  )
}

/** True where a generator is fitted on rows that may not leave the machine. */
export function descendsFromLocal(project: Project, generator: string): boolean {
  const settings = project.generators[generator]!
  if (settings.use !== 'records') return false
  return (settings.fitOn ?? []).some(source => project.sources[source]?.share === 'local')
}
