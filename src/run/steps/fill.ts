import { createContext } from '../../context.ts'
import type { Attributes, Example } from '../../data/example.ts'
import { hashOf } from '../../data/hash.ts'
import type { SyntheticOrigin } from '../../data/origin.ts'
import { createRandom } from '../../data/random.ts'
import type { Row, TracedRow } from '../../data/row.ts'
import { type CellRequest, planCells } from '../../gaps/measure.ts'
import { apportion } from '../../stats/apportion.ts'
import { compileConstraints } from '../../task/constraint.ts'
import { deriveColumns } from '../../task/derive.ts'
import { renderExample, type ResolvedTask } from '../../task/render.ts'
import type { Candidate } from '../../validate/candidate.ts'
import { createValidation, type Noted } from '../../validate/validation.ts'
import { fillCells, type RejectedRow } from '../fill-cells.ts'
import type { FittedGenerator } from './fit.ts'
import type { Maker, MakerInput } from './maker.ts'
import { derivationsOf } from './prepare.ts'
import { generatorNamed } from '../registry.ts'
import { type TakenReview, takeReview } from '../take-review.ts'
import { type AdvisedCell, scaleAdvice, type UsedAdvice } from '../use-advice.ts'

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

/**
 * Fills the cells of a mixture: each generator makes its equal part, and what one cannot make falls to the next.
 * Where an advice was passed in, each makes what that asks of it, and no other steps in.
 */
