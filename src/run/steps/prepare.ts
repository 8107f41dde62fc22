import path from 'node:path'
import type { Context } from '../../context.ts'
import { contentOf } from '../../data/content.ts'
import { type Fingerprints, fingerprintTexts } from '../../data/fingerprint.ts'
import { createRandom, type Random } from '../../data/random.ts'
import { readSource, type SourceFile } from '../../data/read.ts'
import type { BadRecord } from '../../data/record.ts'
import type { TracedRow } from '../../data/row.ts'
import { conformRows, inferSchema, type Schema } from '../../data/schema.ts'
import { type SealedSet, sealRows } from '../../data/seal.ts'
import { checkSetAside } from '../../data/set-aside.ts'
import { splitRows } from '../../data/split.ts'
import { UserError } from '../../error.ts'
import { fewestSealedRows, type Project } from '../../project/schema.ts'
import type { LoadedProject } from '../../project/project.ts'
import { deriveColumns } from '../../task/derive.ts'
import { renderExample, type ResolvedTask, resolveTask } from '../../task/render.ts'

export type Regime = 'sealed' | 'scarce'

/** What is known of a source once it is read. */
export interface SourceSummary {
  readonly name: string
  readonly file: string
  readonly use: 'train' | 'fit' | 'test'
  readonly share: 'anyone' | 'local'
  readonly rows: number
  readonly dropped: readonly string[]
  /** Records that could not be read and were set aside. */
  readonly setAside: number
}

/** The records of a source that could not be read. */
export interface SetAside {
  readonly source: string
  readonly records: readonly BadRecord[]
}

/** The project's rows, read, typed, derived and parted. */
export interface Prepared {
  readonly regime: Regime
  readonly schema: Schema
  readonly sources: readonly SourceSummary[]
  readonly tasks: readonly ResolvedTask[]
  readonly groups: number
  readonly train: readonly TracedRow[]
  readonly dev: readonly TracedRow[]
  readonly fit: readonly TracedRow[]
  /** Empty in the scarce regime, where every fold seals its own. */
  readonly sealed: SealedSet
  /** Groups of the rows that the student is scored on: those are what was drawn. */
  readonly scoredGroups: number
  /** One-way fingerprints of the dev and test rows. */
  readonly fingerprints: Fingerprints
  /** Training rows whose content equals that of a dev or test row. */
  readonly repeatedInTest: number
  /** Of each source that has any. Empty unless bad rows are to be set aside: a run ends at the first one otherwise. */
  readonly setAside: readonly SetAside[]
}

/** The files of a project's sources, with absolute paths. */
export function sourceFiles(loaded: LoadedProject): readonly SourceFile[] {
  return Object.entries(loaded.project.sources).map(([name, source]) => ({
    name,
    ...source,
    path: path.resolve(loaded.folder, source.path),
  }))
}

/** A source and its rows, as they stand in its file. */
export interface ReadFile {
  readonly file: SourceFile
  readonly rows: readonly TracedRow[]
  /** Records that were set aside. */
  readonly setAside: readonly BadRecord[]
}

/** Reads every source, and prepares the project's rows. Bad records are set aside where `skipBad` says so, or thrown. */
export async function prepareRows(
  loaded: LoadedProject,
  context: Context,
  { skipBad }: { readonly skipBad: boolean },
): Promise<Prepared> {
  const files = sourceFiles(loaded)
  const read: ReadFile[] = []
  for (const file of files) {
    const found = await readSource(file, { signal: context.signal, skipBad })
    checkSetAside(found)
    read.push({ file, rows: found.rows, setAside: found.skipped })
    context.progress(read.length, files.length)
  }
  return prepareRead(loaded, read, context)
}

/** Infers one schema from the rows that are not sealed, derives columns, parts and seals. */
export function prepareRead(
  { project }: LoadedProject,
  read: readonly ReadFile[],
  context: Context,
): Prepared {
  const kinds = Object.fromEntries(
    Object.entries(project.columns).flatMap(([name, column]) =>
      column.kind === undefined || column.derive !== undefined ? [] : [[name, { kind: column.kind }]],
    ),
  )
  const rawSchema = inferSchema(
    read.filter(({ file }) => file.use !== 'test').flatMap(({ rows }) => rows),
    kinds,
  )
  const derivations = derivationsOf(project)
  const typed = read.map(({ file, rows, setAside }) => ({
    file,
    setAside,
    rows: conformRows(rows, rawSchema).map(traced => ({
      ...traced,
      row: deriveColumns(traced.row, derivations),
    })),
  }))
  const rowsFor = (use: SourceFile['use']): readonly TracedRow[] =>
    typed.filter(({ file }) => file.use === use).flatMap(({ rows }) => rows)

  const parts = partRows(project, rowsFor('train'), rowsFor('test'), context)
  const fit = rowsFor('fit')
  const tasks = Object.entries(project.tasks).map(([name, definition]) =>
    resolveTask(name, definition, { rows: parts.train, random: context.random.stream(`task/${name}`) }),
  )
  const heldOut = [...parts.dev, ...parts.test]
  const contents = new Set(heldOut.map(({ row }) => contentOf(row)))
  return {
    regime: parts.regime,
    schema: inferSchema([...parts.train, ...fit], overridesFrom(rawSchema)),
    sources: typed.map(({ file, rows, setAside }) => ({
      name: file.name,
      file: project.sources[file.name]!.path,
      use: file.use,
      share: file.share,
      rows: rows.length,
      dropped: project.sources[file.name]!.drop,
      setAside: setAside.length,
    })),
    tasks,
    groups: new Set([...parts.train, ...heldOut, ...fit].map(({ group }) => group)).size,
    train: parts.train,
    dev: parts.dev,
    fit,
    sealed: sealRows(parts.test),
    scoredGroups: new Set((parts.regime === 'sealed' ? parts.test : parts.train).map(({ group }) => group))
      .size,
    fingerprints: fingerprintRows(project, tasks, heldOut),
    repeatedInTest: parts.train.filter(({ row }) => contents.has(contentOf(row))).length,
    setAside: typed.flatMap(({ file, setAside }) =>
      setAside.length === 0 ? [] : [{ source: file.name, records: setAside }],
    ),
  }
}

