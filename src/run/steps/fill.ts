import { type Context, createContext } from '../../context.ts'
import type { Attributes, Example } from '../../data/example.ts'
import { shortHashOf } from '../../data/hash.ts'
import type { SyntheticOrigin } from '../../data/origin.ts'
import { createRandom } from '../../data/random.ts'
import type { Row, TracedRow } from '../../data/row.ts'
import { type CellRequest, planCells } from '../../gaps/measure.ts'
import type { SearchArm } from '../../mix/search-arms.ts'
import type { Project } from '../../project/schema.ts'
import { compileConstraints } from '../../task/constraint.ts'
import { deriveColumns } from '../../task/derive.ts'
import { renderExample, type ResolvedTask } from '../../task/render.ts'
import type { Candidate } from '../../validate/candidate.ts'
import { createValidation, type Noted } from '../../validate/validation.ts'
import { fillCells, type RejectedRow } from '../fill-cells.ts'
import { settleAdvised, shareAdvised, sumCells } from '../share-advised.ts'
import { settleCells, shareCells } from '../share-cells.ts'
import type { FittedGenerator } from './fit.ts'
import type { Maker, MakerInput } from './maker.ts'
import { derivationsOf } from './prepare.ts'
import { generatorNamed } from '../registry.ts'
import { maskPersonalData } from '../mask-personal-data.ts'
import type { Replicate } from '../replicate.ts'
import type { RunReview } from '../review.ts'
import { keepBetterHalf } from '../better-half.ts'
import type { MixtureSearch } from './search.ts'
import { type TakenReview, takeReview } from '../take-review.ts'
import { scaleAdvice, type UsedAdvice } from '../use-advice.ts'

/** How one cell of one generator was filled. */
export interface FilledCell {
  readonly generator: string
  readonly cell: Attributes
  readonly wanted: number
  readonly accepted: number
  readonly tried: number
  readonly reasons: Readonly<Record<string, number>>
  readonly why: string | null
}

/** The synthetic rows of one mixture in one replicate. */
export interface FilledMixture {
  readonly accepted: readonly TracedRow[]
  readonly rejected: readonly RejectedRow[]
  readonly cells: readonly FilledCell[]
  /** What was found in accepted rows though the project rejects none for it. */
  readonly noted: readonly Noted[]
  /** Examples of accepted rows as a reviewer put them right, by the row's id: they stand in place of newly rendered ones. */
  readonly answers: readonly (Pick<Example, 'task' | 'messages'> & { readonly row: string })[]
}

/** What the filling of one generator's cells brings. */
type Filling = Pick<FilledMixture, 'accepted' | 'rejected' | 'cells'>

/** What a mixture is filled from. */
export interface FillWork {
  readonly project: Project
  readonly tasks: readonly ResolvedTask[]
  readonly mixture: string
  /** Synthetic rows for each training row. */
  readonly perReal: number
  readonly passage: Pick<Replicate, 'train' | 'seed' | 'fingerprints'>
  /** The fits of the mixture's generators, by name. */
  readonly fits: ReadonlyMap<string, FittedGenerator>
  readonly review: RunReview | null
  /** What each generator makes of each cell, in place of equal parts; null where nobody said. */
  readonly advice: UsedAdvice | null
  readonly context: Context
}

/** Fills a mixture as the project declares it, or as its search chose. */
export const makeFill: Maker<FilledMixture> = async input => {
  const { step, project, prepared, replicate, review, context, need } = input
  const mixture = project.mixtures[step.subject!]!
  const fits = new Map<string, FittedGenerator>()
  for (const generator of mixture.generators)
    fits.set(generator, await need<FittedGenerator>(`fit:${generator}@${replicate!.index}`))
  const { perReal, keep } = await chosenMixture(input)
  const work = {
    project,
    tasks: prepared.tasks,
    mixture: step.subject!,
    perReal,
    passage: replicate!,
    fits,
    review,
    advice: (step.options as { readonly advice: UsedAdvice | null }).advice,
    context,
  }
  const filled = await fillMixture(work)
  return keep === 'half' ? keepBetterHalf(filled, work) : filled
}

/** How much of what a mixture takes: what its search chose, or what the project declares. */
async function chosenMixture({ step, project, need }: MakerInput): Promise<SearchArm> {
  const search = step.needs.find(name => name.startsWith('search:'))
  return search === undefined
    ? { perReal: project.mixtures[step.subject!]!.perReal, keep: 'all' }
    : (await need<MixtureSearch>(search)).choice
}

/**
 * Fills the cells of a mixture: each generator makes its equal part, and what one cannot make falls to the next.
 * Where an advice was passed in, each makes what that asks of it, and no other steps in.
 */
