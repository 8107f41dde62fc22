import type { Advice } from '../advise/advice.ts'
import { loadProject } from '../project/project.ts'
import { readSeed } from './arguments.ts'
import { badRowsFlag, defineCommand, jsonFlag, projectFlag, seedFlag } from './command.ts'
import { exitCodes } from './exit.ts'
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
    'dry-run': {
      type: 'boolean',
      description: 'Shows the steps and how long they should take; makes nothing.',
    },
  },
  async run(args, terminal) {
    const seed = readSeed(args.seed)
    const loaded = await loadProject(args.project ?? '.', { signal: terminal.signal })
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

async function readFile(file: string): Promise<Advice> {
  const { readAdvice } = await import('../run/use-advice.ts')
  return readAdvice(file)
}
