import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { ArgDef } from 'citty'
import type { Command } from './command.ts'
import { cacheFolder, listModels } from '../base/cache.ts'
import { commands } from './commands.ts'

/** What could stand where the cursor is. */
export interface Completion {
  /** Words with what they mean. */
  readonly words: readonly (readonly [string, string])[]
  /** Whether the shell should offer the files or the folders that are there. */
  readonly paths: 'none' | 'files' | 'folders'
}

const nothing: Completion = { words: [], paths: 'none' }

/**
 * Completes a command line, from the definitions of the commands. `given` are the words after `tilth`, the last the one
 * that is being written, maybe empty. Bash gives `--format=csv` as three words, and then wants the value alone.
 */
export async function completeWords(given: readonly string[]): Promise<Completion> {
  const { before, current, prefix } = joinBroken(given)
  const [first, ...rest] = before
  const listed = commands.map(({ name, summary }) => [name, summary] as const)
  if (first === undefined) {
    return startingWith(current, [
      ...listed,
      ['help', 'Shows the help of a command.'],
      ['--help', 'Shows what there is.'],
      ['--all', 'Shows the single steps too.'],
      ['--version', 'Prints the version.'],
    ])
  }
  if (first === 'help') return rest.length === 0 ? startingWith(current, listed) : nothing
  const command = await commands.find(({ name }) => name === first)?.load()
  if (command === undefined) return nothing
  const { found, words, paths } = completeArgument(command, rest, current)
  const offered = startingWith(found, words)
  return { words: offered.words.map(([word, meaning]) => [`${prefix(current)}${word}`, meaning]), paths }
}

/** Puts `--format`, `=`, `csv` together again; `prefix` is what stands before a value in the shell's own word. */
function joinBroken(given: readonly string[]): {
  before: readonly string[]
  current: string
  prefix: (current: string) => string
} {
  const words: string[] = []
  let isBroken = false
  for (const [index, word] of given.entries()) {
    const isLast = index === given.length - 1
    const last = words.at(-1)
    if (word === '=' && last?.startsWith('--') === true) {
      words[words.length - 1] = `${last}=`
      isBroken ||= isLast
    } else if (last?.startsWith('--') === true && last.endsWith('=') && given[index - 1] === '=') {
      words[words.length - 1] = last + word
      isBroken ||= isLast
    } else words.push(word)
  }
  const current = words.pop() ?? ''
  return {
    before: words,
    current,
    prefix: whole => (isBroken ? '' : (/^--[a-z-]+=/.exec(whole)?.[0] ?? '')),
  }
}

/** `found` is the part of the current word that the offered words are to begin with. */
function completeArgument(
  command: Command,
  before: readonly string[],
  current: string,
): Completion & { found: string } {
  const flags = Object.entries(command.args).filter(([, { type }]) => type !== 'positional')
  const flagOf = (word: string): readonly [string, ArgDef] | undefined =>
    flags.find(
      ([name, definition]) =>
        word === `--${name}` ||
        ('alias' in definition && [definition.alias ?? []].flat().some(alias => word === `-${alias}`)),
    )
  const project = projectOf(before)
  const [, written = '', value] = /^(--[a-z-]+)=(.*)$/s.exec(current) ?? []
  const tied = flagOf(written)
  if (tied !== undefined && value !== undefined)
    return { ...valuesOf(tied[0], tied[1], project), found: value }

  const used = new Set<string>()
  let positionals = 0
  let open: readonly [string, ArgDef] | undefined
  for (const word of before) {
    const flag = flagOf(word.split('=')[0]!)
    if (flag !== undefined) used.add(flag[0])
    else if (open === undefined && !word.startsWith('-')) positionals++
    open = flag !== undefined && flag[1].type !== 'boolean' && !word.includes('=') ? flag : undefined
  }
  if (open !== undefined && !(command.bare.includes(open[0]) && current.startsWith('-')))
    return { ...valuesOf(open[0], open[1], project), found: current }
  if (current.startsWith('-') && !before.includes('--')) {
    const left = flags.filter(([name]) => !used.has(name))
    const words = left.map(([name, { description }]) => [`--${name}`, description ?? ''] as const)
    return { words: [...words, ['--help', 'Shows this.']], paths: 'none', found: current }
  }
  const places = Object.entries(command.args).filter(([, { type }]) => type === 'positional')
  const place = places[positionals] ?? (command.many ? places.at(-1) : undefined)
  return { ...(place === undefined ? nothing : valuesOf(place[0], place[1], project)), found: current }
}

/** What a flag or a place takes: a set of words, or what its hint is the name of. */
function valuesOf(name: string, definition: ArgDef, project: string): Completion {
  const hint = definition.valueHint ?? name
  const options = definition.type === 'enum' ? (definition.options ?? []) : []
  const words = options.length > 0 ? options : hint.includes('|') ? hint.split('|') : []
  if (words.length > 0) return { words: words.map(word => [word, ''] as const), paths: 'none' }
  if (name === 'run') return { words: runNames(project).map(id => [id, 'run'] as const), paths: 'none' }
  if (name === 'mixture')
    return { words: namesIn(project, 'mix').map(each => [each, 'mixture'] as const), paths: 'none' }
  if (name === 'arm')
    return { words: namesIn(project, 'tune').map(each => [each, 'training set'] as const), paths: 'none' }
  if (hint === 'model') return { words: modelNames(), paths: 'files' }
  if (hint === 'folder') return { words: [], paths: 'folders' }
  return { words: [], paths: hint === 'file' ? 'files' : 'none' }
}

/** The folder that the line is about. */
function projectOf(before: readonly string[]): string {
  const at = before.findIndex(word => word === '--project' || word === '-p')
  const tied = before.find(word => word.startsWith('--project='))?.slice('--project='.length)
  return resolve(tied ?? (at < 0 ? '.' : (before[at + 1] ?? '.')))
}

function runNames(project: string): readonly string[] {
  const folder = join(project, 'runs')
  if (!existsSync(folder)) return []
  return readdirSync(folder).filter(name => existsSync(join(folder, name, 'journal.jsonl')))
}

/** What steps of this kind made in the runs: a project file would have to be executed to know its own. */
function namesIn(project: string, kind: 'mix' | 'tune'): readonly string[] {
  const step = new RegExp(`"name": "${kind}:([^"@]+)@(?:0|all)"`, 'g')
  const names = runNames(project).flatMap(id => {
    const file = join(project, 'runs', id, 'plan.json')
    return existsSync(file) ? [...readFileSync(file, 'utf8').matchAll(step)].map(([, name]) => name!) : []
  })
  return [...new Set(names)].toSorted()
}

/** A model that cannot be listed is no reason to complete nothing. */
function modelNames(): Completion['words'] {
  try {
    return listModels(cacheFolder()).map(({ name }) => [`model:${name}`, 'model'] as const)
  } catch {
    return []
  }
}

function startingWith(current: string, words: Completion['words']): Completion {
  return { words: words.filter(([word]) => word.startsWith(current)), paths: 'none' }
}

/** One candidate a line, a tab before its meaning; `:files` or `:folders` where the shell offers those. */
export function formatCompletion({ words, paths }: Completion): string {
  const lines = words.map(([word, meaning]) => (meaning === '' ? word : `${word}\t${meaning}`))
  return [...lines, ...(paths === 'none' ? [] : [`:${paths}`])].join('\n')
}
