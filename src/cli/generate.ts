import type { FilledMixture } from '../run/steps/fill.ts'
import { tellHidden, withoutLocal } from './local-rows.ts'
import { bySubject, defineStageCommand } from './stage.ts'
import { fillingsOf, tellShortfall } from './shortfall.ts'

/** Rows shown of each mixture. */
const shown = 5

export const generateCommand = defineStageCommand({
  name: 'generate',
  summary: 'Makes candidates for the gaps and keeps those that pass.',
  details:
    'Fits the generators, and generates and validates in turn until every cell has what it wants or tries run out.',
  rows: true,
  show(result, terminal, includeLocal) {
    const mixtures = bySubject<FilledMixture>(result)
    if (mixtures.length === 0) terminal.note('The project has no `mixtures`, so nothing is to be made.')
    for (const [mixture, { accepted }, folder] of mixtures) {
      const { told, hidden } = withoutLocal(accepted, {
        originOf: ({ origin }) => origin,
        folder,
        includeLocal,
      })
      const rows = told.slice(0, shown).map(({ row }) => row)
      const columns = Object.keys(rows[0] ?? {})
      const local = hidden === null ? '' : `; ${tellHidden(hidden)}`
      const example =
        rows.length === 0 ? '' : hidden === null ? ', for example' : '. Of the others, for example'
      terminal.out(`${mixture}: ${accepted.length} rows were made${local}${example}\n`)
      for (const row of rows) {
        terminal.out(columns.map(column => `  ${column}: ${String(row[column] ?? '(missing)')}`).join('\n'))
        terminal.out('')
      }
    }
    return tellShortfall(fillingsOf(mixtures), terminal)
  },
  plain: (result, includeLocal) =>
    Object.fromEntries(
      bySubject<FilledMixture>(result).map(([mixture, { accepted, cells }, folder]) => {
        const { told, hidden } = withoutLocal(accepted, {
          originOf: ({ origin }) => origin,
          folder,
          includeLocal,
        })
        const rows = told.map(({ id, row, origin }) => ({ id, row, origin }))
        return [mixture, { cells, rows, ...(hidden === null ? {} : { hidden }) }]
      }),
    ),
})
