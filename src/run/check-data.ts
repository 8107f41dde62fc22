import { basename } from 'node:path'
import type { Share, Use } from '../data/origin.ts'
import { type ReadOptions, readSource, type SourceFile, type SourceRows } from '../data/read.ts'
import { type BadRecord, placeOf } from '../data/record.ts'
import type { TracedRow } from '../data/row.ts'
import type { SampleLimits } from '../data/sample.ts'
import { conformRows, inferSchema } from '../data/schema.ts'
import { checkSetAside, tellSetAside } from '../data/set-aside.ts'
import { UserError } from '../error.ts'
import { checkColumns } from '../project/check.ts'
import { formatPath } from '../project/mistake.ts'
import type { LoadedProject } from '../project/project.ts'
import type { Project } from '../project/schema.ts'
import { deriveColumns } from '../task/derive.ts'
import { checkRows } from './check-rows.ts'
import type { Plan } from './plan.ts'
import { baseToFetch } from './place-base.ts'
import type { CheckedRows } from './row-warning.ts'
import { planProject } from './run.ts'
import { derivationsOf, type ReadFile, sourceFiles } from './steps/prepare.ts'

interface CheckedSource {
  readonly name: string
  readonly use: Use
  readonly share: Share
  readonly rows: number
  /** Rows that the plan and the checks of their meaning rest on: all, or an even sample of a large file. */
  readonly sampled: number
  readonly columns: number
}

/** Something wrong (`error`: nothing can be run) or questionable (`warning`) in the data or the project. */
export interface Finding {
  readonly severity: 'error' | 'warning'
  readonly message: string
  /** What to do about it; in an error's message where it is not here. */
  readonly next?: string
}

export interface CheckedData {
  readonly sources: readonly CheckedSource[]
  /** Errors first, then warnings from the worst on. Warnings are looked for where there is no error. */
  readonly findings: readonly Finding[]
  /** A sentence for each source with records that are set aside. */
  readonly setAside: readonly string[]
  /** Whether all errors are records that can be set aside. */
  readonly badRecordsOnly: boolean
  /** Absent where there are errors. */
  readonly plan?: Plan
}

/** Bad records told of each source; the others are counted. */
const mostTold = 5

/** What is held of the sources together; a larger project is judged by a sample. */
const limits: SampleLimits = { rows: 30_000, characters: 24_000_000 }

interface CheckOptions {
  /** What is held of the sources together. */
  readonly sample?: SampleLimits
  /** Bad records are no problem, but a few that are counted. */
  readonly skipBadRows?: boolean
}

/**
 * Reads every source of a project once, from end to end, and lists what is wrong with the data, or with what the project
 * says of them; where nothing is, plans the run. Memory is bounded, whatever the files' size.
 * Throws a UserError where the rows cannot be prepared as the project asks.
 */
export async function checkData(
  loaded: LoadedProject,
  signal: AbortSignal,
  { sample = limits, skipBadRows = false }: CheckOptions = {},
): Promise<CheckedData> {
  const files = sourceFiles(loaded)
  const share = { rows: sample.rows / files.length, characters: sample.characters / files.length }
  const sources: CheckedSource[] = []
  const problems: string[] = []
  const setAside: string[] = []
  let badRecordsOnly = true
  const read: ReadFile[] = []
  const columns = new Set<string>()
  for (const file of files) {
    const options = { signal, skipBad: true, mostSkipped: mostTold, sample: share }
    const found = await readOrTell(file, { ...options, setAside: skipBadRows }, problems)
    badRecordsOnly &&= found !== undefined
    if (found === undefined) continue
    const names = Object.keys(found.rows[0]!.row)
    for (const name of names) columns.add(name)
    if (!skipBadRows) problems.push(...badRecords(found))
    else if (found.skippedTotal > 0)
      setAside.push(tellSetAside(found.file, found.skipped, found.skippedTotal))
    read.push({ file, rows: found.rows, setAside: found.skipped })
    sources.push({
      name: file.name,
      use: file.use,
      share: file.share,
      rows: found.total,
      sampled: found.rows.length,
      columns: names.length,
    })
  }
  if (columns.size > 0 && sources.length === files.length) {
    for (const { path, message } of checkColumns(loaded.project, [...columns])) {
      badRecordsOnly = false
      problems.push(`${basename(loaded.file)}: ${formatPath(path)} ${message}`)
    }
  }
  if (problems.length > 0) return { sources, findings: problems.map(asError), setAside, badRecordsOnly }
  const scale = sum(sources.map(({ rows }) => rows)) / sum(sources.map(({ sampled }) => sampled))
  try {
    // First, so that what it holds is let go before the plan is made.
    const warnings = await checkRows(loaded.project, typedRows(loaded.project, read), signal)
    const plan = await planProject({ loaded, signal, skipBadRows, read: { files: read, scale } })
    const findings = [...warnings, ...baseWarnings(loaded)].map(
      warning => ({ severity: 'warning', ...warning }) as const,
    )
    return { sources, findings, setAside, badRecordsOnly: false, plan }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const findings = [asError(sentence(error.message, error.next))]
    return { sources, findings, setAside, badRecordsOnly: false }
  }
}

/** Checking fetches nothing; what a run would have to fetch is no mistake, but takes its time. */
function baseWarnings(loaded: LoadedProject): readonly Omit<Finding, 'severity'>[] {
  const name = baseToFetch(loaded)
  if (name === null) return []
  return [
    {
      message: `The base model ${name} is not on this machine: a run fetches it first. Until then nobody knows whether it fits the rows and the memory, and the time foretold is too short.`,
      next: `\`tilth model add ${name}\` fetches it now.`,
    },
  ]
}

function asError(message: string): Finding {
  return { severity: 'error', message }
}

/** The rows as a run would type and derive them. */
function typedRows(project: Project, read: readonly ReadFile[]): CheckedRows {
  const kinds = Object.fromEntries(
    Object.entries(project.columns).flatMap(([name, { kind, derive }]) =>
      kind === undefined || derive !== undefined ? [] : [[name, { kind }]],
    ),
  )
  const known = read.filter(({ file }) => file.use !== 'test').flatMap(({ rows }) => rows)
  const schema = inferSchema(known, kinds)
  const derivations = derivationsOf(project)
  const rowsFor = (use: Use): readonly TracedRow[] =>
    read
      .filter(({ file }) => file.use === use)
      .flatMap(({ rows }) => conformRows(rows, schema))
      .map(traced => ({ ...traced, row: deriveColumns(traced.row, derivations) }))
  return { train: rowsFor('train'), fit: rowsFor('fit'), test: rowsFor('test') }
}

/** Reads a source; what is wrong with the whole of it joins the problems. */
async function readOrTell(
  file: SourceFile,
  { setAside, ...options }: ReadOptions & { readonly setAside: boolean },
  problems: string[],
): Promise<SourceRows | undefined> {
  try {
    const found = await readSource(file, options)
    if (setAside) checkSetAside(found)
    return found
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    problems.push(sentence(error.message, error.next))
    return undefined
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

function badRecords({ file, skipped, skippedTotal }: SourceRows): readonly string[] {
  const told = skipped.map((bad: BadRecord) => sentence(`${placeOf(file, bad)}: ${bad.problem}`, bad.next))
  const more = skippedTotal - told.length
  return more > 0 ? [...told, `${file}: ${more} more records cannot be read.`] : told
}

function sentence(message: string, next: string | undefined): string {
  return [message.replace(/[.:]?$/, '.'), next].filter(part => part !== undefined).join(' ')
}
