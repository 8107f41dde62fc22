import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import { UserError } from '../error.ts'
import type { Plan } from './plan.ts'
import { resultFolder } from './store.ts'

/** What a removal is of: `review` holds what people decided. */
export type RemovalKind = 'run' | 'result' | 'leftover' | 'review'

/** Something that can go, and the bytes of the disk that this frees. */
export interface Removal {
  readonly kind: RemovalKind
  readonly path: string
  readonly bytes: number
}

export interface CleanPlan {
  /** Ids of the runs that go; what people decided of them stays unless reviews were asked for. */
  readonly runs: readonly string[]
  readonly removals: readonly Removal[]
  readonly bytes: number
}

export interface CleanOptions {
  /** The folder of the project. */
  readonly project: string
  /** So many of the latest runs stay; left out, age alone decides. */
  readonly keep?: number | undefined
  /** Milliseconds since 1970: runs last worked on before it go; left out, their number alone decides. */
  readonly before?: number | undefined
  /** Whether the reviews of runs that go, or are gone, go too. */
  readonly reviews: boolean
}

/** What a run writes into its folder; whatever else lies there is somebody's own. */
const ownFiles = new Set([
  'plan.json',
  'settings.json',
  'journal.jsonl',
  'report.json',
  'timing.json',
  'report.html',
  'mixtures',
])

/** Temporary files as src/data/file.ts names them. */
const temporary = /^\..+\.\d+-\d+-\d+\.tmp$/

/**
 * What can be removed from a project's folder: old runs where that is asked for, results that no other run refers to,
 * and what killed processes left half-written. Never data, project files, looks at the seal, or what a person put into
 * a run's folder. Call it with the folder's lock held. Throws UserError where a run's plan cannot be read, since what it
 * refers to is then unknown.
 */
export function planClean({ project, keep, before, reviews }: CleanOptions): CleanPlan {
  const runs = listPlanned(project)
  const old = runs.filter(
    ({ changed }, place) =>
      (keep !== undefined || before !== undefined) && place >= (keep ?? 0) && changed < (before ?? Infinity),
  )
  const kept = new Set(runs.filter(run => !old.includes(run)).map(({ id }) => id))
  const targets = [
    ...old.flatMap(({ id }) => runTargets(project, id, reviews)),
    ...orphanMixtures(project, new Set(runs.map(({ id }) => id))),
    ...(reviews ? reviewTargets(project, kept) : []),
    ...resultTargets(project, [...kept]),
    ...leftovers(project),
  ]
  const removals = measure(dropInner(targets))
  return {
    runs: old.map(({ id }) => id),
    removals,
    bytes: removals.reduce((sum, { bytes }) => sum + bytes, 0),
  }
}

/**
 * Removes what was planned. Each is renamed aside before it is deleted, so that nothing is ever half there; what a
 * killed process leaves aside goes with the next clean. Runs go before results, so that none loses what it refers to.
 */
export function performClean(project: string, { removals }: CleanPlan, signal: AbortSignal): void {
  const aside = asideFolder(project)
  mkdirSync(path.dirname(aside), { recursive: true, mode: 0o700 })
  mkdirSync(aside, { recursive: true, mode: 0o700 })
  for (const [index, { path: place }] of removals.entries()) {
    signal.throwIfAborted()
    if (place === aside) continue
    const target = path.join(aside, `${process.pid}-${index}`)
    rmSync(target, { recursive: true, force: true })
    try {
      renameSync(place, target)
    } catch (error) {
      // A store that was moved to another disk and linked: there is no renaming between disks.
      if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error
      rmSync(place, { recursive: true })
    }
    rmSync(target, { recursive: true, force: true })
    removeIfEmpty(path.dirname(place), project)
  }
  rmSync(aside, { recursive: true, force: true })
}

/** Private, since what lies there for a moment may be. */
function asideFolder(project: string): string {
  return path.join(project, '.tilth', 'private', 'removing')
}

/** Folders of a run or a review that nothing is in any more. */
function removeIfEmpty(folder: string, project: string): void {
  const inside = [path.join(project, 'runs'), path.join(project, '.tilth', 'private', 'mixtures')]
  if (!inside.includes(path.dirname(folder)) || readdirSync(folder).length > 0) return
  rmSync(folder, { recursive: true })
}

interface PlannedRun {
  readonly id: string
  /** Milliseconds since 1970. */
  readonly changed: number
}

/** Runs that have a plan, the latest first. */
function listPlanned(project: string): readonly PlannedRun[] {
  const folder = path.join(project, 'runs')
  return foldersIn(folder)
    .flatMap(id => {
      const files = ['journal.jsonl', 'plan.json'].map(name => path.join(folder, id, name))
      const newest = files.find(file => existsSync(file))
      return newest === undefined ? [] : [{ id, changed: lstatSync(newest).mtimeMs }]
    })
    .toSorted((a, b) => b.changed - a.changed || (a.id < b.id ? -1 : 1))
}

interface Target {
  readonly kind: RemovalKind
  readonly path: string
}

