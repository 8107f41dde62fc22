import path from 'node:path'
import { UserError } from '../error.ts'
import type { LoadedProject } from '../project/project.ts'

/** Where an export is written. Throws UserError where that would let local data out. */
export function placeOf(given: {
  readonly loaded: Pick<LoadedProject, 'folder'>
  readonly name: string
  /** True where it descends from rows that may not leave the machine. */
  readonly local: boolean
  /** What descends from them, as a sentence begins. */
  readonly what: string
  /** Whose machines it goes to; null where it stays on this one. */
  readonly host: string | null
  readonly out?: string | undefined
  readonly letLocalDataOut: boolean
}): string {
  const { loaded, name, local, what, host, out, letLocalDataOut } = given
  const inner = path.join(loaded.folder, '.tilth', 'private')
  const usual = path.join(local ? inner : loaded.folder, 'exports', name)
  const folder = out === undefined ? usual : path.resolve(out)
  if (!local || letLocalDataOut || (host === null && folder.startsWith(`${inner}${path.sep}`))) return folder
  const where =
    host === null ? `${folder} is outside of .tilth/private` : `${host} trains on machines of its own`
  throw new UserError(
    `${what} from rows with \`share: local\`, which stay on this machine, and ${where}. Nothing was written.`,
    `Export \`--arm real\`, ${host === null ? 'or leave --out away' : 'or a mixture without those rows'}; or, where their owner agrees, say so with --let-local-data-out.`,
  )
}
