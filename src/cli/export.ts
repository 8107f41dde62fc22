import { resolve } from 'node:path'
import { didYouMean, oneOf } from '../did-you-mean.ts'
import { exportFormats } from '../export/registry.ts'
import { loadProject } from '../project/project.ts'
import { defineCommand, jsonFlag, projectFlag } from './command.ts'
import { exitCodes, UsageError } from './exit.ts'
import { shortPath } from './perform.ts'
import { findRun } from './run-folder.ts'
import { wrapText } from './text.ts'

export const exportCommand = defineCommand({
  name: 'export',
  summary: 'Writes a training set of a run for a trainer elsewhere, with its settings.',
  details:
    'Data files, a configuration, a README with the command, and a manifest with lineage and hashes, whole or not at all. ' +
    'What the trainer would refuse, cut or drop without a word is looked for before anything is written. ' +
    'The evaluation file has the real development rows (`split.dev`); sealed rows are never exported.',
  examples: [
    'tilth export --to trl',
    'tilth export strikes-1a2b3c4d --to axolotl --arm real',
    'tilth export --to openai --base gpt-4.1-mini-2025-04-14 --out upload',
  ],
  args: {
    run: {
      type: 'positional',
      required: false,
      description: 'The run, or the beginning of its name; left out, the latest.',
    },
    to: {
      type: 'string',
      valueHint: 'format',
      description: `The trainer: ${oneOf(exportFormats.map(({ name }) => name))}.`,
    },
    arm: {
      type: 'string',
      valueHint: 'name',
      description: 'The training set: real, real-repeated, synthetic or a mixture; left out, the mixture.',
    },
    mixture: { type: 'string', valueHint: 'name', description: 'The mixture; left out, the first.' },
    base: {
      type: 'string',
      valueHint: 'model',
      description: 'The model to tune, by name or as a folder; left out, a small one.',
    },
    out: {
      type: 'string',
      valueHint: 'folder',
      description:
        'Where to write; left out, exports/ in the project, or .tilth/private/exports for local data.',
    },
    'let-local-data-out': {
      type: 'boolean',
      description:
        'Also writes what descends from local rows outside of .tilth/private: only with their owner’s consent.',
    },
    ...projectFlag,
    ...jsonFlag,
  },
  async run(args, terminal) {
    const names = exportFormats.map(({ name }) => name)
    if (args.to === undefined) throw new UsageError(`\`tilth export\` needs --to <format>: ${oneOf(names)}.`)
    const format = exportFormats.find(({ name }) => name === args.to)
    if (format === undefined) {
      throw new UsageError(`--to is "${args.to}"; it should be ${oneOf(names)}.${didYouMean(args.to, names)}`)
    }
    const loaded = await loadProject(args.project ?? '.')
    const run = await findRun(loaded.folder, args.run)
    const { exportArm } = await import('../run/export.ts')
    const written = await exportArm({
      loaded,
      run: { ...run, seed: run.report!.project.seed },
      format,
      arm: args.arm,
      mixture: args.mixture,
      base: args.base,
      out: args.out === undefined ? undefined : resolve(args.out),
      letLocalDataOut: args['let-local-data-out'] === true,
      signal: terminal.signal,
    })
    if (args.json) {
      terminal.out(JSON.stringify(written, null, 2))
      return exitCodes.done
    }
    terminal.out(shortPath(written.folder))
    const { lineage, train, evaluation } = written
    terminal.note(
      `\n${wrapText(`"${lineage.arm}" of run ${lineage.run}: ${train} examples (${lineage.real} real, ${lineage.synthetic} synthetic), ${evaluation} to evaluate on.`, terminal.width)}`,
    )
    for (const caution of written.cautions) terminal.note(wrapText(`- ${caution}`, terminal.width))
    terminal.note(`\nTrain there with \`${written.command}\`.`)
    return exitCodes.done
  },
})