export async function fillMixture(work: FillWork): Promise<FilledMixture> {
  const { project, tasks, fits } = work
  const { train, seed } = work.passage
  const mixture = project.mixtures[work.mixture]!
  const advised = work.advice === null ? null : scaleAdvice(work.advice, train.length)
  const wanted = advised === null ? wantedCells(project, train, work.perReal) : sumCells(advised)
  const validation = createValidation({
    settings: project.validate,
    tasks,
    constraints: compileConstraints(project.constraints),
    fingerprints: work.passage.fingerprints(),
    kept: train,
    seed,
  })
  const how = { tasks, attributes: project.attributes, seed }
  const review = takeReview(work.review, {
    fits: new Set([...fits.values()].map(({ hash }) => hash)),
    generators: mixture.generators,
    cells: wanted,
    validation,
    toCandidate: (traced, answers) => ({
      traced,
      examples: [...renderFilled({ accepted: [traced], answers }, how)],
    }),
  })
  const parts =
    advised === null
      ? shareCells(review.cells, mixture.generators.length)
      : shareAdvised(advised, mixture.generators, review.cells)
  const filled: Filling[] = [review.fixed]
  let owed = wanted.map(() => 0)
  for (const round of ['own', 'owed'] as const) {
    for (const [index, generator] of mixture.generators.entries()) {
      const cells = wanted.map(({ cell }, position) => ({
        cell,
        count: (advised === null ? owed[position]! : 0) + (round === 'own' ? parts[index]![position]! : 0),
      }))
      const result = await fillByGenerator(work, { generator, cells, review, round })
      owed = cells.map(({ count }, position) => count - result.accepted[position]!)
      filled.push(result.filled)
    }
    // What the last ones could not make, the first ones may: they were not asked for it yet.
    if (advised !== null || owed.every(count => count === 0) || mixture.generators.length === 1) break
  }
  return {
    accepted: filled.flatMap(({ accepted }) => accepted),
    rejected: filled.flatMap(({ rejected }) => rejected).map(maskPersonalData),
    cells: (advised === null ? settleCells : settleAdvised)(filled.flatMap(({ cells }) => cells)),
    noted: validation.noted(),
    answers: review.fixed.answers,
  }
}

/** The cells that a mixture of so many synthetic rows for each training row asks for. */
export function wantedCells(
  project: Pick<Project, 'attributes' | 'target'>,
  train: readonly TracedRow[],
  perReal: number,
): readonly CellRequest[] {
  return planCells({
    rows: train.map(({ row }) => row),
    attributes: project.attributes,
    target: project.target,
    synthetic: Math.round(perReal * train.length),
  })
}

async function fillByGenerator(
  { project, tasks, mixture, passage, fits, context }: FillWork,
  part: { generator: string; cells: readonly CellRequest[]; review: TakenReview; round: 'own' | 'owed' },
): Promise<{ filled: Filling; accepted: readonly number[] }> {
  const settings = project.generators[part.generator]!
  const generator = generatorNamed(settings.use)
  const fit = fits.get(part.generator)!
  const derivations = derivationsOf(project)
  const requests = part.cells.filter(({ count }) => count > 0)
  // One origin a cell, not one a row: a million rows share it.
  const origins = new Map(
    requests.map(({ cell }): [Attributes, SyntheticOrigin] => [
      cell,
      {
        kind: 'synthetic',
        generator: part.generator,
        seed: passage.seed,
        cell,
        fitted: fit.hash,
        parents: [],
        share: fit.share,
      },
    ]),
  )
  const result = await fillCells({
    cells: requests,
    supports: cell =>
      part.review.whyAvoided(part.generator, cell) ?? generator.supports(settings, fit.fitted, cell),
    generate: async (cell, count, inner) =>
      (await generator.make(settings, fit.fitted, { cell, count }, inner)).map(row =>
        deriveColumns(row, derivations),
      ),
    toCandidate: (row, cell, index) =>
      toCandidate(row, {
        origin: origins.get(cell)!,
        index,
        seed: passage.seed,
        tasks,
        attributes: project.attributes,
      }),
    judge: candidate => part.review.judge(candidate),
    tries: project.validate.tries,
    context: createContext({
      ...context,
      seed: passage.seed,
      name: `fill/${mixture}/${part.generator}/${part.round}`,
    }),
  })
  const cells = result.cells.map(each => ({
    generator: part.generator,
    cell: each.cell,
    wanted: each.wanted,
    accepted: each.accepted,
    tried: each.tried,
    reasons: each.reasons,
    why: each.why ?? null,
  }))
  const made = new Map(requests.map(({ cell }, index) => [cell, cells[index]!.accepted]))
  return {
    accepted: part.cells.map(({ cell }) => made.get(cell) ?? 0),
    filled: {
      accepted: result.accepted,
      rejected: result.rejected,
      cells,
    },
  }
}

/** A made row with its lineage and its examples. */
export function toCandidate(
  row: Row,
  made: {
    origin: SyntheticOrigin
    index: number
    seed: number
    tasks: readonly ResolvedTask[]
    attributes: readonly string[]
  },
): Candidate {
  const { generator, cell } = made.origin
  const id = `${generator}:${shortHashOf({ row, cell, index: made.index, seed: made.seed }, 16)}`
  const traced: TracedRow = { id, group: id, row, origin: made.origin }
  return { traced, examples: renderRows([traced], made) }
}

/** How rows become examples on the training side. */
interface Rendering {
  readonly tasks: readonly ResolvedTask[]
  readonly attributes: readonly string[]
  readonly seed: number
}

/** The examples of rows on the training side, with wordings drawn by the replicate's seed, one by one. */
export function* renderEach(rows: readonly TracedRow[], how: Rendering): Iterable<Example> {
  const random = createRandom(how.seed, 'training wordings')
  for (const traced of rows) {
    for (const task of how.tasks) {
      const example = renderExample(task, traced, { side: 'train', attributes: how.attributes, random })
      if (example !== null) yield example
    }
  }
}

/** The same, all at once. */
export function renderRows(rows: readonly TracedRow[], how: Rendering): readonly Example[] {
  return [...renderEach(rows, how)]
}

/** The examples of a mixture's rows; where a reviewer put one right, as it was put right. */
export function* renderFilled(
  { accepted, answers }: Pick<FilledMixture, 'accepted' | 'answers'>,
  how: Rendering,
): Iterable<Example> {
  const right = new Map(answers.map(({ row, task, messages }) => [`${row}/${task}`, messages]))
  for (const example of renderEach(accepted, how)) {
    const messages = right.get(example.id)
    yield messages === undefined ? example : { ...example, messages }
  }
}
