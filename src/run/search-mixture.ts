import { createContext } from '../context.ts'
import { splitFolds } from '../data/folds.ts'
import type { Random } from '../data/random.ts'
import type { TracedRow } from '../data/row.ts'
import { chooseMixture, type Choice, errorsAsked, type MeasuredArm, searchDetects } from '../mix/choose.ts'
import { planRungs, pruneArms } from '../mix/halving.ts'
import {
  declaredArm,
  isSameArm,
  realOnly,
  type SearchArm,
  searchArms,
  type SearchSettings,
  syntheticPerReal,
} from '../mix/search-arms.ts'
import { proxySettings } from '../student/create.ts'
import { answerFold, type FoldAnswers, type FoldWork, type InnerFold } from './search-fold.ts'
import { measureSearch } from './search-scores.ts'
import { stratifyOf } from './steps/prepare.ts'

/** Folds of the cross-validation within the training rows. */
export const innerFolds = 5
/** Examples trained on, over all arms, penalties and folds, up to which the cross-validation is repeated. */
const cheapExamples = 40_000
const mostRepeats = 5
/** One repeat cannot tell what folds share from what they do not. */
const fewestRepeats = 2

export interface MeasuredRung {
  readonly rows: number
  readonly repeats: number
  readonly arms: readonly MeasuredArm[]
  /** Spearman's, with the rung before; null on the first one, and where there is no order to compare. */
  readonly correlation: number | null
  /** Arms that go no further. */
  readonly pruned: number
}

/** What a search measured, and what it chose. */
export interface FoundMixture {
  readonly rungs: readonly MeasuredRung[]
  readonly choice: Choice
  /** The inverse strength of the penalty that suits the real rows alone. */
  readonly realC: number
  /** Standard errors by which a mixture had to be better than real only. */
  readonly asked: number
  /** Smallest true difference to real only that the rule finds four times in five. */
  readonly detectable: number | null
}

export interface SearchWork extends Omit<FoldWork, 'arms' | 'strengths'> {
  readonly rows: readonly TracedRow[]
  readonly mixture: { readonly perReal: number; readonly search: SearchSettings }
}

/**
 * Compares a mixture's declared amounts by repeated 5-fold cross-validation within the given rows, groups never parted:
 * in every fold the mixture is filled anew from that fold's training rows. From 300 rows on by successive halving over
 * growing parts of the rows. Throws what filling throws, and the signal's reason.
 */
export async function searchMixture(work: SearchWork): Promise<FoundMixture> {
  const { context, mixture } = work
  const declared = declaredArm(mixture)
  const ordered = orderEvenly(work.rows, context.random.stream('rungs'), stratifyOf(work.project))
  const sizes = planRungs(work.rows.length)
  const rungs: MeasuredRung[] = []
  let arms = searchArms(mixture.search)
  for (const [index, size] of sizes.entries()) {
    const measured = await measureRung(work, arms, takeGroups(ordered, size), index / sizes.length)
    const before = rungs.at(-1)
    const pruning =
      before === undefined
        ? { correlation: null, kept: arms }
        : pruneArms(before.arms, measured.arms, [realOnly, declared])
    const goesOn = index < sizes.length - 1
    rungs.push({
      ...measured,
      correlation: pruning.correlation,
      pruned: goesOn ? arms.length - pruning.kept.length : 0,
    })
    if (goesOn) arms = pruning.kept
  }
  const last = rungs.at(-1)!.arms
  const compared = rungs[0]!.arms.length - 1
  return {
    rungs,
    choice: chooseMixture(last, { declared, compared }),
    realC: last.find(arm => isSameArm(arm, realOnly))!.C,
    asked: errorsAsked(compared),
    detectable: searchDetects(last, compared),
  }
}

async function measureRung(
  work: SearchWork,
  arms: readonly SearchArm[],
  rows: readonly TracedRow[],
  done: number,
): Promise<Pick<MeasuredRung, 'rows' | 'repeats' | 'arms'>> {
  const { project, context, tasks } = work
  const strengths = byNearness(work.mixture.search.C, proxySettings(project.student).C)
  const repeats = repeatsFor(rows.length, { arms, strengths: strengths.length, tasks: tasks.length })
  const stratify = stratifyOf(project)
  const answers: FoldAnswers[] = []
  for (let repeat = 0; repeat < repeats; repeat++) {
    const random = context.random.stream(`${rows.length} rows, repeat ${repeat}`)
    const options = { folds: innerFolds, random, ...(stratify === undefined ? {} : { stratify }) }
    const folds = splitFolds(rows, options)
    for (const [index, { train, test }] of folds.entries()) {
      const fold: InnerFold = {
        train,
        heldOut: test,
        seed: random.stream(`fold ${index}`).integer(0, 0x7fffffff),
        index: repeat * folds.length + index,
      }
      const inner = createContext({ seed: fold.seed, name: 'search', signal: context.signal })
      answers.push(...(await answerFold(fold, { ...work, arms, strengths, context: inner })))
      const share = (repeat * folds.length + index + 1) / (repeats * folds.length)
      context.progress(Math.round(100 * (done + share * (1 - done))), 100)
    }
  }
  return { rows: rows.length, repeats, arms: measureSearch(answers, { arms, tasks, strengths }) }
}

/**
 * How often the cross-validation of so many rows is repeated: twice at least, and more often while that is cheap, since
 * repeats lower the noise of the folds.
 */
export function repeatsFor(
  rows: number,
  given: { readonly arms: readonly SearchArm[]; readonly strengths: number; readonly tasks: number },
): number {
  const affordable = Math.floor(cheapExamples / (rows * examplesPerRow(given)))
  return Math.min(mostRepeats, Math.max(fewestRepeats, affordable))
}

/** Examples that one repeat trains on for each row: every fold leaves a fifth of them out. */
export function examplesPerRow(given: Parameters<typeof repeatsFor>[1]): number {
  const perReal = given.arms.reduce((sum, arm) => sum + 1 + syntheticPerReal(arm), 0)
  return (innerFolds - 1) * perReal * given.strengths * given.tasks
}

/** The declared strength's neighbours first, so that of equally good ones the nearest is taken. */
function byNearness(strengths: readonly number[], declared: number): readonly number[] {
  const distance = (C: number): number => Math.abs(Math.log(C / declared))
  return strengths.toSorted((a, b) => distance(a) - distance(b))
}

/** Groups in an order whose every beginning holds each stratum's share. */
function orderEvenly(
  rows: readonly TracedRow[],
  random: Random,
  stratify: string | undefined,
): readonly (readonly TracedRow[])[] {
  const groups = random.shuffle([...Map.groupBy(rows, ({ group }) => group).values()])
  const strata = Map.groupBy(groups, ([first]) =>
    stratify === undefined ? '' : String(first!.row[stratify] ?? null),
  )
  return [...strata]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, members]) => {
      const start = random.next()
      return members.map((group, index) => ({ group, place: (index + start) / members.length }))
    })
    .toSorted((a, b) => a.place - b.place)
    .map(({ group }) => group)
}

/** Whole groups from the beginning, until there are so many rows. */
function takeGroups(groups: readonly (readonly TracedRow[])[], count: number): readonly TracedRow[] {
  const taken: TracedRow[] = []
  for (const group of groups) {
    if (taken.length >= count) break
    taken.push(...group)
  }
  return taken
}
