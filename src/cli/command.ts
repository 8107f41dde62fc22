import { defineCommand as defineCittyCommand, runCommand, type ArgsDef, type ParsedArgs } from 'citty'
import type { ExitCode } from './exit.ts'
import type { Terminal } from './terminal.ts'

/** A command as the command line knows it. */
export interface Command {
  readonly name: string
  /** One line, for the list of commands. */
  readonly summary: string
  /** A paragraph or two for its own help. */
  readonly details: string
  readonly examples: readonly string[]
  readonly args: ArgsDef
  /** Flags that may stand without their value. */
  readonly bare: readonly string[]
  /** Whether its last place takes several words; they are in `_`. */
  readonly many: boolean
  /** `raw` has passed `checkArguments`. */
  execute(raw: readonly string[], terminal: Terminal): Promise<ExitCode>
}

interface Definition<Args extends ArgsDef> {
  readonly name: string
  readonly summary: string
  readonly details: string
  readonly examples: readonly string[]
  readonly args: Args
  readonly bare?: readonly string[]
  readonly many?: boolean
  /** `raw` has every value of a flag that is given several times. */
  run(args: ParsedArgs<Args>, terminal: Terminal, raw: readonly string[]): Promise<ExitCode>
}

/** A citty command with the help and the exit code that every command here has. */
export function defineCommand<const Args extends ArgsDef>(definition: Definition<Args>): Command {
  const { name, summary, args } = definition
  const command = defineCittyCommand({
    meta: { name, description: summary },
    args,
    run: ({ args, data, rawArgs }) => definition.run(args, data as Terminal, rawArgs),
  })
  return {
    ...definition,
    bare: definition.bare ?? [],
    many: definition.many ?? false,
    async execute(raw, terminal) {
      const { result } = await runCommand(command, { rawArgs: [...raw], data: terminal })
      return result as ExitCode
    },
  }
}

/** Flags that many commands have. */
export const projectFlag = {
  project: {
    type: 'string',
    alias: 'p',
    valueHint: 'folder',
    description: 'Folder or file of the project; left out, this folder.',
  },
} as const

export const seedFlag = {
  seed: {
    type: 'string',
    valueHint: 'number',
    description: 'Random seed, a whole number; left out, that of the project, or 1.',
  },
} as const

export const badRowsFlag = {
  'skip-bad-rows': {
    type: 'boolean',
    description: 'Sets records that cannot be read aside in a file, up to a tenth of them, and goes on.',
  },
} as const

export const jsonFlag = {
  json: { type: 'boolean', description: 'One JSON document on standard output; all else on standard error.' },
} as const
