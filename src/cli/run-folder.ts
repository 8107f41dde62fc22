import { readFile, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { didYouMean } from '../did-you-mean.ts'
import { UserError } from '../error.ts'
import { reportSchema, type Report } from '../report/report-schema.ts'

/** A folder under `runs/`. `unfinished` has begun and has no report yet; `newer` left one that a newer tilth wrote. */
export interface RunFolder {
  readonly id: string
  readonly folder: string
  readonly state: 'done' | 'failed' | 'unfinished' | 'newer' | 'unreadable'
  readonly report: Report | null
  /** Milliseconds since 1970 when it was last worked on: for order alone. */
  readonly changed: number
}

/** The runs of a project's folder, the latest first. */
export async function listRuns(project: string): Promise<readonly RunFolder[]> {
  const folder = join(project, 'runs')
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    if (error.code === 'ENOTDIR')
      throw new UserError(`${project} is not a folder.`, 'Name the folder of the project with --project.')
    throw error
  })
  const runs = await Promise.all(names.map(name => openRun(join(folder, name), name)))
  return runs
    .filter(run => run !== undefined)
    .toSorted((a, b) => b.changed - a.changed || (a.id < b.id ? -1 : 1))
}

/** One run by its name, or by the beginning of it or of what follows its last dash; left out, the latest that has a report. */
export async function findRun(project: string, asked: string | undefined): Promise<RunFolder> {
  const runs = await listRuns(project)
  if (asked === undefined) {
    const latest = runs.find(run => run.report !== null)
    if (latest !== undefined) return latest
    const newer = runs.some(run => run.state === 'newer')
      ? ' that this tilth can read; a newer one made it'
      : ''
    throw new UserError(`No run in ${project} has a report${newer}.`, '`tilth run` makes one.')
  }
  const named = runs.filter(run => run.id === asked)
  const meant = named.length > 0 ? named : runs.filter(run => begins(run.id, asked))
  if (meant.length > 1) {
    throw new UserError(
      `"${asked}" begins the names of several runs.`,
      `They are ${meant.map(run => run.id).join(', ')}.`,
    )
  }
  const names = runs.map(run => run.id)
  if (meant[0] === undefined)
    throw new UserError(`There is no run "${asked}".${didYouMean(asked, names)}`, '`tilth runs` lists them.')
  if (meant[0].state === 'newer') {
    throw new UserError(
      `Run ${meant[0].id} was made by a newer tilth: this one cannot read its report.`,
      'Update tilth, or make the run anew with `tilth run`. Nothing of it was changed.',
    )
  }
  if (meant[0].report === null) {
    throw new UserError(
      `Run ${meant[0].id} has no report that can be read: it is ${meant[0].state}.`,
      '`tilth run` goes on with it.',
    )
  }
  return meant[0]
}

function begins(id: string, asked: string): boolean {
  return id.startsWith(asked) || (asked !== '' && id.slice(id.lastIndexOf('-') + 1).startsWith(asked))
}

async function openRun(folder: string, id: string): Promise<RunFolder | undefined> {
  const journal = join(folder, 'journal.jsonl')
  const text = await readFile(journal, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const { mtimeMs: changed } = await stat(journal)
  const written = await readFile(join(folder, 'report.json'), 'utf8').catch(() => undefined)
  if (written !== undefined) {
    return { id, folder, changed, ...readReport(written) }
  }
  const isFailed = /"state":"failed"/.test(text.trimEnd().split('\n').at(-1) ?? '')
  return { id, folder, changed, report: null, state: isFailed ? 'failed' : 'unfinished' }
}

function readReport(text: string): Pick<RunFolder, 'report' | 'state'> {
  try {
    const written: unknown = JSON.parse(text)
    const { data } = reportSchema.safeParse(written)
    if (data !== undefined) return { report: data, state: 'done' }
    const version = (written as { version?: unknown } | null)?.version
    return { report: null, state: Number(version) > 1 ? 'newer' : 'unreadable' }
  } catch {
    return { report: null, state: 'unreadable' }
  }
}
