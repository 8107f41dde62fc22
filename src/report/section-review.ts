import { cellText, countText, fixed, plural, shareText } from './figure.ts'
import { html, type Html } from './html.ts'
import type { Report } from './report-schema.ts'
import { numberHeads, scrollTable } from './table.ts'
import { axisRow, dotAndInterval, gridLines, scaleFor, track } from './track.ts'

type Review = NonNullable<Report['review']>['reviews'][number]
type Acceptance = Review['overall']
type Kind = Review['rejectedKinds'][number]

/** What people said of the examples, and what this run made of it. */
export function reviewSection({ review }: Report): Html | null {
  if (review === undefined) return null
  const { turnedDown, fixes, entered } = review
  const came = entered.map(({ mixture, rows }) => `${countText(rows)} in \u201c${mixture}\u201d`)
  return html`<section id="review">
    <h2>Reviewed by people</h2>
    <p class="standfirst">
      Before this run, people accepted, put right or rejected examples of earlier ones. It keeps
      ${plural(turnedDown, 'row')} from coming in as ${turnedDown === 1 ? 'it was' : 'they were'};
      ${fixes === 0 ? 'none was put right' : `${plural(fixes, 'row')} ${fixes === 1 ? 'was' : 'were'} put right`}${
        fixes === 0
          ? ''
          : came.length === 0
            ? ', none of which could come in'
            : `, which came in: ${came.join(', ')}`
      }.
    </p>
    ${review.reviews.map(reviewPanel)}
  </section>`
}

function reviewPanel(review: Review): Html {
  const rows =
    review.acceptance.length > 1
      ? [...review.acceptance, { ...review.overall, generator: 'all generators' }]
      : review.acceptance
  const scale = scaleFor([0, 100])
  return html`<article class="panel">
    <div class="panel-head">
      <h3>Run ${review.run}, mixture ${review.mixture}</h3>
      ${review.blind ? html`<span class="badge note">blind to origin</span>` : null}
    </div>
    <p>
      ${countText(review.decided)} of ${plural(review.items, 'example')} decided by
      ${plural(review.reviewers, 'person', 'people')}. ${agreementText(review)}
    </p>
    <table class="chart">
      <caption>
        <b>Accepted as they are</b
        >Per cent of the examples drawn evenly; lines are 95&nbsp;% intervals.
      </caption>
      <tbody>
        ${rows.map(
          row =>
            html`<tr class="with">
              <th scope="row">${row.generator === 'real' ? 'real examples, mixed in' : row.generator}</th>
              <td class="figures">${acceptanceText(row)}</td>
              <td class="track">
                ${track(gridLines(scale), ...(row.rate === null ? [] : [dotAndInterval(scale, percentOf(row, row.rate))]))}
              </td>
            </tr>`,
        )}
        ${axisRow(scale, '\u00a0%')}
      </tbody>
    </table>
    ${review.rejectedKinds.length > 0 ? kindsTable(review.rejectedKinds) : null}
  </article>`
}

function agreementText({ kappas, alpha, disputes }: Review): string {
  if (kappas.length === 0) return ''
  const figures = kappas.map(({ items, kappa }) => `${figureText(kappa)} on ${plural(items, 'example')}`)
  return `Cohen’s kappa ${figures.join(', ')}; Krippendorff’s alpha ${figureText(alpha)}; they differ on ${plural(disputes, 'example')}.`
}

function figureText(figure: number | null): string {
  return figure === null ? 'not defined' : fixed(figure, 2)
}

function acceptanceText({
  rate,
  accepted,
  decided,
  interval,
  fixed: putRight,
  rejected,
  disputed,
}: Acceptance): Html {
  if (rate === null) return html`none decided`
  const others = [
    putRight > 0 ? `${countText(putRight)} put right` : null,
    rejected > 0 ? `${countText(rejected)} rejected` : null,
    disputed > 0 ? `${countText(disputed)} in dispute` : null,
  ].filter(part => part !== null)
  return html`<b>${shareText(rate)}</b>, ${shareText(interval.low)} to ${shareText(interval.high)}<small
      >${countText(accepted)} of
      ${countText(decided)}${others.length > 0 ? `; ${others.join(', ')}` : ''}</small
    >`
}

function percentOf(
  { interval }: Acceptance,
  rate: number,
): { value: number; interval: { low: number; high: number } } {
  return { value: 100 * rate, interval: { low: 100 * interval.low, high: 100 * interval.high } }
}

function kindsTable(kinds: readonly Kind[]): Html {
  return scrollTable({
    title: 'What was rejected',
    note: 'By generator and case. A kind is avoided where the interval of its share that was not rejected lies below one half.',
    className: 'pinned',
    head: html`<th scope="col">Kind</th>
      <th scope="col">Made by</th>
      ${numberHeads(['Rejected', 'Of'])}
      <th scope="col">Reasons</th>
      <th scope="col">From now on</th>`,
    rows: kinds.map(
      ({ what, generator, rejected, decided, reasons, avoided }) =>
        html`<tr>
          <th scope="row">${cellText(what)}</th>
          <td>${generator}</td>
          <td class="number">${countText(rejected)}</td>
          <td class="number">${countText(decided)}</td>
          <td>
            ${Object.entries(reasons)
              .toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
              .map(([reason, count]) => `${reason} (${countText(count)})`)
              .join(', ')}
          </td>
          <td>${avoided ? 'avoided' : 'made'}</td>
        </tr>`,
    ),
  })
}
