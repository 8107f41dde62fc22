import { readFile, readdir, stat } from 'node:fs/promises'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { sha256 } from '../data/hash.ts'
import { UserError } from '../error.ts'
import { checkReferences } from './check.ts'
import { type LoadLimits, loadModule } from './load-module.ts'
import { mistakesError, type Mistake, type Position } from './mistake.ts'
import { parseProject } from './parse.ts'
import type { Project } from './schema.ts'
import { readYamlProject } from './yaml.ts'

/** A project as it was read from its file. */
export interface LoadedProject {
  readonly project: Project
  /** Absolute; the paths of sources are meant from here. */
  readonly folder: string
  /** Absolute path of the project file. */
  readonly file: string
  /** SHA-256 of every local file the project was made from, by path from the folder with forward slashes. */
  readonly moduleHashes: Readonly<Record<string, string>>
}

const projectFiles = [
  'tilth.config.ts',
  'tilth.config.mts',
  'tilth.config.js',
  'tilth.config.mjs',
  'tilth.yaml',
  'tilth.yml',
]

/**
 * Reads the project of a folder, or the project file itself. TypeScript is run with its types taken off, in a thread of
 * its own and for half a minute at most.
 * Throws UserError that lists every mistake with its path, the value found and what would be right.
 */
export async function loadProject(folderOrFile: string, limits: LoadLimits = {}): Promise<LoadedProject> {
  const file = await findProjectFile(resolve(folderOrFile))
  const folder = dirname(file)
  const name = basename(file)
  if (/\.ya?ml$/.test(name)) {
    const text = await readFile(file, 'utf8')
    const { input, locate } = readYamlProject(text, name)
    return {
      project: checkProject(input, name, locate),
      folder,
      file,
      moduleHashes: { [name]: sha256(text) },
    }
  }
  const { input, moduleHashes } = await loadModule(file, folder, limits)
  return { project: checkProject(input, name), folder, file, moduleHashes }
}

/** The canonical project of what a person wrote. Throws UserError that lists every mistake; `file` is named in it. */
export function checkProject(
  input: unknown,
  file: string,
  locate?: (mistake: Mistake) => Position | undefined,
): Project {
  if (input === null || input === undefined) {
    throw new UserError(`${file} is empty.`, 'Write a project into it, or delete it and run `tilth init`.')
  }
  const parsed = parseProject(input)
  const mistakes = [...parsed.mistakes, ...checkReferences(input)]
  if (parsed.project === null || mistakes.length > 0) throw mistakesError(file, mistakes, locate)
  return parsed.project
}

async function findProjectFile(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) {
    throw new UserError(
      `There is no file or folder ${path}.`,
      'Name the folder that holds tilth.config.ts or tilth.yaml.',
    )
  }
  if (found.isFile()) {
    if (/\.(?:[cm]?[jt]s|ya?ml)$/.test(path)) return path
    const next = `To look at a data file without a project, run \`tilth try ${basename(path)}\`.`
    throw new UserError(
      `${basename(path)} is not a project file: it ends in "${extname(path)}", not .ts, .js or .yaml.`,
      next,
    )
  }
  const names = await readdir(path)
  const projects = projectFiles.filter(name => names.includes(name))
  const notFile = await firstFolder(path, projects)
  if (notFile !== undefined) {
    throw new UserError(`${join(path, notFile)} is a folder, not a project file.`, 'Rename it or remove it.')
  }
  if (projects.length > 1) {
    throw new UserError(
      `${path} has more than one project file: ${projects.join(' and ')}.`,
      'Keep one of them.',
    )
  }
  if (projects[0] !== undefined) return join(path, projects[0])
  throw new UserError(
    `There is no project in ${path}: no tilth.config.ts and no tilth.yaml.`,
    nextWithout(names),
  )
}

async function firstFolder(path: string, names: readonly string[]): Promise<string | undefined> {
  for (const name of names) if (!(await stat(join(path, name))).isFile()) return name
  return undefined
}

function nextWithout(names: readonly string[]): string {
  const data = names.filter(name => /\.(?:csv|tsv|jsonl|parquet|xlsx)(?:\.gz)?$/i.test(name)).toSorted()
  const file = data[0] ?? 'data.csv'
  return `\`tilth try ${file}\` needs no project; \`tilth init ${file}\` writes one; \`--project FOLDER\` looks elsewhere.`
}
