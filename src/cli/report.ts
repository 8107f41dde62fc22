import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { writeFileAtomic } from '../data/file.ts'
import { UserError } from '../error.ts'
import { type Timing, timingSchema } from '../report/timing-schema.ts'
import { defineCommand, jsonFlag, projectFlag } from './command.ts'
import { exitCodes } from './exit.ts'
import { shortPath } from './perform.ts'
import { findRun } from './run-folder.ts'

export const reportCommand = defineCommand({
  name: 'report',
  summary: 'Shows the report of a run.',
  details: 'Writes report.html anew from report.json and prints where it is; nothing is run.',
  examples: ['tilth report --open', 'tilth report strikes-1a2b3c4d', 'tilth report --json'],
  args: {
    run: {
      type: 'positional',
      required: false,
      description: 'The run, or the beginning of its name; left out, the latest.',
    },
    ...projectFlag,
    ...jsonFlag,
    open: { type: 'boolean', description: 'Opens the report in the browser.' },
  },
  async run(args, terminal) {
    const { folder, report } = await findRun(resolve(args.project ?? '.'), args.run)
    const { renderReport } = await import('../report/render.ts')
    const timing = await readTiming(folder)
    const file = join(folder, 'report.html')
    await writeFileAtomic(file, renderReport(report!, timing))
    if (args.json) terminal.out(JSON.stringify(report, null, 2))
    else terminal.out(shortPath(file))
    if (args.open) openInBrowser(file)
    return exitCodes.done
  },
})

async function readTiming(folder: string): Promise<Timing> {
  try {
    return timingSchema.parse(JSON.parse(await readFile(join(folder, 'timing.json'), 'utf8')))
  } catch (error) {
    throw new UserError(
      `The times of ${basename(folder)} cannot be read: timing.json is missing or damaged.`,
      '`tilth run` writes it anew, and makes nothing again that is there.',
      { cause: error },
    )
  }
}

function openInBrowser(file: string): void {
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open', file]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '', file]
        : ['xdg-open', file]
  const child = spawn(command!, args, { detached: true, stdio: 'ignore' })
  child.on('error', () => process.stderr.write(`No program opens web pages here; open ${file} yourself.\n`))
  child.unref()
}