/** A run's folder, whole where all in it is the run's own and may go. */
function runTargets(project: string, id: string, reviews: boolean): readonly Target[] {
  const folder = path.join(project, 'runs', id)
  const hidden = path.join(project, '.tilth', 'private', 'mixtures', id)
  const names = readdirSync(folder)
  const isOwn = (name: string): boolean =>
    ownFiles.has(name) || temporary.test(name) || (reviews && name === 'review')
  const own: readonly Target[] = names.every(isOwn)
    ? names.includes('review')
      ? [
          { kind: 'review', path: path.join(folder, 'review') },
          { kind: 'run', path: folder },
        ]
      : [{ kind: 'run', path: folder }]
    : // The plan goes first: without it the folder is no run any more.
      ['plan.json', ...names.filter(name => isOwn(name) && name !== 'plan.json' && name !== 'review')]
        .filter(name => names.includes(name))
        .map(name => ({ kind: 'run', path: path.join(folder, name) }))
  return existsSync(hidden) ? [...own, { kind: 'run', path: hidden }] : own
}

/** Private training sets of runs that are not there any more. */
function orphanMixtures(project: string, known: ReadonlySet<string>): readonly Target[] {
  const folder = path.join(project, '.tilth', 'private', 'mixtures')
  return foldersIn(folder)
    .filter(id => !known.has(id))
    .map(id => ({ kind: 'leftover', path: path.join(folder, id) }))
}

/** What people decided of runs that go or are gone. */
function reviewTargets(project: string, kept: ReadonlySet<string>): readonly Target[] {
  const open = path.join(project, 'runs')
  const hidden = path.join(project, '.tilth', 'private', 'review')
  return [
    ...foldersIn(open)
      .filter(id => existsSync(path.join(open, id, 'review')))
      .map(id => ({ id, place: path.join(open, id, 'review') })),
    ...foldersIn(hidden).map(id => ({ id, place: path.join(hidden, id) })),
  ]
    .filter(({ id }) => !kept.has(id))
    .map(({ place }) => ({ kind: 'review', path: place }))
}

function resultTargets(project: string, kept: readonly string[]): readonly Target[] {
  const tilth = path.join(project, '.tilth')
  const needed = new Set(kept.flatMap(id => readSteps(project, id).map(step => resultFolder(tilth, step))))
  return [path.join(tilth, 'store'), path.join(tilth, 'private', 'store')].flatMap(store =>
    foldersIn(store)
      .filter(name => !name.startsWith('making-') && !needed.has(path.join(store, name)))
      .map(name => ({ kind: 'result', path: path.join(store, name) })),
  )
}

function readSteps(project: string, id: string): Plan['steps'] {
  const file = path.join(project, 'runs', id, 'plan.json')
  try {
    const { steps } = JSON.parse(readFileSync(file, 'utf8')) as Plan
    if (steps.every(step => typeof step.key === 'string' && typeof step.local === 'boolean')) return steps
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError) && !isMissing(error)) throw error
  }
  throw new UserError(
    `${file} cannot be read, so what this run refers to is not known`,
    'Nothing was removed. Move the folder of that run away, or run the project anew, then clean.',
  )
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT'
}

/** What a killed process left: results half made, temporary files, locks taken over, what was being removed. */
function leftovers(project: string): readonly Target[] {
  const tilth = path.join(project, '.tilth')
  const stores = [path.join(tilth, 'store'), path.join(tilth, 'private', 'store')]
  const making = stores.flatMap(store =>
    foldersIn(store)
      .filter(name => name.startsWith('making-'))
      .map(name => path.join(store, name)),
  )
  const working = [path.join(tilth, 'working'), path.join(tilth, 'private', 'working')].flatMap(folder =>
    foldersIn(folder).map(name => path.join(folder, name)),
  )
  const locks = existsSync(tilth)
    ? readdirSync(tilth)
        .filter(name => name.startsWith('lock.stale-'))
        .map(name => path.join(tilth, name))
    : []
  const files = [path.join(project, 'runs'), tilth].flatMap(folder => temporaryFiles(folder, stores))
  const aside = asideFolder(project)
  const found = [...making, ...working, ...locks, ...files, ...(existsSync(aside) ? [aside] : [])]
  return found.map(place => ({ kind: 'leftover', path: place }))
}

function temporaryFiles(folder: string, except: readonly string[]): readonly string[] {
  if (except.includes(folder) || !existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const place = path.join(folder, entry.name)
    if (entry.isDirectory()) return temporaryFiles(place, except)
    return entry.isFile() && temporary.test(entry.name) ? [place] : []
  })
}

/** Without what lies in a folder that goes as a whole, a review apart: it is told of by itself, and goes before. */
function dropInner(targets: readonly Target[]): readonly Target[] {
  const unique = [...new Map(targets.map(target => [target.path, target])).values()]
  const whole = new Set(unique.map(target => target.path))
  const lies = (place: string): boolean => {
    const parent = path.dirname(place)
    return parent !== place && (whole.has(parent) || lies(parent))
  }
  return unique.filter(target => target.kind === 'review' || !lies(target.path))
}

/** Bytes that each removal frees. A file that is linked from elsewhere frees nothing, one linked twice here counts once. */
function measure(targets: readonly Target[]): readonly Removal[] {
  const seen = new Map<string, number>()
  const freed = (place: string): number => {
    const stat = lstatSync(place)
    if (stat.isDirectory())
      return readdirSync(place).reduce((sum, name) => sum + freed(path.join(place, name)), 0)
    const name = `${stat.dev}:${stat.ino}`
    const links = (seen.get(name) ?? 0) + 1
    seen.set(name, links)
    return links === stat.nlink ? stat.size : 0
  }
  return targets.map(target => ({ ...target, bytes: freed(target.path) }))
}

function foldersIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted()
}
