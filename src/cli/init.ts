import { readdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { cancel, isCancel, select } from '@clack/prompts'
import { UserError } from '../error.ts'
import { loadProject } from '../project/project.ts'
import type { Look, LookRequest } from '../propose/look.ts'
import { UnclearLabel } from '../propose/label.ts'
import { badRowsFlag, defineCommand, jsonFlag } from './command.ts'
import { exitCodes } from './exit.ts'
import { shortPath } from './perform.ts'
import { checkNoProject, fileFlags, formatProposal, saveProject, tellLook } from './project-file.ts'
import type { Terminal } from './terminal.ts'
import { badRowsOf } from './try.ts'

export const initCommand = defineCommand({
  name: 'init',
  summary: 'Writes a project file for a data file.',
  details:
    'Looks at the columns, proposes what to learn and how to ask for it, and writes tilth.config.ts with comments. Never overwrites.',
  examples: ['tilth init reports.csv --label damage', 'tilth init reports.csv --yaml --dry-run'],
  args: {
    file: {
      type: 'positional',
      required: false,
      description: 'A data file; left out, the one in this folder.',
    },
    ...fileFlags,
    project: {
      type: 'string',
      alias: 'p',
      valueHint: 'folder',
      description: 'Folder to write to; left out, this one.',
    },
    yaml: { type: 'boolean', description: 'tilth.yaml instead of tilth.config.ts.' },
    yes: { type: 'boolean', alias: 'y', description: 'Asks nothing.' },
    ...badRowsFlag,
    ...jsonFlag,
    'dry-run': { type: 'boolean', description: 'Prints the project file; writes nothing.' },
  },
  async run(args, terminal) {
    const folder = resolve(args.project ?? '.')
    const ask = terminal.interactive && args.yes !== true && args.json !== true
    if (!args['dry-run']) await checkNoProject(folder)
    const file = args.file ?? (await chooseFile(ask))
    const look = await lookOrAsk(
      {
        path: file,
        folder,
        label: args.label,
        text: args.text,
        format: args.format,
        quick: false,
        skipBadRows: args['skip-bad-rows'] === true,
        signal: terminal.signal,
      },
      ask,
    )
    tellLook(look, file, terminal)
    const yaml = args.yaml === true
    if (args['dry-run']) {
      terminal.out(formatProposal(look, { json: args.json === true, yaml }))
      return exitCodes.done
    }
    const loaded = await loadProject(await saveProject(look, folder, yaml))
    if (args.json)
      terminal.out(JSON.stringify({ file: loaded.file, project: look.project, notes: look.notes }, null, 2))
    else terminal.out(shortPath(loaded.file))
    tellNext(folder, badRowsOf(look), terminal)
    return exitCodes.done
  },
})

function tellNext(folder: string, flags: string, terminal: Terminal): void {
  const where = folder === resolve('.') ? '' : ` --project ${shortPath(folder)}`
  terminal.note(`\n${terminal.style('bold', 'Next:')} Look through it, then \`tilth run${where}${flags}\`.`)
}

/** The data file of this folder, asked for where there are several. */
async function chooseFile(ask: boolean): Promise<string> {
  const names = (await readdir('.'))
    .filter(name => /\.(?:csv|tsv|jsonl|parquet|xlsx)(?:\.gz)?$/i.test(name))
    .toSorted()
  if (names.length === 1) return names[0]!
  if (names.length === 0)
    throw new UserError(
      'There is no data file in this folder.',
      'Name one: `tilth init path/to/reports.csv`.',
    )
  if (!ask)
    throw new UserError(
      `There are several data files: ${names.join(', ')}.`,
      `Name one: \`tilth init ${names[0]}\`.`,
    )
  return choose('Which file holds the examples?', names)
}

/** Looks at the file; where the label is not clear and a person is there, asks for it. */
async function lookOrAsk(given: LookRequest, ask: boolean): Promise<Look> {
  const { lookAtFile } = await import('../propose/look.ts')
  try {
    return await lookAtFile(given)
  } catch (error) {
    if (!ask || !(error instanceof UnclearLabel)) throw error
    return lookAtFile({ ...given, label: await choose('Which column is to be learned?', error.candidates) })
  }
}

async function choose(message: string, names: readonly string[]): Promise<string> {
  const answer = await select({ message, options: names.map(name => ({ value: name, label: name })) })
  if (!isCancel(answer)) return answer
  cancel('Nothing was written.')
  throw new UserError('No answer was given.', 'Name it on the command line instead: see `tilth init --help`.')
}
