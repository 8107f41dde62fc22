import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { PRIVATE } from '../data/file.ts'
import { tellSetAside, writeBadRecords } from '../data/set-aside.ts'
import type { LoadedProject } from '../project/project.ts'
import type { Prepared } from './steps/prepare.ts'

/**
 * Writes the records of each source that were set aside to `runs/<id>/bad-rows/<source>.jsonl`, those of local sources
 * to `.tilth/private/bad-rows/<id>/`, and tells how many there are and where.
 */
export async function layOutBadRows(given: {
  readonly loaded: LoadedProject
  readonly id: string
  readonly prepared: Prepared
  readonly log: (message: string) => void
}): Promise<void> {
  const { loaded, id, prepared, log } = given
  for (const { source, records } of prepared.setAside) {
    const { path: file, share } = loaded.project.sources[source]!
    const folder =
      share === 'local' ? path.join('.tilth', 'private', 'bad-rows', id) : path.join('runs', id, 'bad-rows')
    const place = path.join(folder, `${source}.jsonl`)
    mkdirSync(path.join(loaded.folder, folder), { recursive: true, mode: share === 'local' ? 0o700 : 0o755 })
    await writeBadRecords(path.join(loaded.folder, place), records, share === 'local' ? PRIVATE : undefined)
    log(`${tellSetAside(path.basename(file), records, records.length)} They are in ${place}.`)
  }
}
