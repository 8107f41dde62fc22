import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { writeFileAtomic } from '../data/file.ts'
import type { Project } from '../project/schema.ts'

/** What a run was made from, kept so that runs can be compared. */
export interface RunSettings {
  /** With every default filled in. */
  readonly project: Project
  readonly seed: number
  /** Content hashes of the source files, by the source's name. */
  readonly sources: Readonly<Record<string, string>>
  /** The content of the student's base model, and its commit on the hub where it came from there; left out where it has none. */
  readonly base?: { readonly hash: string; readonly commit: string | null }
}

/** Keeps the settings in the run's folder. */
export async function keepSettings(runFolder: string, settings: RunSettings): Promise<void> {
  await writeFileAtomic(path.join(runFolder, 'settings.json'), `${JSON.stringify(settings, null, 2)}\n`)
}

/** The settings of a run; null where a version kept none. */
export function readSettings(runFolder: string): RunSettings | null {
  const file = path.join(runFolder, 'settings.json')
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as RunSettings) : null
}
