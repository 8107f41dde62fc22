import { createContext } from '../../context.ts'
import { UserError } from '../../error.ts'
import { assertNoLeak } from '../../evaluate/lineage.ts'
import { declaredArm, type SearchArm, type SearchSettings } from '../../mix/search-arms.ts'
import { createStudent, proxySettings } from '../../student/create.ts'
import { learnableTasks } from '../../tune/tune.ts'
import { knownGroups } from '../known-groups.ts'
import type { FoldWork, InnerFold } from '../search-fold.ts'
import { type FoundMixture, searchMixture } from '../search-mixture.ts'
import { fillMixture } from './fill.ts'
import { fitGenerator, type FittedGenerator } from './fit.ts'
import type { Maker, MakerInput } from './maker.ts'
import { fingerprintRows } from './prepare.ts'

/** The search of one mixture in one replicate. */
export interface MixtureSearch extends FoundMixture {
  readonly mixture: string
  /** Tasks that the student learns: the mean of their scores decides. */
  readonly tasks: readonly string[]
  /** Tasks that follow the choice, since the student cannot learn them. */
  readonly following: readonly string[]
  readonly rows: number
  readonly declared: SearchArm
  /** Why nothing could be compared; null where it was. */
  readonly unsearched: string | null
}

/**
 * Searches how much of a mixture to take, by training rows alone. Where nothing can be compared (no task that the student
 * learns, or rows too few for folds), the declared amount is the choice, with the reason.
 */
export const makeSearch: Maker<MixtureSearch> = async input => {
  const { step, project, prepared, replicate, context } = input
  const { perReal, search } = project.mixtures[step.subject!]!
  const mixture = { perReal, search: search! }
  const student = createStudent(proxySettings(project.student))
  const { learned, skipped } = learnableTasks(student, prepared.tasks)
  const { train } = replicate!
  const facts = {
    mixture: step.subject!,
    tasks: learned.map(({ name }) => name),
    following: skipped.map(({ task }) => task),
    rows: train.length,
    declared: declaredArm(mixture),
  }
  if (learned.length === 0)
    return {
      ...facts,
      ...notSearched(proxySettings(project.student).C, mixture),
      unsearched: 'the student learns none of the tasks',
    }
  try {
    const found = await searchMixture({
      project,
      tasks: learned,
      rows: train,
      mixture,
      fill: (fold, amount) => fillFold(input, fold, amount),
      context,
    })
    return { ...facts, ...found, unsearched: null }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return { ...facts, ...notSearched(proxySettings(project.student).C, mixture), unsearched: error.message }
  }
}

function notSearched(C: number, mixture: { perReal: number; search: SearchSettings }): FoundMixture {
  const choice = { ...declaredArm(mixture), C, outcome: 'unsearched' } as const
  return { rungs: [], choice, realC: C, asked: 1, detectable: null }
}

/** Fits the generators and fills the mixture from one fold's training rows, and proves that it knows nothing of the others. */
async function fillFold(
  { step, project, prepared, replicate, review, context }: MakerInput,
  fold: InnerFold,
  perReal: number,
): ReturnType<FoldWork['fill']> {
  const heldOut = new Set(fold.heldOut.map(({ group }) => group))
  const rows = { train: fold.train, fit: replicate!.fit.filter(({ group }) => !heldOut.has(group)) }
  const fits = new Map<string, FittedGenerator>()
  for (const name of project.mixtures[step.subject!]!.generators) {
    const inner = createContext({ seed: fold.seed, name: `fit:${name}`, signal: context.signal })
    fits.set(name, await fitGenerator(name, { project, prepared, rows }, inner))
  }
  const filled = await fillMixture({
    project,
    tasks: prepared.tasks,
    mixture: step.subject!,
    perReal,
    passage: {
      train: fold.train,
      seed: fold.seed,
      fingerprints: () => fingerprintRows(project, prepared.tasks, fold.heldOut),
    },
    fits,
    review,
    advice: null,
    context: createContext({ seed: fold.seed, name: 'fill', signal: context.signal }),
  })
  assertNoLeak({
    training: [...fold.train, ...filled.accepted],
    fittedRows: new Map([...fits.values()].map(({ hash, rows: fitted }) => [hash, fitted])),
    groupOf: knownGroups(prepared, review),
    heldOut: fold.heldOut,
  })
  return filled
}
