import { resolve } from 'node:path'
import { didYouMean, oneOf } from '../did-you-mean.ts'
import { modelFormats } from '../export/model-format.ts'
import { exportFormats } from '../export/registry.ts'
import type { FloatType } from '../model/exported-files.ts'
import type { Quantisation } from '../model/gguf-decoder.ts'
import { loadProject } from '../project/project.ts'
import { defineCommand, jsonFlag, projectFlag } from './command.ts'
import { exitCodes, UsageError } from './exit.ts'
import { exportTuned, refuseFlags } from './export-tuned.ts'
import { tunedFlags } from './open-tuned.ts'
import { shortPath } from './perform.ts'
import { findRun } from './run-folder.ts'
import { wrapText } from './text.ts'

export const exportCommand = defineCommand({
  name: 'export',
  summary: 'Writes a training set of a run for a trainer elsewhere, or a tuned model for other programs.',
  details:
    'A training set: data files, a configuration, a README with the command, and a manifest with lineage and hashes. ' +
    'What the trainer would refuse, cut or drop without a word is looked for before anything is written. ' +
    'The evaluation file has the real development rows (`split.dev`); sealed rows are never exported. ' +
    `A model that a run tuned, as ${oneOf(modelFormats.map(({ name }) => name))}: the weights, the tokenizer, and a card with what was measured. ` +
    'Either is written whole or not at all.',
  examples: [
    'tilth export --to trl',
    'tilth export strikes-1a2b3c4d --to axolotl --arm real',
    'tilth export --to merged',
    'tilth export --to gguf --quantisation q8_0',
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
      description: `The trainer: ${oneOf(exportFormats.map(({ name }) => name))}; or the model: ${oneOf(modelFormats.map(({ name }) => name))}.`,
    },
    arm: {
      type: 'string',
      valueHint: 'name',
      description:
        'The training set, or the model that was tuned on it: real, real-repeated, synthetic or a mixture; left out, the mixture.',
    },
    mixture: {
      type: 'string',
      valueHint: 'name',
      description: 'Of a training set, the mixture; left out, the first.',
    },
    ...tunedFlags,
    quantisation: {
      type: 'enum',
      options: ['f16', 'q8_0'] as Quantisation[],
      valueHint: 'f16|q8_0',
      description: 'How a GGUF file holds its numbers; f16 unless told.',
    },
    dtype: {
      type: 'enum',
      options: ['f32', 'f16', 'bf16'] as FloatType[],
      valueHint: 'f32|f16|bf16',
      description: 'How a merged model holds its numbers; f32, as they were measured, unless told.',
    },
    base: {
      type: 'string',
      valueHint: 'model',
      description:
        'The model to tune, by name or as a folder; left out, a small one. Of a tuned model, what its base is called elsewhere.',
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
    const names = [...exportFormats, ...modelFormats].map(({ name }) => name)
    if (args.to === undefined) throw new UsageError(`\`tilth export\` needs --to <format>: ${oneOf(names)}.`)
    const model = modelFormats.find(({ name }) => name === args.to)
    if (model !== undefined) return exportTuned(model, args, terminal)
    const format = exportFormats.find(({ name }) => name === args.to)
    if (format === undefined) {
      throw new UsageError(`--to is "${args.to}"; it should be ${oneOf(names)}.${didYouMean(args.to, names)}`)
    }
    refuseFlags(format.name, args, ['task', 'replicate', 'quantisation', 'dtype'])
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
