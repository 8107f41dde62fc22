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
  /** What the stage made, as a table for people. */
  show(result: RunResult, terminal: Terminal): ExitCode
  /** Plain data for `--json`; left out, all that the stage made. */
  plain?(result: RunResult): unknown
}

/** A command that passes through the loop up to one stage and shows what that made. */
export function defineStageCommand({ name, summary, details, show, plain }: StageDefinition): Command {
  return defineCommand({
    name,
    summary,
    details: `${details} Earlier steps are made first where they are not there yet.`,
    examples: [`tilth ${name}`, `tilth ${name} --project examples/wildlife-strikes --json`],
    args: { ...projectFlag, ...seedFlag, ...badRowsFlag, ...jsonFlag },
    async run(args, terminal) {
      const seed = readSeed(args.seed)
      const loaded = await loadProject(args.project ?? '.', { signal: terminal.signal })
      const skipBadRows = args['skip-bad-rows'] === true
      const result = await performRun({ loaded, seed, until: name, skipBadRows }, terminal)
      const silent = { ...terminal, out: () => {} }
      const code = show(result, args.json ? silent : terminal)
      if (args.json)
        terminal.out(JSON.stringify({ id: result.id, [name]: plain?.(result) ?? result.partial }, null, 2))
      return code
    },
  })
}

/** The results of a stage by the subject of their step, for example the mixture. */
export function bySubject<Value>(result: RunResult): readonly (readonly [string, Value])[] {
  return Object.entries(result.partial).map(
    ([step, value]) => [/:([^@]+)/.exec(step)?.[1] ?? step, value as Value] as const,
  )
}
