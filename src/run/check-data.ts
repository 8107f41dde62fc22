import { basename } from 'node:path'
import type { Share, Use } from '../data/origin.ts'
import { readSource, type SourceRows } from '../data/read.ts'
import { type BadRecord, placeOf } from '../data/record.ts'
import { UserError } from '../error.ts'
import { checkColumns } from '../project/check.ts'
import { formatPath } from '../project/mistake.ts'
import type { LoadedProject } from '../project/project.ts'
import { sourceFiles } from './steps/prepare.ts'

interface CheckedSource {
  readonly name: string
  readonly use: Use
  readonly share: Share
  readonly rows: number
  readonly columns: number
}

/** Bad records told of each source; the others are counted. */
const mostTold = 5

/** Reads every source of a project and lists what is wrong with the data, or with what the project says of them. */
export async function checkData(
  loaded: LoadedProject,
  signal: AbortSignal,
): Promise<{ readonly sources: readonly CheckedSource[]; readonly problems: readonly string[] }> {
  const sources: CheckedSource[] = []
  const problems: string[] = []
  const columns = new Set<string>()
  for (const file of sourceFiles(loaded)) {
    const read = await readSource(file, { signal, skipBad: true }).catch((error: unknown) => {
      if (!(error instanceof UserError)) throw error
      problems.push(sentence(error.message, error.next))
      return undefined
    })
    if (read === undefined) continue
    const names = Object.keys(read.rows[0]!.row)
    for (const name of names) columns.add(name)
    problems.push(...badRecords(read))
    sources.push({
      name: file.name,
      use: file.use,
      share: file.share,
      rows: read.rows.length,
      columns: names.length,
    })
  }
  if (columns.size > 0 && sources.length === Object.keys(loaded.project.sources).length) {
    for (const { path, message } of checkColumns(loaded.project, [...columns])) {
      problems.push(`${basename(loaded.file)}: ${formatPath(path)} ${message}`)
    }
  }
  return { sources, problems }
}

function badRecords({ file, skipped }: SourceRows): readonly string[] {
  const told = skipped
    .slice(0, mostTold)
    .map((bad: BadRecord) => sentence(`${placeOf(file, bad)}: ${bad.problem}`, bad.next))
  const more = skipped.length - told.length
  return more > 0 ? [...told, `${file}: ${more} more records cannot be read.`] : told
}

function sentence(message: string, next: string | undefined): string {
  return [message.replace(/[.:]?$/, '.'), next].filter(part => part !== undefined).join(' ')
}
