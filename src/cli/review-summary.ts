import type { Acceptance, ReviewSummary } from '../review/summary.ts'
import type { Terminal } from './terminal.ts'
import { formatTable } from './text.ts'

/** What a review has brought, as tables. */
export function tellReview(summary: ReviewSummary, terminal: Terminal): void {
  const { run, mixture, blind, decided, items, reviewers } = summary
  const by = reviewers.map(each => `${each.name} ${each.decided}`).join(', ')
  terminal.out(
    `\n${terminal.style('bold', `Run ${run}, mixture ${mixture}${blind ? ', blind' : ''}`, 'out')}\n${decided} of ${items} examples decided${by === '' ? '' : ` (${by})`}`,
  )
  if (decided === 0) return
  const { acceptance, overall } = summary
  const synthetic = acceptance.filter(({ generator }) => generator !== 'real')
  const rows = [...acceptance, ...(synthetic.length > 1 ? [{ ...overall, generator: 'all generators' }] : [])]
  terminal.out(
    `\n${formatTable(
      [
        'of those drawn evenly',
        'decided',
        'accepted',
        'fixed',
        'rejected',
        'disputed',
        'accepted, with its 95 % interval',
      ],
      rows.map(each => [
        each.generator,
        each.decided,
        each.accepted,
        each.fixed,
        each.rejected,
        each.disputed,
        rateText(each),
      ]),
    )}`,
  )
  tellAgreement(summary, terminal)
  tellKinds(summary, terminal)
}

function tellAgreement({ agreement, disputes }: ReviewSummary, terminal: Terminal): void {
  if (agreement.pairs.length === 0) return
  const pairs = agreement.pairs.map(
    ({ reviewers, items, kappa }) =>
      `  ${reviewers.join(' and ')}: Cohen’s kappa ${figureText(kappa)} on ${items} examples`,
  )
  terminal.out(`\nAgreement: Krippendorff’s alpha ${figureText(agreement.alpha)}\n${pairs.join('\n')}`)
  if (disputes.length === 0) return
  const lines = disputes.map(
    ({ item, answers }) =>
      `  ${item}: ${answers.map(({ reviewer, decision }) => `${reviewer} ${decision}`).join(', ')}`,
  )
  terminal.out(`\nDisputes\n${lines.join('\n')}`)
}

function tellKinds({ kinds }: ReviewSummary, terminal: Terminal): void {
  if (kinds.length === 0) return
  terminal.out(
    `\n${formatTable(
      ['rejected kind', 'made by', 'rejected', 'of', 'reasons', 'next round'],
      kinds.map(({ what, generator, rejected, decided, reasons, avoid }) => [
        Object.entries(what)
          .map(([name, value]) => `${name} = ${value === null ? 'missing' : String(value)}`)
          .join(', ') || 'any',
        generator,
        rejected,
        decided,
        Object.entries(reasons)
          .toSorted(([, a], [, b]) => b - a)
          .map(([reason, count]) => `${reason} (${count})`)
          .join(', '),
        avoid ? 'avoided' : 'made again',
      ]),
    )}`,
  )
}

function rateText({ rate, interval: [low, high] }: Acceptance): string {
  if (rate === null) return '–'
  return `${percent(rate)} % (${percent(low)} to ${percent(high)} %)`
}

function percent(share: number): string {
  return (100 * share).toFixed(0)
}

function figureText(figure: number | null): string {
  return figure === null ? 'not defined (all answers are the same)' : figure.toFixed(2)
}
