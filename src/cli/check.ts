import { basename } from 'node:path'
import { UserError } from '../error.ts'
import { loadProject } from '../project/project.ts'
import { badRowsFlag, defineCommand, jsonFlag, projectFlag } from './command.ts'
import { exitCodes } from './exit.ts'
import { formatRoughly, formatTable } from './text.ts'

export const checkCommand = defineCommand({
  name: 'check',
  summary: 'Finds every mistake in the project file and its data, and runs nothing.',
  details:
    'Reads the project file and every source, and lists all mistakes at once: settings, names that the data do not have, records that cannot be read.',
  examples: ['tilth check', 'tilth check --project examples/wildlife-strikes'],
  args: { ...projectFlag, ...badRowsFlag, ...jsonFlag },
  async run(args, terminal) {
    const loaded = await loadProject(args.project ?? '.', { signal: terminal.signal })
    const { checkData } = await import('../run/check-data.ts')
    const { sources, problems, setAside, badRecordsOnly, plan } = await checkData(loaded, terminal.signal, {
      skipBadRows: args['skip-bad-rows'] === true,
    })
    if (plan === undefined) {
      const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`
      const list = problems.map(problem => `  ${problem}`).join('\n')
      throw new UserError(
        `${basename(loaded.file)} can be read, but its data have ${count}:\n\n${list}`,
        badRecordsOnly
          ? 'Put these right and run `tilth check` again, or set such records aside with --skip-bad-rows.'
          : 'Put these right and run `tilth check` again.',
      )
    }
    for (const told of setAside) terminal.note(told)
    if (args.json) {
      terminal.out(
        JSON.stringify(
          {
            file: loaded.file,
            sources,
            setAside,
            regime: plan.regime,
            steps: plan.steps.length,
            seconds: plan.seconds,
          },
          null,
          2,
        ),
      )
      return exitCodes.done
    }
    terminal.out(
      formatTable(
        ['source', 'use', 'share', 'rows', 'columns'],
        sources.map(each => [each.name, each.use, each.share, each.rows, each.columns]),
      ),
    )
    const sampled = sources.filter(each => each.sampled < each.rows)
    for (const { name, rows, sampled: some } of sampled) {
      terminal.out(
        `\nAll ${rows} records of ${name} were read; what their values mean was judged by an even sample of ${some}.`,
      )
    }
    const regime =
      plan.regime === 'sealed'
        ? 'on sealed rows'
        : 'by cross-validation, since there are too few rows to seal'
    terminal.out(
      `\n${basename(loaded.file)} is in order. \`tilth run\` measures ${regime}: ${plan.steps.length} steps, about ${formatRoughly(plan.seconds)}.`,
    )
    return exitCodes.done
  },
})
