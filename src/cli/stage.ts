import { loadProject } from '../project/project.ts'
import type { RunResult, Stage } from '../run/run.ts'
import { readSeed } from './arguments.ts'
import { badRowsFlag, defineCommand, jsonFlag, projectFlag, seedFlag, type Command } from './command.ts'
import type { ExitCode } from './exit.ts'
import { performRun } from './perform.ts'
import type { Terminal } from './terminal.ts'

interface StageDefinition {
  readonly name: Stage
  readonly summary: string
  readonly details: string
  /** True where it prints rows: those made from local data are then left out, but for a flag. */
  readonly rows?: true
  /** What the stage made, as a table for people. */
  show(result: RunResult, terminal: Terminal, includeLocal: boolean): ExitCode
  /** Plain data for `--json`; left out, all that the stage made. */
  plain?(result: RunResult, includeLocal: boolean): unknown
}

const localFlag = {
  'include-local': {
    type: 'boolean',
    description: 'Prints rows made from local data too: they must not leave this machine.',
  },
} as const

/** A command that passes through the loop up to one stage and shows what that made. */
export function defineStageCommand({ name, summary, details, rows, show, plain }: StageDefinition): Command {
  return defineCommand({
    name,
    summary,
    details: `${details} Earlier steps are made first where they are not there yet.`,
    examples: [`tilth ${name}`, `tilth ${name} --project examples/wildlife-strikes --json`],
    args: { ...projectFlag, ...seedFlag, ...badRowsFlag, ...jsonFlag, ...(rows === true ? localFlag : {}) },
    async run(args, terminal) {
      const seed = readSeed(args.seed)
      const loaded = await loadProject(args.project ?? '.', { signal: terminal.signal })
      const skipBadRows = args['skip-bad-rows'] === true
      const result = await performRun({ loaded, seed, until: name, skipBadRows }, terminal)
      const silent = { ...terminal, out: () => {} }
      const includeLocal = 'include-local' in args && args['include-local'] === true
      const code = show(result, args.json ? silent : terminal, includeLocal)
      if (args.json)
        terminal.out(
          JSON.stringify({ id: result.id, [name]: plain?.(result, includeLocal) ?? result.partial }, null, 2),
        )
      return code
    },
  })
}

/** The results of a stage by the subject of their step, for example the mixture, and the folder each lies in. */
export function bySubject<Value>(result: RunResult): readonly (readonly [string, Value, string])[] {
  return Object.entries(result.partial).map(
    ([step, value]) => [/:([^@]+)/.exec(step)?.[1] ?? step, value as Value, result.places[step]!] as const,
  )
}
