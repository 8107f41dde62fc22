import type { Advice } from '../advise/advice.ts'
import { UserError } from '../error.ts'
import { type LoadedProject, loadProject } from '../project/project.ts'
import { readSeed } from './arguments.ts'
import { badRowsFlag, defineCommand, jsonFlag, projectFlag, seedFlag } from './command.ts'
import { exitCodes, UsageError } from './exit.ts'
import { performRun, tellResult } from './perform.ts'
import { formatRoughly, formatSeconds, formatTable } from './text.ts'

export const runCommand = defineCommand({
  name: 'run',
  summary: 'Runs the whole project and writes its report.',
  details:
    'Counts gaps, makes and validates synthetic rows, trains on each training set and measures on held-out real rows. ' +
    'With `--advice` the first mixture is filled as an advice says (`tilth advise`), instead of in equal parts. ' +
    'What an earlier run made from the same data and settings is kept, so a stopped run goes on where it was.',
  examples: [
    'tilth run',
    'tilth run --project examples/wildlife-strikes --seed 2',
    'tilth run --advice advice.json',
    'tilth run --dry-run',
    'tilth run --full',
  ],
  args: {
    ...projectFlag,
    ...seedFlag,
    ...badRowsFlag,
    ...jsonFlag,
    advice: {
      type: 'string',
      valueHint: 'file',
      description: 'Advice to fill the first mixture by, as `tilth advise --out` writes it.',
    },
    full: {
      type: 'boolean',
      description: 'Lifts the limits of the preview: every arm, all seeds, all test rows.',
    },
    'skip-preview': { type: 'boolean', description: 'Leaves the preview out.' },
    'dry-run': {
      type: 'boolean',
      description: 'Shows the steps and how long they should take; makes nothing.',
    },
  },
  async run(args, terminal) {
    const seed = readSeed(args.seed)
    const loaded = withPreview(await loadProject(args.project ?? '.', { signal: terminal.signal }), args)
    const skipBadRows = args['skip-bad-rows'] === true
    const advice = args.advice === undefined ? undefined : await readFile(args.advice)
    if (!args['dry-run']) {
      const result = await performRun({ loaded, seed, advice, skipBadRows }, terminal)
      return tellResult(result, { json: args.json === true }, terminal)
    }
    const { planProject } = await import('../run/run.ts')
    const plan = await planProject({
      loaded,
      signal: terminal.signal,
      skipBadRows,
      ...(seed === undefined ? {} : { seed }),
      ...(advice === undefined ? {} : { advice }),
    })
    if (args.json) {
      terminal.out(JSON.stringify(plan, null, 2))
      return exitCodes.done
    }
    terminal.out(
      formatTable(
        ['step', 'predicted'],
        plan.steps.map(step => [step.name, formatSeconds(step.seconds)]),
      ),
    )
    const { baseToFetch } = await import('../run/place-base.ts')
    const toFetch = baseToFetch(loaded)
    if (toFetch !== null)
      terminal.note(`\nBefore, the base model ${toFetch} is fetched; its size is not in the time foretold.`)
    terminal.note(
      `\n${plan.steps.length} steps, about ${formatRoughly(plan.seconds)} on one core; nothing was made.`,
    )
    return exitCodes.done
  },
})

/** The project with its preview in full, or without it, as the flags say. */
function withPreview(
  loaded: LoadedProject,
  flags: { readonly full?: boolean | undefined; readonly 'skip-preview'?: boolean | undefined },
): LoadedProject {
  const { preview, ...rest } = loaded.project
  if (flags.full && flags['skip-preview'])
    throw new UsageError('--full and --skip-preview exclude each other.')
  if (flags['skip-preview']) return { ...loaded, project: rest }
  if (!flags.full) return loaded
  if (preview === undefined)
    throw new UserError(
      'The project has no preview whose limits could be lifted.',
      'Give it a `preview`, or leave `--full` out.',
    )
  return { ...loaded, project: { ...rest, preview: { ...preview, full: true } } }
}

async function readFile(file: string): Promise<Advice> {
  const { readAdvice } = await import('../run/use-advice.ts')
  return readAdvice(file)
}
