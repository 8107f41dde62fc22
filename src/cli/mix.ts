import path from 'node:path'
import type { Manifest } from '../run/steps/mix.ts'
import { exitCodes } from './exit.ts'
import { shortPath } from './perform.ts'
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
    for (const [mixture, { examples, files }, folder] of mixtures) {
      terminal.out(`${mixture}: ${examples} examples\n`)
      const rows = Object.entries(files).map(([file, hash]) => [
        shortPath(path.join(folder, file)),
        hash.slice(0, 16),
      ])
      terminal.out(`${formatTable(['file', 'SHA-256'], rows)}\n`)
    }
    return exitCodes.done
  },
  plain: result =>
    Object.fromEntries(
      bySubject<Manifest>(result).map(([mixture, manifest, folder]) => [
        mixture,
        { ...manifest, folder: shortPath(folder) },
      ]),
    ),
})
