import { mkdtemp, realpath } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { writeJsonl } from '../data/jsonl.ts'
import { writeBadRecords } from '../data/set-aside.ts'
import { checkProject, loadProject, type LoadedProject } from '../project/project.ts'
import type { Look } from '../propose/look.ts'
import { readSeed } from './arguments.ts'
import { badRowsFlag, defineCommand, jsonFlag, seedFlag } from './command.ts'
import { exitCodes } from './exit.ts'
import { performRun, shortPath, tellResult } from './perform.ts'
import { checkNoProject, fileFlags, formatProposal, saveProject, tellLook } from './project-file.ts'

export const tryCommand = defineCommand({
  name: 'try',
  summary: 'Looks at a data file of yours, without a project, and runs a small loop on it.',
  details:
    'Reads CSV, TSV, JSON Lines, Parquet or XLSX, also compressed with gzip, and learns one column from the others. ' +
    'Ends in three sentences: what is missing, whether synthetic examples helped, what to collect next. ' +
    'Nothing leaves this machine.',
  examples: [
    'tilth try reports.csv --label damage',
    'tilth try reviews.jsonl --text body --label stars',
    'tilth try reports.csv --label damage --save',
  ],
  bare: ['save'],
  args: {
    file: { type: 'positional', description: 'a data file, for example reports.csv.' },
    ...fileFlags,
    save: {
      type: 'string',
      valueHint: 'folder',
      description: 'Leaves a project file that `tilth run` runs, here or in a folder.',
    },
    yaml: { type: 'boolean', description: 'With --save: tilth.yaml instead of tilth.config.ts.' },
    ...seedFlag,
    ...badRowsFlag,
    ...jsonFlag,
    'dry-run': { type: 'boolean', description: 'Prints the project that would be run; runs nothing.' },
  },
  async run(args, terminal) {
    const file = args.file!
    const seed = readSeed(args.seed)
    const saveTo: string | undefined = args.save === undefined ? undefined : resolve(args.save || '.')
    if (saveTo !== undefined) await checkNoProject(saveTo)
    const folder = saveTo ?? resolve('.')
    const { lookAtFile } = await import('../propose/look.ts')
    const skipBadRows = args['skip-bad-rows'] === true
    const look = await lookAtFile({
      path: file,
      folder,
      label: args.label,
      text: args.text,
      format: args.format,
      quick: true,
      skipBadRows,
      signal: terminal.signal,
    })
    tellLook(look, file, terminal)
    if (args['dry-run']) {
      terminal.out(formatProposal(look, { json: args.json === true, yaml: args.yaml === true }))
      return exitCodes.done
    }
    const loaded =
      saveTo === undefined
        ? await loadProposal(look, file)
        : await loadSaved(look, saveTo, args.yaml === true)
    const code = tellResult(
      await performRun({ loaded, seed, skipBadRows }, terminal),
      { json: args.json === true },
      terminal,
    )
    if (saveTo === undefined) terminal.note('\n`--save` leaves a project file that you can change and run.')
    else
      terminal.note(
        `\nThe project is ${shortPath(loaded.file)}; change it and run \`tilth run${saveTo === resolve('.') ? '' : ` --project ${shortPath(saveTo)}`}${badRowsOf(look)}\`.`,
      )
    return code
  },
})

/** A project that is nowhere but in memory; its runs go to a temporary folder. */
async function loadProposal(look: Look, file: string): Promise<LoadedProject> {
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'tilth-try-'))
  await saveSample(look, folder)
  const path = look.sample === null ? resolve(file) : join(folder, look.sample.name)
  const [name] = Object.keys(look.project.sources)
  const source = { ...look.project.sources[name!]!, path }
  const project = checkProject({ ...look.project, sources: { [name!]: source } }, 'the proposed project')
  return { project, folder, file: join(folder, 'tilth.config.ts'), moduleHashes: {} }
}

/** A project that stays, with the sample it names where the file was too large. */
async function loadSaved(look: Look, folder: string, yaml: boolean): Promise<LoadedProject> {
  const file = await saveProject(look, folder, yaml)
  await saveSample(look, folder)
  return loadProject(file)
}

/** A sample has none of the records that were set aside: those are put beside it. */
async function saveSample({ sample, setAside }: Look, folder: string): Promise<void> {
  if (sample === null) return
  await writeJsonl(join(folder, sample.name), sample.rows)
  const name = sample.name.replace(/-sample\.jsonl$/, '-bad-rows.jsonl')
  if (setAside.length > 0) await writeBadRecords(join(folder, name), setAside)
}

/** What must be added to `tilth run` where the file has records that cannot be read. */
export function badRowsOf({ setAside, sample }: Look): string {
  return setAside.length > 0 && sample === null ? ' --skip-bad-rows' : ''
}