/**
 * One-way fingerprints of every text of held-out rows that a synthetic row could repeat: their content, and their
 * rendering for each task.
 */
export function fingerprintRows(
  project: Project,
  tasks: readonly ResolvedTask[],
  rows: readonly TracedRow[],
): Fingerprints {
  const random = heldOutWordings(project)
  const texts = rows.flatMap(traced => [
    contentOf(traced.row),
    ...tasks.flatMap(task => {
      const example = renderExample(task, traced, { side: 'held-out', attributes: [], random })
      return (example?.messages ?? []).filter(({ role }) => role === 'user').map(({ content }) => content)
    }),
  ])
  return fingerprintTexts(texts, `${project.name}/${project.seed}`)
}

/** The stream that picks the wordings of held-out rows: the same whenever they are rendered, whatever the run's seed. */
export function heldOutWordings(project: Project): Random {
  return createRandom(project.seed, 'held-out wordings')
}

/** Column whose shares every part keeps: the declared one, or the answer of the first label task. */
export function stratifyOf(project: Project): string | undefined {
  if (project.split.stratify !== undefined) return project.split.stratify
  return Object.values(project.tasks).find(task => task.kind === 'label')?.answer
}

/** The columns that the project derives, by name. */
export function derivationsOf(project: Project): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(project.columns).flatMap(([name, { derive }]) =>
      derive === undefined ? [] : [[name, derive]],
    ),
  )
}

function overridesFrom(schema: Schema): Record<string, { kind: Schema['columns'][number]['kind'] }> {
  return Object.fromEntries(schema.columns.map(({ name, kind }) => [name, { kind }]))
}

function partRows(
  project: Project,
  train: readonly TracedRow[],
  test: readonly TracedRow[],
  context: Context,
): { regime: Regime; train: readonly TracedRow[]; dev: readonly TracedRow[]; test: readonly TracedRow[] } {
  const { split, evaluate } = project
  if (train.length === 0) {
    throw new UserError(
      'the sources with `use: train` hold no rows',
      'Check their paths and `where` conditions.',
    )
  }
  const stratify = stratifyOf(project)
  const random = context.random.stream('split')
  const options = { dev: split.dev, random, ...(stratify === undefined ? {} : { stratify }) }
  const ownTest = test.length > 0
  const parts = splitRows(train, {
    ...options,
    test: ownTest || evaluate.regime === 'scarce' ? 0 : split.test,
  })
  const sealed = ownTest ? test : parts.test
  if (evaluate.regime === 'sealed' && sealed.length < fewestSealedRows) {
    throw new UserError(
      `the sealed regime needs at least ${fewestSealedRows} test rows, but there are ${sealed.length}`,
      'Leave out `evaluate.regime`: with fewer rows, repeated cross-validation uses all of them.',
    )
  }
  const shared = sharedGroup(parts.train, sealed)
  if (shared !== undefined) {
    throw new UserError(
      `group "${shared}" has rows in training and in test sources`,
      'What belongs together must be on one side: move all its rows to one source.',
    )
  }
  if (evaluate.regime !== 'scarce' && sealed.length >= fewestSealedRows) {
    return { regime: 'sealed', train: parts.train, dev: parts.dev, test: sealed }
  }
  const all = splitRows(train, { ...options, test: 0 })
  return { regime: 'scarce', train: [...all.train, ...test.filter(isShared)], dev: all.dev, test: [] }
}

/** A test row that may not leave the machine never enters a training set, of no fold either. */
function isShared({ origin }: TracedRow): boolean {
  return origin.share === 'anyone'
}

function sharedGroup(train: readonly TracedRow[], test: readonly TracedRow[]): string | undefined {
  const groups = new Set(train.map(({ group }) => group))
  return test.find(({ group }) => groups.has(group))?.group
}
