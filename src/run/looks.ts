import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { writeFileAtomic } from '../data/file.ts'
import { hashOf } from '../data/hash.ts'
import { UserError } from '../error.ts'
import { type Look, recordLook } from '../evaluate/looks.ts'
import type { Project } from '../project/schema.ts'

/** The looks at what is sealed in a project folder, in a file of their own. */
export interface LooksFile {
  /** Which look an evaluation is, or would be. A run that is repeated or resumed is the same look. */
  numberOf(evaluationKey: string): number
  /** Counts the look, before the seal is opened. */
  save(evaluationKey: string): Promise<void>
}

/**
 * Looks are counted by the contents of the files that test rows are from, so that neither another seed nor another
 * split of the same rows begins the count anew.
 */
export function openLooks(
  tilthFolder: string,
  project: Project,
  sources: Readonly<Record<string, string>>,
): LooksFile {
  const measured = Object.entries(project.sources).filter(([, { use }]) => use !== 'fit')
  const name = hashOf(measured.map(([source]) => sources[source]).toSorted()).slice(0, 16)
  const file = path.join(tilthFolder, 'looks', `${name}.json`)
  const read = (): readonly Look[] => (existsSync(file) ? readLooks(file) : [])
  return {
    numberOf: key => recordLook(read(), key).number,
    async save(key) {
      const { looks } = recordLook(read(), key)
      await writeFileAtomic(file, `${JSON.stringify(looks, null, 2)}\n`)
    },
  }
}

function readLooks(file: string): readonly Look[] {
  try {
    const looks: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (Array.isArray(looks)) return looks as readonly Look[]
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw new UserError(
    `The count of the looks at the sealed rows is damaged: ${file}`,
    'Bring the file back from a copy; without it, the next look counts as the first, which is too kind.',
  )
}
