import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { relative, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { sha256 } from '../data/hash.ts'
import { UserError } from '../error.ts'

const ending = import.meta.url.endsWith('.ts') ? '.ts' : '.js'
/** This very package, as the project file's `import ... from 'tilth'` finds it: built or not, installed or not. */
const ownEntry = new URL(`../index${ending}`, import.meta.url).href
/** The part of it that most project files want: the whole takes half a second to load. */
const definition = new URL(`define${ending}`, import.meta.url).href

const ownRoot = new URL('..', import.meta.url).href

/** A query that marks the modules of the project. */
const mark = '?project'

/**
 * Imports a project module and hashes every local file it was made from. Once in each thread: see `loadModule`.
 * Throws UserError where it cannot be read, throws, or exports nothing.
 */
export async function importProject(
  file: string,
  folder: string,
): Promise<{ input: unknown; moduleHashes: Record<string, string> }> {
  const hashes = new Map<string, string>()
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      const inGraph = context.parentURL?.endsWith(mark) === true
      if (specifier === 'tilth' && inGraph) {
        const importing = readFileSync(fileURLToPath(context.parentURL!), 'utf8')
        return { url: wantsDefinitionAlone(importing) ? definition : ownEntry, shortCircuit: true }
      }
      const resolved = next(specifier, context)
      const isOwn = inGraph || specifier.endsWith(mark)
      if (!isOwn || !resolved.url.startsWith('file:') || resolved.url.includes('/node_modules/'))
        return resolved
      const format = formatOf(resolved.url, resolved.format)
      const url = resolved.url.includes('?') ? resolved.url : `${resolved.url}${mark}`
      return { ...resolved, url, ...(format === undefined ? {} : { format }) }
    },
    load(url, context, next) {
      if (url.endsWith(mark)) {
        const path = fileURLToPath(url)
        hashes.set(relative(folder, path).split(sep).join('/'), sha256(readFileSync(path)))
      }
      return next(url, context)
    },
  })
  try {
    const module = (await import(`${pathToFileURL(file).href}${mark}`)) as { default?: unknown }
    if (module.default === undefined) {
      throw new UserError(
        `${relative(folder, file)} has no default export.`,
        "Write `export default defineProject({ ... })`, with `import { defineProject } from 'tilth'`.",
      )
    }
    const input = await module.default
    return { input, moduleHashes: Object.fromEntries([...hashes].toSorted(([a], [b]) => (a < b ? -1 : 1))) }
  } catch (error) {
    if (error instanceof UserError) throw error
    throw unreadable(error, file, folder)
  } finally {
    hooks.deregister()
  }
}

/** Whether all that a file imports from tilth is `defineProject`, and types. */
function wantsDefinitionAlone(text: string): boolean {
  const mentions = text.match(/(['"])tilth\1/g)?.length ?? 0
  const imports = [...text.matchAll(/\bimport\s+(type\s)?\s*\{([^}]*)\}\s*from\s*(['"])tilth\3/g)]
  return (
    imports.length === mentions &&
    imports.every(([, type, names]) =>
      names!
        .split(',')
        .map(name => name.trim())
        .every(
          name => type !== undefined || name === '' || name.startsWith('type ') || name === 'defineProject',
        ),
    )
  )
}

/** A folder without a package.json says nothing of its modules; a project file is always an ES module. */
function formatOf(url: string, format: string | null | undefined): string | undefined {
  const path = new URL(url).pathname
  if (path.endsWith('.ts')) return 'module-typescript'
  if (path.endsWith('.js')) return 'module'
  return format ?? undefined
}

/** What an error that a project module threw says to the person who wrote it. */
export function unreadable(error: unknown, file: string, folder: string): UserError {
  const name = relative(folder, file)
  const cause = error instanceof Error ? error : new Error(String(error))
  const code = 'code' in cause ? String(cause.code) : ''
  const where = placeOf(cause, folder)
  const options = { cause }
  if (code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') {
    return new UserError(
      `${where ?? name}: ${firstLine(cause)}.`,
      'Project files run with their types taken off: write objects and unions instead of enum, namespace and parameter properties.',
      options,
    )
  }
  if (cause instanceof SyntaxError) {
    return new UserError(
      `${where ?? name} cannot be read: ${firstLine(cause)}.`,
      'Put the syntax right there.',
      options,
    )
  }
  if (code === 'ERR_MODULE_NOT_FOUND') {
    return new UserError(
      `${name} imports what is not there: ${firstLine(cause).replaceAll(mark, '')}.`,
      'Write the file ending (`./columns.ts`) and the path as seen from the importing file; a package must be installed beside the project.',
      options,
    )
  }
  return new UserError(
    `${where ?? name} throws when it is read: ${cause.name}: ${firstLine(cause)}`,
    'The project file is run to be read; put right what throws.',
    options,
  )
}

function firstLine(error: Error): string {
  return (error.message.trim().split('\n')[0] ?? '').trim().replace(/\.$/, '')
}

/** The first place in the person's own files that a stack names, as `columns.ts:3:14`. */
function placeOf(error: Error, folder: string): string | undefined {
  const stack = String(error.stack)
  for (const [, url, position] of stack.matchAll(
    /(file:\/\/[^\s)]+?\.[cm]?[jt]s)(?:\?project)?((?::\d+)+)/g,
  )) {
    const path = relative(folder, fileURLToPath(url!))
    if (!path.includes('node_modules') && !url!.startsWith(ownRoot)) return `${path}${position}`
  }
  return undefined
}
