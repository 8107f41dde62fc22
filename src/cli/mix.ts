import type { Manifest } from '../run/steps/mix.ts'
import { exitCodes } from './exit.ts'
import { bySubject, defineStageCommand } from './stage.ts'
import { formatTable } from './text.ts'

export const mixCommand = defineStageCommand({
  name: 'mix',
  summary: 'Puts the training sets together that are compared.',
  details:
    'Renders real and synthetic rows as examples and mixes them; `tilth run` lays the files into the folder of the run, those of local data into .tilth/private/mixtures.',
  show(result, terminal) {
    const mixtures = bySubject<Manifest>(result)
    if (mixtures.length === 0)
      terminal.note('The project has no `mixtures`, so the real examples stand alone.')
    for (const [mixture, { examples, files }] of mixtures) {
      terminal.out(`${mixture}: ${examples} examples\n`)
      const rows = Object.entries(files).map(([file, hash]) => [file, hash.slice(0, 16)])
      terminal.out(`${formatTable(['file', 'SHA-256'], rows)}\n`)
    }
    return exitCodes.done
  },
})
