import type { Gaps } from '../gaps/measure.ts'
import { exitCodes } from './exit.ts'
import { bySubject, defineStageCommand } from './stage.ts'
import { formatTable } from './text.ts'

export const gapsCommand = defineStageCommand({
  name: 'gaps',
  summary: 'Counts what the real examples do not cover.',
  details:
    'Counts every value of the attributes, and every pair of values, against the target of the project file.',
  show(result, terminal) {
    for (const [, gaps] of bySubject<Gaps>(result)) {
      if (gaps.attributes.length === 0) {
        terminal.note('The project names no `attributes`, so nothing can be counted as missing.')
      }
      for (const attribute of gaps.attributes) {
        const rows = attribute.values.map(({ value, count, share, target, need }) => [
          value === null ? '(missing)' : String(value),
          count,
          `${(share * 100).toFixed(1)} %`,
          `${(target * 100).toFixed(1)} %`,
          need,
        ])
        terminal.out(`${formatTable([attribute.name, 'rows', 'share', 'wanted', 'to make'], rows)}\n`)
      }
      for (const { cell, why } of gaps.ranked.slice(0, 10)) {
        const name = Object.entries(cell).map(([attribute, value]) => `${attribute} ${String(value)}`)
        terminal.out(`${name.join(', ')}: ${why}`)
      }
    }
    return exitCodes.done
  },
})
