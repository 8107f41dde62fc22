import { cacheFolder } from '../base/cache.ts'
import type { FetchEvents } from '../base/fetch-model.ts'
import { isToFetch, type LocatedBase, locateBase } from '../base/locate.ts'
import { formatHubName, type HubSource } from '../base/source.ts'
import { UserError } from '../error.ts'
import type { LoadedProject } from '../project/project.ts'
import type { StudentSettings } from '../student/options.ts'

/** Where the base lies that a student of the project in `folder` starts from, or would be fetched from; null where it has none. */
export function findBase(student: StudentSettings, folder: string): LocatedBase | HubSource | null {
  if (student.use !== 'decoder' || student.base === null) return null
  try {
    return locateBase(student.base, { folder, cache: cacheFolder() })
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const next = `Correct \`student.base\`; a path is meant from the project file. ${error.next ?? ''}`
    throw new UserError(error.message, next.trim(), { cause: error })
  }
}

/** The bases of a project's students that are not here. */
function toFetch({ project, folder }: LoadedProject): readonly HubSource[] {
  const students = [project.student, ...(project.preview === undefined ? [] : [project.preview.student])]
  return students.flatMap(student => {
    const found = findBase(student, folder)
    return found !== null && isToFetch(found) ? [found] : []
  })
}

/** The name of the hub that a run of this project would fetch its base from first; null where nothing is to fetch. */
export function baseToFetch(loaded: LoadedProject): string | null {
  const [found] = toFetch(loaded)
  return found === undefined ? null : formatHubName(found)
}

/** Fetches the bases of a project's students where they are of the hub and not here. Throws as `fetchModel` does. */
export async function fetchBases(
  loaded: LoadedProject,
  { signal, events }: { readonly signal: AbortSignal; readonly events: FetchEvents },
): Promise<void> {
  const sources = toFetch(loaded)
  if (sources.length === 0) return
  // The client of the hub is loaded only where something is fetched.
  const [{ fetchModel }, { hubAccess }] = await Promise.all([
    import('../base/fetch-model.ts'),
    import('../base/hub-access.ts'),
  ])
  const access = hubAccess(process.env)
  for (const source of sources)
    await fetchModel({ source, cache: cacheFolder(), access, signal, events, now: Date.now })
}

/** The settings of a student with its base as a place of this machine. Throws a UserError where it is not here. */
export function placeStudent<Settings extends StudentSettings>(student: Settings, folder: string): Settings {
  if (student.use !== 'decoder' || student.base === null) return student
  return { ...student, base: placeBase(student.base, folder) }
}

/** Where a base lies that a project in `folder` names. Throws a UserError where it is not here. */
function placeBase(base: string, folder: string): string {
  const found = locateBase(base, { folder, cache: cacheFolder() })
  if (!isToFetch(found)) return found.path
  throw new UserError(
    `The base model ${base} is not on this machine.`,
    `\`tilth model add ${base}\` fetches it.`,
  )
}
