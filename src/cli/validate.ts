import type { FilledMixture } from '../run/steps/fill.ts'
import { fillingsOf, tellShortfall } from './shortfall.ts'
import { withoutLocal } from './local-rows.ts'
import { bySubject, defineStageCommand } from './stage.ts'
import { formatTable } from './text.ts'

export const validateCommand = defineStageCommand({
  name: 'validate',
  summary: 'Says how many candidates passed and why the others did not.',
  details:
    'Every candidate is judged: its shape, constraints, length, near-duplicates, personal data, contamination.',
  rows: true,
  show(result, terminal) {
    const mixtures = bySubject<FilledMixture>(result)
    if (mixtures.length === 0)
      terminal.note('The project has no `mixtures`, so there is nothing to validate.')
    for (const [mixture, { accepted, rejected }] of mixtures) {
      const counts = [...countReasons(rejected)].toSorted(([, a], [, b]) => b - a)
      const rows = [['accepted', accepted.length] as const, ...counts].map(([reason, count]) => [
        reason,
        count,
        `${((100 * count) / Math.max(1, accepted.length + rejected.length)).toFixed(1)} %`,
      ])
      terminal.out(`${formatTable([mixture, 'rows', 'share'], rows)}\n`)
    }
    return tellShortfall(fillingsOf(mixtures), terminal)
  },
  plain: (result, includeLocal) =>
    Object.fromEntries(
      bySubject<FilledMixture>(result).map(([mixture, { accepted, rejected }, folder]) => {
        const { told, hidden } = withoutLocal(rejected, {
          originOf: ({ traced }) => traced.origin,
          folder,
          includeLocal,
        })
        return [
          mixture,
          {
            accepted: accepted.length,
            reasons: Object.fromEntries(countReasons(rejected)),
            rejected: told.map(({ traced, reason, detail }) => ({
              id: traced.id,
              row: traced.row,
              reason,
              detail,
            })),
            ...(hidden === null ? {} : { hidden }),
          },
        ]
      }),
    ),
})

function countReasons(rejected: FilledMixture['rejected']): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { reason } of rejected) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return counts
}
