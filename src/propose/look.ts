import { basename, relative, resolve, sep } from 'node:path'
import { createRandom } from '../data/random.ts'
import type { Row, TracedRow } from '../data/row.ts'
import type { BadRecord, SourceFormat } from '../data/record.ts'
import { readSource } from '../data/read.ts'
import { conformRows, inferSchema } from '../data/schema.ts'
import { checkSetAside, tellSetAside } from '../data/set-aside.ts'
import { proposeProject, type Proposal } from './propose.ts'

/** A proposal and the file it was made from. */
export interface Look extends Proposal {
  readonly rows: number
  readonly columns: number
  /** Where the file is too large for a quick run: the rows that the proposal names as its file, and what it calls it. */
  readonly sample: { readonly name: string; readonly rows: readonly Row[] } | null
  /** Records that could not be read. */
  readonly setAside: readonly BadRecord[]
}

/** Rows of a quick run; of a larger file, as many are drawn. */
const quickRows = 6000

export interface LookRequest {
  readonly path: string
  /** Where the project file is to be. */
  readonly folder: string
  readonly label?: string | undefined
  readonly text?: string | undefined
  /** Left out, it follows from the file's name. */
  readonly format?: SourceFormat | undefined
  /** For a run that ends within about a minute: large files are sampled. */
  readonly quick: boolean
  /** Sets records that cannot be read aside; left out, the first one is thrown. */
  readonly skipBadRows: boolean
  readonly signal: AbortSignal
}

/**
 * Reads a data file and proposes a project that learns a column of it, for a project file in `folder`.
 * Records that cannot be read throw UserError with their line.
 */
export async function lookAtFile(given: LookRequest): Promise<Look> {
  const path = resolve(given.path)
  const name = projectName(path)
  const read = await readSource(
    { name: 'rows', path, format: given.format, use: 'train', share: 'anyone', drop: [] },
    { signal: given.signal, skipBad: given.skipBadRows },
  )
  checkSetAside(read)
  const schema = inferSchema(read.rows)
  const all = conformRows(read.rows, schema)
  const rows = given.quick ? drawRows(all) : all
  const isSample = rows.length < all.length
  const proposal = proposeProject({
    schema: isSample
      ? inferSchema(rows, Object.fromEntries(schema.columns.map(column => [column.name, column])))
      : schema,
    rows,
    label: given.label,
    text: given.text,
    format: isSample ? undefined : given.format,
    file: isSample ? `${name}-sample.jsonl` : relative(given.folder, path).split(sep).join('/'),
    name,
    quick: given.quick,
  })
  const setAside = read.skippedTotal === 0 ? [] : [tellSetAside(read.file, read.skipped, read.skippedTotal)]
  const note = `So that it is quick, ${rows.length} of the ${all.length} rows were drawn; \`tilth init\` writes a project for all of them.`
  return {
    project: proposal.project,
    notes: [...setAside, ...(isSample ? [note] : []), ...proposal.notes],
    setAside: read.skipped,
    rows: all.length,
    columns: schema.columns.length,
    sample: isSample ? { name: `${name}-sample.jsonl`, rows: rows.map(({ row }) => row) } : null,
  }
}

/** Some of many rows, in the order of the file: always the same ones, whatever the seed of the run. */
function drawRows(rows: readonly TracedRow[]): readonly TracedRow[] {
  if (rows.length <= quickRows) return rows
  const drawn = new Set(createRandom(1, 'quick sample').shuffle(rows).slice(0, quickRows))
  return rows.filter(row => drawn.has(row))
}

/** `Bird strikes 2024.csv.gz` as `bird-strikes-2024`. */
function projectName(path: string): string {
  const name = basename(path)
    .replace(/(?:\.gz)?$/i, '')
    .replace(/\.[^.]+$/, '')
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '')
  return name === '' ? 'project' : name
}