export const makeFill: Maker<FilledMixture> = async input => {
  const { step, project, prepared, replicate } = input
  const mixture = project.mixtures[step.subject!]!
  const { train } = replicate!
  const { advice } = step.options as { readonly advice: UsedAdvice | null }
  const advised = advice === null ? null : scaleAdvice(advice, train.length)
  const wanted =
    advised === null
      ? planCells({
          rows: train.map(({ row }) => row),
          attributes: project.attributes,
          target: project.target,
          synthetic: Math.round(mixture.perReal * train.length),
        })
      : sumCells(advised)
  const validation = createValidation({
    settings: project.validate,
    tasks: prepared.tasks,
    constraints: compileConstraints(project.constraints),
    fingerprints: replicate!.fingerprints(),
    kept: train,
    seed: replicate!.seed,
  })
  const how = { tasks: prepared.tasks, attributes: project.attributes, seed: replicate!.seed }
  const review = await takeReview(input, {
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
      : partsOf(advised, mixture.generators, review.cells)
  const filled: Filling[] = [review.fixed]
  let owed = wanted.map(() => 0)
  for (const round of ['own', 'owed'] as const) {
    for (const [index, generator] of mixture.generators.entries()) {
      const cells = wanted.map(({ cell }, position) => ({
        cell,
        count: (advised === null ? owed[position]! : 0) + (round === 'own' ? parts[index]![position]! : 0),
      }))
      const result = await fillByGenerator(input, { generator, cells, review, round })
      owed = cells.map(({ count }, position) => count - result.accepted[position]!)
      filled.push(result.filled)
    }
    // What the last ones could not make, the first ones may: they were not asked for it yet.
    if (advised !== null || owed.every(count => count === 0) || mixture.generators.length === 1) break
  }
  return {
    accepted: filled.flatMap(({ accepted }) => accepted),
    rejected: filled.flatMap(({ rejected }) => rejected),
    cells: (advised === null ? settleCells : settleAdvised)(filled.flatMap(({ cells }) => cells)),
    noted: validation.noted(),
    answers: review.fixed.answers,
  }
}

/**
 * Every generator's record of every cell, its rounds added up. What it left to others and they made is no longer wanted
 * of it; what nobody made stays wanted of the first that could not.
 */
function settleCells(records: readonly FilledCell[]): readonly FilledCell[] {
  const byCell = Map.groupBy(records, ({ cell }) => hashOf(cell))
  return [...byCell.values()].flatMap(ofCell => {
    const last = ofCell.at(-1)!
    let missing = last.wanted - last.accepted
    return [...Map.groupBy(ofCell, ({ generator }) => generator).values()].map(rounds => {
      const accepted = rounds.reduce((sum, round) => sum + round.accepted, 0)
      const short = rounds.find(round => round.why !== null)
      const left = short === undefined ? 0 : missing
      missing -= left
      return {
        ...rounds[0]!,
        wanted: accepted + left,
        accepted,
        tried: rounds.reduce((sum, round) => sum + round.tried, 0),
        reasons: addReasons(rounds.map(({ reasons }) => reasons)),
        why:
          short === undefined
            ? null
            : left > 0
              ? short.why
              : `${short.why}; the other generators made these rows`,
      }
    })
  })
}

/** With an advice every generator answers for its own: its record of a cell, added to what reviewers put right of it. */
function settleAdvised(records: readonly FilledCell[]): readonly FilledCell[] {
  const byCell = Map.groupBy(records, ({ generator, cell }) => hashOf([generator, cell]))
  return [...byCell.values()].map(same => ({
    ...same[0]!,
    wanted: same.reduce((sum, { wanted }) => sum + wanted, 0),
    accepted: same.reduce((sum, { accepted }) => sum + accepted, 0),
    tried: same.reduce((sum, { tried }) => sum + tried, 0),
    reasons: addReasons(same.map(({ reasons }) => reasons)),
    why: same.find(({ why }) => why !== null)?.why ?? null,
  }))
}

/** The cells that an advice asks for, of whomever. */
function sumCells(requests: readonly AdvisedCell[]): readonly CellRequest[] {
  return [...Map.groupBy(requests, ({ cell }) => hashOf(cell)).values()].map(same => ({
    cell: same[0]!.cell,
    count: same.reduce((sum, { count }) => sum + count, 0),
  }))
}

/** What each generator makes of each cell. What reviewers' rows fill already is left out, of the first generators first. */
function partsOf(
  requests: readonly AdvisedCell[],
  generators: readonly string[],
  cells: readonly CellRequest[],
): readonly (readonly number[])[] {
  const parts = generators.map(generator =>
    cells.map(({ cell }) =>
      requests
        .filter(request => request.generator === generator && hashOf(request.cell) === hashOf(cell))
        .reduce((sum, { count }) => sum + count, 0),
    ),
  )
  cells.forEach(({ count }, position) => {
    let surplus = parts.reduce((sum, part) => sum + part[position]!, 0) - count
    for (const part of parts) {
      const less = Math.min(surplus, part[position]!)
      part[position]! -= less
      surplus -= less
    }
  })
  return parts
}

/** Counts by reason, added up. */
export function addReasons(
  counts: readonly Readonly<Record<string, number>>[],
): Readonly<Record<string, number>> {
  const sum: Record<string, number> = {}
  for (const each of counts) {
    for (const [reason, count] of Object.entries(each)) sum[reason] = (sum[reason] ?? 0) + count
  }
  return sum
}

/** Parts every cell's count among generators so that each gets an equal share of the whole. */
function shareCells(cells: readonly CellRequest[], generators: number): readonly (readonly number[])[] {
  const left = apportion(
    Array.from({ length: generators }, () => 1),
    cells.reduce((sum, { count }) => sum + count, 0),
  )
  const parts = left.map(() => cells.map(() => 0))
  cells.forEach(({ count }, position) => {
    const shares = apportion(left, count)
    shares.forEach((share, generator) => {
      parts[generator]![position] = share
      left[generator]! -= share
    })
  })
  return parts
}

async function fillByGenerator(
  input: MakerInput,
  work: { generator: string; cells: readonly CellRequest[]; review: TakenReview; round: 'own' | 'owed' },
): Promise<{ filled: Filling; accepted: readonly number[] }> {
  const { project, prepared, replicate, context } = input
  const settings = project.generators[work.generator]!
  const generator = generatorNamed(settings.use)
  const fit = await input.need<FittedGenerator>(`fit:${work.generator}@${replicate!.index}`)
  const derivations = derivationsOf(project)
  const requests = work.cells.filter(({ count }) => count > 0)
  // One origin a cell, not one a row: a million rows share it.
  const origins = new Map(
    requests.map(({ cell }): [Attributes, SyntheticOrigin] => [
      cell,
      {
        kind: 'synthetic',
        generator: work.generator,
        seed: replicate!.seed,
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
      work.review.whyAvoided(work.generator, cell) ?? generator.supports(settings, fit.fitted, cell),
    generate: async (cell, count, inner) =>
      (await generator.make(settings, fit.fitted, { cell, count }, inner)).map(row =>
        deriveColumns(row, derivations),
      ),
    toCandidate: (row, cell, index) =>
      toCandidate(row, {
        origin: origins.get(cell)!,
        index,
        seed: replicate!.seed,
        tasks: prepared.tasks,
        attributes: project.attributes,
      }),
    judge: candidate => work.review.judge(candidate),
    tries: project.validate.tries,
    context: createContext({
      ...context,
      seed: replicate!.seed,
      name: `fill/${input.step.subject}/${work.generator}/${work.round}`,
    }),
  })
  const cells = result.cells.map(each => ({
    generator: work.generator,
    cell: each.cell,
    wanted: each.wanted,
    accepted: each.accepted,
    tried: each.tried,
    reasons: each.reasons,
    why: each.why ?? null,
  }))
  const made = new Map(requests.map(({ cell }, index) => [cell, cells[index]!.accepted]))
  return {
    accepted: work.cells.map(({ cell }) => made.get(cell) ?? 0),
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
  const id = `${generator}:${hashOf({ row, cell, index: made.index, seed: made.seed }).slice(0, 16)}`
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
