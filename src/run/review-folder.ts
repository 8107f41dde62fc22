import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { PRIVATE, writeFileAtomic } from '../data/file.ts'
import { writeJsonl } from '../data/jsonl.ts'
import { UserError } from '../error.ts'
import { type Decision, decisionSchema } from '../review/decision.ts'
import { isLocal, type Review } from '../review/item.ts'
import type { ResolvedTask } from '../task/render.ts'

/** A review as it is kept: with what its decisions are read and applied by, so that it outlives the store. */
export interface KeptReview extends Review {
  readonly version: 1
  readonly tasks: readonly ResolvedTask[]
  /** Columns of few values, and columns that only tell rows apart. */
  readonly columns: readonly string[]
  readonly ids: readonly string[]
}

/** A review and the folder that holds it: `review.json`, its sheets, and `decisions/<reviewer>.jsonl`. */
export interface ReviewFolder {
  readonly review: KeptReview
  readonly folder: string
  /** True where it shows what may not leave the machine: then the folder is under .tilth/private. */
  readonly local: boolean
}

/**
 * Where the review of a run's mixture is kept: `runs/<run>/review/<mixture>`, or `.tilth/private/review/<run>/<mixture>`,
 * readable by its owner alone, where it shows what may not leave the machine.
 */
function placeOf(project: string, review: Pick<Review, 'run' | 'mixture'>, local: boolean): string {
  return local
    ? path.join(project, '.tilth', 'private', 'review', review.run, review.mixture)
    : path.join(project, 'runs', review.run, 'review', review.mixture)
}

/** Keeps a new review in its folder. */
export async function keepReview(project: string, review: KeptReview): Promise<ReviewFolder> {
  const local = review.items.some(isLocal)
  const folder = placeOf(project, review, local)
  const kept = { review, folder, local }
  await writeReviewFile(kept, 'review.json', `${JSON.stringify(review)}\n`)
  return kept
}

/** Writes one file of a review, closed to others where the review is local. */
export async function writeReviewFile(
  { folder, local }: Pick<ReviewFolder, 'folder' | 'local'>,
  name: string,
  content: string | Uint8Array,
): Promise<string> {
  mkdirSync(folder, { recursive: true, ...(local ? { mode: 0o700 } : {}) })
  const file = path.join(folder, name)
  await writeFileAtomic(file, content, ...(local ? [PRIVATE] : []))
  return file
}

/** All reviews of a project's folder, by run and mixture. Throws UserError for one that cannot be read. */
export function findReviews(project: string): readonly ReviewFolder[] {
  const places = [
    { base: path.join(project, 'runs'), inner: 'review', local: false },
    { base: path.join(project, '.tilth', 'private', 'review'), inner: '', local: true },
  ]
  const found = places.flatMap(({ base, inner, local }) =>
    foldersIn(base).flatMap(run =>
      foldersIn(path.join(base, run, inner)).flatMap(mixture => {
        const folder = path.join(base, run, inner, mixture)
        return existsSync(path.join(folder, 'review.json'))
          ? [{ review: readKept(folder), folder, local }]
          : []
      }),
    ),
  )
  return found.toSorted((a, b) => (a.folder < b.folder ? -1 : 1))
}

/** The decisions of a review by all its reviewers. Throws UserError naming file and line of one that is none. */
export function readDecisions({ folder }: Pick<ReviewFolder, 'folder'>): readonly Decision[] {
  const place = path.join(folder, 'decisions')
  const names = existsSync(place) ? readdirSync(place).filter(name => name.endsWith('.jsonl')) : []
  return names.toSorted().flatMap(name => readDecisionFile(path.join(place, name)))
}

/** Takes a reviewer's decisions in, whole or not at all: those on other examples stay as they are. Returns how many there are now. */
export async function takeDecisions(
  kept: ReviewFolder,
  reviewer: string,
  decisions: readonly Decision[],
): Promise<number> {
  const file = path.join(kept.folder, 'decisions', `${reviewer}.jsonl`)
  const before = existsSync(file) ? readDecisionFile(file) : []
  return saveDecisions(kept, reviewer, [
    ...new Map([...before, ...decisions].map(decision => [decision.example, decision])).values(),
  ])
}

/** Replaces a reviewer's decisions. */
export async function saveDecisions(
  { folder, local }: ReviewFolder,
  reviewer: string,
  decisions: readonly Decision[],
): Promise<number> {
  const place = path.join(folder, 'decisions')
  mkdirSync(place, { recursive: true, ...(local ? { mode: 0o700 } : {}) })
  await writeJsonl(path.join(place, `${reviewer}.jsonl`), decisions, ...(local ? [PRIVATE] : []))
  return decisions.length
}

function readDecisionFile(file: string): readonly Decision[] {
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines.flatMap((line, index) => {
    if (line.trim() === '') return []
    const parsed = decisionSchema.safeParse(parseJson(line))
    if (parsed.success) return [parsed.data]
    throw new UserError(
      `${file}:${index + 1} is not a decision`,
      'Import the sheet again, or take that line out.',
    )
  })
}

function readKept(folder: string): KeptReview {
  const file = path.join(folder, 'review.json')
  const review = parseJson(readFileSync(file, 'utf8')) as KeptReview | undefined
  if (review?.version === 1 && Array.isArray(review.items)) return review
  throw new UserError(
    `${file} is no review that this version can read`,
    'Move its folder away; `tilth review` writes a new one.',
  )
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function foldersIn(place: string): readonly string[] {
  if (!existsSync(place)) return []
  return readdirSync(place, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted()
}
