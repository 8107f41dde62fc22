import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'
import { openGguf } from '../model/gguf.ts'

/** What is to be said of the base model that a tuned one began from. */
export interface BaseAbout {
  /** What others know it as. */
  readonly name: string
  /** False where that is a path, which means something in this project alone. */
  readonly isKnown: boolean
  readonly kind: 'folder' | 'gguf'
  /** As its own card or metadata name it; null where they do not. */
  readonly licence: string | null
  /** The texts of its licence and notices, by file name. */
  readonly licenceFiles: Readonly<Record<string, string>>
}

/**
 * Looks at a base model, a GGUF file or a folder, that a project names as `written`. It is known as `named`, else by its
 * name on the hub, else as the project names it; of an absolute path the last part, since the rest is about this machine.
 */
export async function aboutBase(base: {
  readonly path: string
  readonly written: string
  readonly named: string | undefined
}): Promise<BaseAbout> {
  const { written, named } = base
  const name =
    named ?? (path.isAbsolute(written) ? path.basename(written) : written.replace(/^(?:hf:|\.\/)/, ''))
  const isKnown = named !== undefined || written.startsWith('hf:')
  if (!statSync(base.path).isFile()) {
    return {
      name,
      isKnown,
      kind: 'folder',
      licence: licenceInCard(base.path),
      licenceFiles: licenceFilesIn(base.path),
    }
  }
  const file = await openGguf(base.path)
  try {
    const licence = file.metadata.get('general.license')
    return {
      name,
      isKnown,
      kind: 'gguf',
      licence: typeof licence === 'string' ? licence : null,
      licenceFiles: {},
    }
  } finally {
    await file.close()
  }
}

/** `license` in the YAML head of the folder's README.md. */
function licenceInCard(folder: string): string | null {
  const file = path.join(folder, 'README.md')
  if (!existsSync(file)) return null
  const [, head] = /^---\r?\n(.*?)\r?\n---/su.exec(readFileSync(file, 'utf8')) ?? []
  try {
    const licence = (parse(head ?? '') as { license?: unknown } | null)?.license
    return typeof licence === 'string' ? licence : null
  } catch {
    // A card that is no YAML names no licence.
    return null
  }
}

function licenceFilesIn(folder: string): Readonly<Record<string, string>> {
  const names = readdirSync(folder).filter(name =>
    /^(?:licen[cs]e|notice|copying)(?:\.(?:txt|md))?$/iu.test(name),
  )
  return Object.fromEntries(
    names.toSorted().map(name => [name, readFileSync(path.join(folder, name), 'utf8')]),
  )
}
