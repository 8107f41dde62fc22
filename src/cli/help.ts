import type { ArgDef } from 'citty'
import type { Command } from './command.ts'
import type { Listed } from './commands.ts'
import { exitMeanings } from './exit.ts'
import type { Terminal } from './terminal.ts'
import { formatTerms, wrapText } from './text.ts'

/** Help of the whole: the main commands, or all of them. */
export function formatOverview(commands: readonly Listed[], all: boolean, terminal: Terminal): string {
  const { width } = terminal
  const head = (text: string): string => terminal.style('bold', text, 'out')
  const terms = (list: readonly Listed[]): string =>
    formatTerms(
      list.map(({ name, summary }) => [name, summary]),
      width,
    )
  const steps = commands.filter(({ main }) => !main)
  return [
    wrapText(
      'tilth turns a handful of real examples into a training set, and measures on held-out real data whether the synthetic ones helped.',
      width,
    ),
    `${head('Usage')}\n  tilth <command> [flags]`,
    `${head('Start here')}\n  tilth try reports.csv --label damage`,
    `${head('Commands')}\n${terms(commands.filter(({ main }) => main))}`,
    all
      ? `${head('Single steps')}\n${terms(steps)}`
      : wrapText(
          `\`tilth --all\` lists the single steps too: ${steps.map(({ name }) => name).join(', ')}.`,
          width,
        ),
    `${head('Exit codes')}\n${formatTerms(
      exitMeanings.map(([code, meaning]) => [String(code), meaning]),
      width,
    )}`,
    '`tilth <command> --help` shows what a command takes, with an example.',
  ].join('\n\n')
}

/** Help of one command. */
export function formatHelp(command: Command, terminal: Terminal): string {
  const { width } = terminal
  const head = (text: string): string => terminal.style('bold', text, 'out')
  const entries = Object.entries(command.args)
  const positionals = entries.filter(([, { type }]) => type === 'positional')
  const flags = entries.filter(([, { type }]) => type !== 'positional')
  const usage = positionals.map(
    ([name, { required }]) => (required === false ? `[${name}]` : `<${name}>`) + (command.many ? ' …' : ''),
  )
  const flagTerms = flags.map(
    ([name, definition]) => [flagTerm(command, name, definition), definition.description ?? ''] as const,
  )
  return [
    wrapText(command.summary, width),
    `${head('Usage')}\n  ${['tilth', command.name, ...usage, '[flags]'].join(' ')}`,
    `${head(command.examples.length > 1 ? 'Examples' : 'Example')}\n${command.examples.map(example => `  ${example}`).join('\n')}`,
    wrapText(command.details, width),
    ...(positionals.length === 0
      ? []
      : [
          `${head('Takes')}\n${formatTerms(
            positionals.map(([name, { description }]) => [name, description ?? '']),
            width,
          )}`,
        ]),
    `${head('Flags')}\n${formatTerms([...flagTerms, ['--help', 'Shows this.']], width)}`,
  ].join('\n\n')
}

function flagTerm(command: Command, name: string, definition: ArgDef): string {
  const aliases = 'alias' in definition ? [definition.alias ?? []].flat().map(alias => `, -${alias}`) : []
  if (definition.type === 'boolean') return `--${name}${aliases.join('')}`
  const hint = definition.valueHint ?? name
  return `--${name}${aliases.join('')} ${command.bare.includes(name) ? `[${hint}]` : `<${hint}>`}`
}
