import type { Context } from '../context.ts'
import type { Example } from '../data/example.ts'
import { hashOf } from '../data/hash.ts'
import type { TracedRow } from '../data/row.ts'
import type { Outcome } from '../evaluate/outcome.ts'
import type { CellRequest } from '../gaps/measure.ts'
import { betterHalf, type ScoredRow } from '../mix/better-half.ts'
import { armText, type SearchArm } from '../mix/search-arms.ts'
import type { Project } from '../project/schema.ts'
import { createStudent, proxySettings } from '../student/create.ts'
import type { ResolvedTask } from '../task/render.ts'
import { tuneArm } from '../tune/tune.ts'
import { scoreRows } from './better-half.ts'
import { toAnswer } from './steps/answer.ts'
import { type FilledMixture, renderFilled, renderRows, wantedCells } from './steps/fill.ts'

/** A fold within the training rows: what is learned from, and what is asked. */
export interface InnerFold {
  readonly train: readonly TracedRow[]
  readonly heldOut: readonly TracedRow[]
  /** Seed of all that is made in it. */
  readonly seed: number
  /** Counts the folds of all repeats, from 0. */
  readonly index: number
}

/** What the student of one arm, under one penalty, answered to one fold. */
export interface FoldAnswers {
  readonly arm: SearchArm
  readonly C: number
  readonly outcome: Outcome
}

export interface FoldWork {
  readonly project: Project
  /** The tasks that the student learns. */
  readonly tasks: readonly ResolvedTask[]
  readonly arms: readonly SearchArm[]
  readonly strengths: readonly number[]
  /** Makes so many rows for each training row of the fold, and knows nothing of the rows that it holds out. */
  fill(fold: InnerFold, perReal: number): Promise<Pick<FilledMixture, 'accepted' | 'answers'>>
  readonly context: Context
}

/**
 * Fills the largest mixture from the training rows of one fold, trains the student on every arm under every penalty, and
 * asks the rows held out. Smaller mixtures are nested in the larger ones, so that arms differ in nothing but the amount.
 */
export async function answerFold(fold: InnerFold, work: FoldWork): Promise<readonly FoldAnswers[]> {
  const { project, arms, strengths, context } = work
  const tasks = work.tasks.map(task => partWordings(task, fold.index, 'learned'))
  const how = { tasks, attributes: project.attributes, seed: fold.seed }
  const real = renderRows(fold.train, how)
  const asked = renderRows(fold.heldOut, {
    ...how,
    tasks: work.tasks.map(task => partWordings(task, fold.index, 'asked')),
  })
  const filled = await work.fill(fold, Math.max(...arms.map(({ perReal }) => perReal)))
  const synthetic = [...renderFilled(filled, how)]
  const scored = arms.some(({ keep }) => keep === 'half')
    ? await scoreRows(filled.accepted, { project, tasks, real, synthetic, context })
    : []
  const answers: FoldAnswers[] = []
  for (const arm of arms) {
    const cells = wantedCells(project, fold.train, arm.perReal)
    const taken = rowsOf(arm, { filled: filled.accepted, cells, scored })
    const examples = [...real, ...synthetic.filter(({ group }) => taken.has(group))]
    for (const C of strengths) {
      context.signal.throwIfAborted()
      const outcomes = await askStudent({ ...work, examples, asked, C, arm, fold })
      answers.push(...outcomes.map(outcome => ({ arm, C, outcome })))
    }
  }
  return answers
}

async function askStudent(
  given: FoldWork & {
    readonly examples: readonly Example[]
    readonly asked: readonly Example[]
    readonly C: number
    readonly arm: SearchArm
    readonly fold: InnerFold
  },
): Promise<readonly Outcome[]> {
  const { tasks, examples, asked, context } = given
  const student = createStudent({ ...proxySettings(given.project.student), C: given.C })
  const quiet = { ...context, progress: () => {} }
  const models = await tuneArm({ student, tasks, examples, classWeights: 'none' }, quiet)
  const outcomes: Outcome[] = []
  for (const task of tasks) {
    const own = asked.filter(example => example.task === task.name)
    const predictions = await student.predict(models[task.name], own, quiet)
    outcomes.push({
      task: task.name,
      arm: armText(given.arm),
      replicate: given.fold.index,
      answers: own.map((example, index) => toAnswer(task, example, predictions[index]!.text)),
    })
  }
  return outcomes
}

/**
 * The sealed test asks in wordings that nobody learned from, so the folds do too: of several training wordings each is
 * kept for asking in its turn, and learned from in the other folds.
 */
function partWordings(task: ResolvedTask, fold: number, side: 'learned' | 'asked'): ResolvedTask {
  const { train, heldOut } = task.wordings
  if (train.length < 2) return task
  const kept = fold % train.length
  const own = train.filter((_, index) => (index === kept) === (side === 'asked'))
  return { ...task, wordings: { train: own, heldOut } }
}

/** Groups of the rows that an arm takes of the largest mixture. */
function rowsOf(
  arm: SearchArm,
  given: {
    readonly filled: readonly TracedRow[]
    readonly cells: readonly CellRequest[]
    readonly scored: readonly ScoredRow[]
  },
): ReadonlySet<string> {
  const nested = takeNested(given.filled, given.cells)
  if (arm.keep === 'all') return new Set(nested.map(({ group }) => group))
  const ids = new Set(nested.map(({ id }) => id))
  const kept = betterHalf(given.scored.filter(({ id }) => ids.has(id)))
  return new Set(nested.filter(({ id }) => kept.has(id)).map(({ group }) => group))
}

/** So many rows of each cell, its generators in turn: what a smaller fill would ask of them. */
export function takeNested(rows: readonly TracedRow[], cells: readonly CellRequest[]): readonly TracedRow[] {
  const byCell = Map.groupBy(rows, ({ origin }) => hashOf(origin.kind === 'synthetic' ? origin.cell : {}))
  return cells.flatMap(({ cell, count }) => {
    const generators = Map.groupBy(byCell.get(hashOf(cell)) ?? [], ({ origin }) =>
      origin.kind === 'synthetic' ? origin.generator : '',
    )
    const inTurn = [...generators.values()]
      .flatMap(own => own.map((row, turn) => ({ row, turn })))
      .toSorted((a, b) => a.turn - b.turn)
    return inTurn.slice(0, count).map(({ row }) => row)
  })
}
