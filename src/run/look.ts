import { basename, relative, resolve, sep } from 'node:path'
import type { SourceFormat } from '../data/record.ts'
import { readSource } from '../data/read.ts'
import { conformRows, inferSchema } from '../data/schema.ts'
import { proposeProject, type Proposal } from './propose.ts'

/** A proposal and the file it was made from. */
export interface Look extends Proposal {
  readonly rows: number
  readonly columns: number
}

export interface LookRequest {
  readonly path: string
  /** Where the project file is to be. */
  readonly folder: string
  readonly label?: string | undefined
  readonly text?: string | undefined
  /** Left out, it follows from the file's name. */
  readonly format?: SourceFormat | undefined
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
    { signal: given.signal },
  )
  const schema = inferSchema(read.rows)
  const proposal = proposeProject({
    schema,
    rows: conformRows(read.rows, schema),
    label: given.label,
    text: given.text,
    format: given.format,
    file: relative(given.folder, path).split(sep).join('/'),
    name,
  })
  return { ...proposal, rows: read.rows.length, columns: schema.columns.length }
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
