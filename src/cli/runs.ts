import { resolve } from 'node:path'
import { defineCommand, jsonFlag, projectFlag } from './command.ts'
import { exitCodes } from './exit.ts'
import { listRuns, type RunFolder } from './run-folder.ts'
import { formatTable } from './text.ts'
import { formatVerdict } from './verdict.ts'

export const runsCommand = defineCommand({
  name: 'runs',
  summary: 'Lists the runs of a project, or compares some of them.',
  details: 'A run is named for what it would make: the same data, settings and seed give the same run.',
  examples: ['tilth runs', 'tilth runs --json'],
  args: { ...projectFlag, ...jsonFlag },
  async run(args, terminal) {
    const runs = await listRuns(resolve(args.project ?? '.'))
    if (args.json) {
      const plain = runs.map(({ id, folder, state, report }) => ({
        id,
        folder,
        state,
        answer: report?.answer ?? null,
        uplift: report?.uplift ?? [],
      }))
      terminal.out(JSON.stringify({ runs: plain }, null, 2))
    } else if (runs.length === 0) terminal.note('No run yet: `tilth run` makes one.')
    else {
      const rows = runs.map(({ id, state, report }) => [id, state, verdictsOf(report)])
      terminal.out(formatTable(['run', 'state', 'uplift in points, with its 95 % interval'], rows))
    }
    return exitCodes.done
  },
})

function verdictsOf(report: RunFolder['report']): string {
  if (report === null) return ''
  return report.uplift.length === 0 ? 'not measured' : report.uplift.map(formatVerdict).join('; ')
}
