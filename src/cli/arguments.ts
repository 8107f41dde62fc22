import type { ArgDef, ArgsDef } from 'citty'
import { didYouMean, oneOf } from '../did-you-mean.ts'
import type { Command } from './command.ts'
import { UsageError } from './exit.ts'

/**
 * Refuses what citty would let pass: unknown flags, values that are missing or too many.
 * Returns the arguments with every value tied to its flag. Throws UsageError.
 */
export function checkArguments(command: Command, raw: readonly string[]): readonly string[] {
  const flags: string[] = []
  const positionals: string[] = []
  for (let index = 0; index < raw.length; index++) {
    const argument = raw[index]!
    if (argument === '--') {
      positionals.push(...raw.slice(index + 1))
      break
    }
    if (!argument.startsWith('-') || argument === '-') {
      positionals.push(argument)
      continue
    }
    const [written = '', ...rest] = argument.split('=')
    const { name, definition } = findFlag(command, written)
    const next = raw[index + 1]
    if (definition.type === 'boolean') {
      if (rest.length > 0) throw new UsageError(`${written} takes no value.`)
      flags.push(written.startsWith('--no-') ? written : `--${name}`)
    } else if (rest.length > 0) flags.push(valued(name, definition, rest.join('=')))
    else if (next !== undefined && !next.startsWith('-') && !(command.bare.includes(name) && isData(next))) {
      flags.push(valued(name, definition, next))
      index++
    } else if (command.bare.includes(name)) flags.push(`--${name}=`)
    else throw new UsageError(`${written} needs a value: ${written} <${hintOf(name, definition)}>.`)
  }
  checkPositionals(command, positionals)
  return [...flags, '--', ...positionals]
}

function valued(name: string, definition: ArgDef, value: string): string {
  const words = definition.type === 'enum' ? (definition.options ?? []) : [value]
  if (words.includes(value)) return `--${name}=${value}`
  throw new UsageError(`--${name} is "${value}"; it should be ${oneOf(words)}.${didYouMean(value, words)}`)
}

/** `--save data.csv`: the file is what to look at, not where to save. */
function isData(word: string): boolean {
  return /\.(?:csv|tsv|jsonl|parquet|xlsx)(?:\.gz)?$/i.test(word)
}

function findFlag(command: Command, written: string): { name: string; definition: ArgDef } {
  const flags = Object.entries(command.args as ArgsDef).filter(([, { type }]) => type !== 'positional')
  for (const [name, definition] of flags) {
    const aliases = 'alias' in definition ? [definition.alias ?? []].flat() : []
    const negation = definition.type === 'boolean' && written === `--no-${name}`
    if (written === `--${name}` || negation || aliases.some(alias => written === `-${alias}`))
      return { name, definition }
  }
  const names = [...flags.map(([name]) => `--${name}`), '--help']
  const guess = didYouMean(written, names)
  throw new UsageError(
    `${written} is not a flag of \`tilth ${command.name}\`.${guess || ` It has ${names.join(', ')}.`}`,
  )
}

function hintOf(name: string, definition: ArgDef): string {
  return definition.valueHint ?? name
}

function checkPositionals(command: Command, given: readonly string[]): void {
  const wanted = Object.entries(command.args as ArgsDef).filter(([, { type }]) => type === 'positional')
  const missing = wanted.slice(given.length).find(([, definition]) => definition.required !== false)
  if (missing !== undefined) {
    throw new UsageError(`\`tilth ${command.name}\` needs ${missing[1].description ?? missing[0]}`)
  }
  const surplus = given[wanted.length]
  if (surplus !== undefined && !command.many)
    throw new UsageError(`\`tilth ${command.name}\` cannot use "${surplus}".`)
}

/** A seed as written: a whole number from 0. Throws UsageError. */
export function readSeed(written: string | undefined): number | undefined {
  if (written === undefined) return undefined
  const seed = Number(written)
  if (!/^\d+$/.test(written) || !Number.isSafeInteger(seed)) {
    throw new UsageError(`--seed is "${written}"; it should be a whole number from 0.`)
  }
  return seed
}
