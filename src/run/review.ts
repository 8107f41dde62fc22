import { existsSync } from 'node:fs'
import path from 'node:path'
import { createContext } from '../context.ts'
import type { Example } from '../data/example.ts'
import { hashOf } from '../data/hash.ts'
import { readExamples } from '../data/parquet.ts'
import { createRandom } from '../data/random.ts'
import type { ColumnKind } from '../data/schema.ts'
import { oneOf } from '../did-you-mean.ts'
import { UserError } from '../error.ts'
import type { LoadedProject } from '../project/project.ts'
import { type Directives, directivesOf } from '../review/apply.ts'
import { chooseItems } from '../review/choose.ts'
import { settleItems } from '../review/consensus.ts'
import { measureDoubt } from '../review/doubt.ts'
import { formatSheetXlsx } from '../review/sheet-xlsx.ts'
import { formatSheetCsv, sheetTable } from '../review/sheet.ts'
import { type ReviewSummary, summariseReview } from '../review/summary.ts'
import { createStudent } from '../student/create.ts'
import { placeStudent } from './place-base.ts'
import { deriveColumns } from '../task/derive.ts'
import type { FilledMixture } from './steps/fill.ts'
import type { TunedArm } from './steps/tune.ts'
import { publishedReplicate } from './replicate.ts'
import { derivationsOf, type Prepared } from './steps/prepare.ts'
import {
  findReviews,
  keepReview,
  readDecisions,
  type ReviewFolder,
  writeReviewFile,
} from './review-folder.ts'
import { openResults } from './run-results.ts'

/** What the reviews of a project say for its next run. */
export interface RunReview {
  readonly directives: Directives
  readonly summaries: readonly ReviewSummary[]
}

/** The reviews of a project's folder with their decisions; null where nothing is decided. */
export function readReviews(loaded: Pick<LoadedProject, 'folder' | 'project'>): RunReview | null {
  const derivations = derivationsOf(loaded.project)
  const decided = findReviews(loaded.folder).flatMap(kept => {
    const decisions = readDecisions(kept)
    return decisions.length === 0
      ? []
      : [{ review: kept.review, reviewed: settleItems(kept.review, decisions) }]
  })
  if (decided.length === 0) return null
  const ids = [...new Set(decided.flatMap(({ review }) => review.ids))].toSorted()
  const directives = decided.map(({ review, reviewed }) =>
    directivesOf(reviewed, { ...review, ids, derive: row => deriveColumns(row, derivations) }),
  )
  return {
    directives: {
      fixes: directives.flatMap(({ fixes }) => fixes),
      turnedDown: directives.flatMap(({ turnedDown }) => turnedDown),
      avoided: directives.flatMap(({ avoided }) => avoided),
      ids,
    },
    summaries: decided.map(({ review, reviewed }) => summariseReview(review, reviewed, review.columns)),
  }
}

/** Sums up one review as it stands. */
export function summariseFolder(kept: ReviewFolder): ReviewSummary {
  return summariseReview(kept.review, settleItems(kept.review, readDecisions(kept)), kept.review.columns)
}

/**
 * The review of a run's mixture, made where there is none yet. Throws UserError where the run's results are gone, the
 * mixture is unknown, or a review that tells of origin is there and a blind one asked for.
 */
export async function openReview(given: {
  readonly loaded: LoadedProject
  readonly run: { readonly id: string; readonly folder: string }
  /** Left out, the first. */
  readonly mixture?: string | undefined
  readonly blind: boolean
  readonly signal: AbortSignal
}): Promise<ReviewFolder> {
  const { loaded, run, blind } = given
  const mixtures = Object.keys(loaded.project.mixtures)
  const mixture = given.mixture ?? mixtures[0]!
  if (!mixtures.includes(mixture)) {
    throw new UserError(`"${mixture}" is no mixture of the project`, `Its mixtures are ${oneOf(mixtures)}.`)
  }
  const reviews = findReviews(loaded.folder)
  const known = reviews.find(({ review }) => review.run === run.id && review.mixture === mixture)
  if (known === undefined) return makeReview({ ...given, mixture, before: reviews })
  if (blind && !known.review.blind) {
    throw new UserError(
      `run ${run.id} has a review already, and its sheet tells where examples come from`,
      `Go on with it without --blind, or move ${path.relative(process.cwd(), known.folder)} away and begin anew.`,
    )
  }
  return known
}

