import { basename } from 'node:path'
import { UserError } from '../error.ts'
import { loadProject } from '../project/project.ts'
import { badRowsFlag, defineCommand, jsonFlag, projectFlag } from './command.ts'
import { exitCodes } from './exit.ts'
import { formatRoughly, formatTable, wrapText } from './text.ts'

export const checkCommand = defineCommand({
  name: 'check',
  summary: 'Finds every mistake in the project file and its data, and runs nothing.',
  details:
    'Reads the project file and every source, and lists all mistakes at once: settings, names that the data do not have, records that cannot be read. ' +
    'Where there are none, warns of what would spoil a run: columns that give the answer away, rows on both sides, tasks that the student does not learn, labels seen on one side alone, contradictions, cells that nothing can make, too few rows. Warnings do not change the exit code.',
  examples: ['tilth check', 'tilth check --project examples/wildlife-strikes'],
  args: { ...projectFlag, ...badRowsFlag, ...jsonFlag },
  async run(args, terminal) {
    const loaded = await loadProject(args.project ?? '.', { signal: terminal.signal })
    const { checkData } = await import('../run/check-data.ts')
    const { sources, findings, setAside, badRecordsOnly, plan } = await checkData(loaded, terminal.signal, {
      skipBadRows: args['skip-bad-rows'] === true,
    })
    if (args.json === true) {
      const planned =
        plan === undefined ? null : { regime: plan.regime, steps: plan.steps.length, seconds: plan.seconds }
      terminal.out(JSON.stringify({ file: loaded.file, sources, setAside, findings, plan: planned }, null, 2))
      return plan === undefined ? exitCodes.mistake : exitCodes.done
    }
    if (plan === undefined) {
      const count = findings.length === 1 ? 'one problem' : `${findings.length} problems`
      const list = findings.map(({ message }) => `  ${message}`).join('\n')
      throw new UserError(
        `${basename(loaded.file)} can be read, but its data have ${count}:\n\n${list}`,
        badRecordsOnly
          ? 'Put these right and run `tilth check` again, or set such records aside with --skip-bad-rows.'
          : 'Put these right and run `tilth check` again.',
      )
    }
    for (const told of setAside) terminal.note(told)
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
    for (const { message, next } of findings) {
      const mark = terminal.style('yellow', '!', 'out')
      terminal.out(`\n${mark} ${wrapText(message, terminal.width - 2, '  ').trimStart()}`)
      if (next !== undefined) terminal.out(wrapText(next, terminal.width, '  '))
    }
    const warned =
      findings.length === 0
        ? 'is in order.'
        : `can be run, but look at ${findings.length === 1 ? 'the warning' : `the ${findings.length} warnings`} above.`
    const regime =
      plan.regime === 'sealed'
        ? 'on sealed rows'
        : 'by cross-validation, since there are too few rows to seal'
    terminal.out(
      `\n${basename(loaded.file)} ${warned} \`tilth run\` measures ${regime}: ${plan.steps.length} steps, about ${formatRoughly(plan.seconds)}.`,
    )
    return exitCodes.done
  },
})
