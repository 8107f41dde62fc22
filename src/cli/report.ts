import { spawn } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { timingSchema } from '../report/timing-schema.ts'
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
    const timing = timingSchema.parse(JSON.parse(await readFile(join(folder, 'timing.json'), 'utf8')))
    const file = join(folder, 'report.html')
    await writeFile(file, renderReport(report!, timing))
    if (args.json) terminal.out(JSON.stringify(report, null, 2))
    else terminal.out(shortPath(file))
    if (args.open) openInBrowser(file)
    return exitCodes.done
  },
})

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