/** Writes the sheets of a review that are not there yet; one that is may have been filled in. */
export async function writeSheets(
  kept: ReviewFolder,
): Promise<readonly { readonly file: string; readonly isNew: boolean }[]> {
  const table = sheetTable(kept.review)
  const written: { file: string; isNew: boolean }[] = []
  for (const name of ['sheet.csv', 'sheet.xlsx']) {
    const file = path.join(kept.folder, name)
    const isNew = !existsSync(file)
    if (isNew)
      await writeReviewFile(
        kept,
        name,
        name === 'sheet.csv' ? formatSheetCsv(table) : await formatSheetXlsx(table),
      )
    written.push({ file, isNew })
  }
  return written
}

async function makeReview(given: {
  readonly loaded: LoadedProject
  readonly run: { readonly id: string; readonly folder: string }
  readonly mixture: string
  readonly blind: boolean
  readonly signal: AbortSignal
  readonly before: readonly ReviewFolder[]
}): Promise<ReviewFolder> {
  const { loaded, run, mixture, blind } = given
  const results = openResults(loaded.folder, run, 'review that run')
  const prepared = await results.read<Prepared>('prepare')
  const passage = publishedReplicate(prepared.regime)
  const mixed = results.folderOf(`mix:${mixture}@${passage}`)
  const examples = await readExamples(path.join(mixed, 'train.parquet'))
  const { accepted } = await results.read<FilledMixture>(`fill:${mixture}@${passage}`)
  const { models } = await results.read<TunedArm>('tune:real@0')
  const decided = given.before.flatMap(kept => readDecisions(kept).map(({ content }) => content))
  const items = chooseItems({
    examples,
    rows: new Map(accepted.map(({ id, row }) => [id, row])),
    doubts: await askStudent({ loaded, models, examples, signal: given.signal }),
    decided: new Set(decided),
    blind,
    run: run.id,
    random: createRandom(loaded.project.seed, `review/${run.id}/${mixture}`),
  })
  if (!items.some(({ part }) => part === 'random')) {
    throw new UserError(
      `mixture "${mixture}" of run ${run.id} holds no synthetic example, so there is nothing to review`,
      '`tilth validate` says why.',
    )
  }
  return keepReview(loaded.folder, {
    version: 1,
    run: run.id,
    mixture,
    blind,
    items,
    tasks: prepared.tasks,
    columns: columnsOf(prepared, ['category', 'boolean']),
    ids: columnsOf(prepared, ['id']),
  })
}

function columnsOf({ schema }: Prepared, kinds: readonly ColumnKind[]): readonly string[] {
  return schema.columns.filter(({ kind }) => kinds.includes(kind)).map(({ name }) => name)
}

/** The doubts of the student that was trained on the real rows alone. */
async function askStudent(asked: {
  readonly loaded: LoadedProject
  readonly models: TunedArm['models']
  readonly examples: readonly Example[]
  readonly signal: AbortSignal
}): Promise<ReadonlyMap<string, number>> {
  const student = createStudent(placeStudent(asked.loaded.project.student, asked.loaded.folder))
  const context = createContext({ seed: asked.loaded.project.seed, name: 'review', signal: asked.signal })
  const doubts = new Map<string, number>()
  for (const [task, model] of Object.entries(asked.models)) {
    // Other answers come without probabilities, so that nothing could be read from them.
    if (asked.loaded.project.tasks[task]?.kind !== 'label') continue
    const own = asked.examples.filter(example => example.task === task && example.origin.kind === 'synthetic')
    const predictions = await student.predict(model, own, context)
    for (const [id, doubt] of measureDoubt(own, predictions)) doubts.set(id, doubt)
  }
  return doubts
}

/** What a fill follows from, and what the report does; undefined where nothing is decided. */
export function reviewKey(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : hashOf(value)
}
