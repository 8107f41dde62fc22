import { cellText, countText, plural, proseHtml, shareText } from './figure.ts'
import { html, type Html } from './html.ts'
import type { Report } from './report-schema.ts'
import { stackedBar } from './track.ts'

type Gaps = Report['gaps']
type Unseen = Gaps['unseen'][number]

const shownColumns = 8

/** What new rows will bring that no example shows: values and words, combinations; and examples at odds with each other. */
export function unseenParts(gaps: Gaps): Html {
  return html`${unseenChart(gaps)} ${coverageList(gaps)} ${conflictList(gaps)}`
}

function unseenChart({ unseen }: Gaps): Html | null {
  if (unseen.length === 0) return null
  const rest = unseen.slice(shownColumns)
  return html`<h3>Never seen</h3>
    ${unseenTable(unseen.slice(0, shownColumns))}
    ${
      rest.length > 0
        ? html`<details>
            <summary>${plural(rest.length, 'more column')}</summary>
            ${unseenTable(rest)}
          </details>`
        : null
    }`
}

function unseenTable(columns: readonly Unseen[]): Html {
  return html`<table class="chart bars">
    <caption>
      <b>How much of the next rows was never seen</b
      >The filled part of each bar is what no example shows yet.
    </caption>
    <tbody>
      ${columns.map(
        entry =>
          html`<tr>
            <th scope="row">
              ${entry.column}${entry.of === 'values' ? null : `, its ${entry.of}`}
              <small>${countText(entry.seen)} seen, at least ${countText(entry.atLeast)} exist</small>
            </th>
            <td class="figures">
              <b>${shareText(entry.mass)} new</b
              ><small>${shareText(entry.interval.low)} to ${shareText(entry.interval.high)}</small>
            </td>
            <td class="track">${stackedBar([{ className: 'bar short', share: entry.mass }])}</td>
            <td class="under"><small>${proseHtml(`${entry.why}.${advice(entry)}`)}</small></td>
          </tr>`,
      )}
    </tbody>
  </table>`
}

function advice({ need, rowsToHalve }: Unseen): string {
  const make =
    need !== null && need > 0
      ? ` Make ${countText(need)} of the synthetic rows with values of other sources, for instance a list.`
      : ''
  const collect =
    rowsToHalve === null ? '' : ` ${plural(rowsToHalve, 'more real row')} would halve what is new.`
  return `${make}${collect}`
}

function coverageList({ coverage }: Gaps): Html | null {
  if (coverage.length === 0) return null
  return html`<h3>Combinations</h3>
    <table class="chart bars">
      <caption>
        <b>How many combinations of values an example shows</b
        >The filled part of each bar is what some example shows. Some of the others may not exist in the
        world.
      </caption>
      <tbody>
        ${coverage.map(
          ({ order, possible, seen, need, missing }) =>
            html`<tr>
              <th scope="row">${order === 2 ? 'Pairs of values' : 'Triples of values'}</th>
              <td class="figures">
                <b>${countText(seen)} of ${countText(possible)}</b
                >${need === null || need === 0 ? null : html`<small>make ${plural(need, 'row')}</small>`}
              </td>
              <td class="track">
                ${stackedBar([{ className: 'bar with', share: possible === 0 ? 0 : seen / possible }])}
              </td>
              ${missing.length > 0 ? html`<td class="under"><small>${missingText(missing)}</small></td>` : null}
            </tr>`,
        )}
      </tbody>
    </table>`
}

function missingText(missing: Gaps['coverage'][number]['missing']): string {
  const names = missing.slice(0, 3).map(({ cell }) => cellText(cell))
  return `Missing, and the likeliest to be met: ${names.join('; ')}.`
}

function conflictList({ conflicts, repeatedInTest, rows }: Gaps): Html | null {
  const lines = [
    ...(conflicts.duplicates > 0
      ? [
          `${plural(conflicts.duplicates, 'row')} of ${countText(rows)} repeat another one: they teach nothing more.`,
        ]
      : []),
    ...(repeatedInTest > 0
      ? [
          `${plural(repeatedInTest, 'training row')} stand among the dev or test rows too, which makes scores look better than they are.`,
        ]
      : []),
    ...conflicts.tasks
      .filter(({ conflicting }) => conflicting > 0)
      .map(
        ({ task, conflicting }) =>
          `${task}: ${plural(conflicting, 'row')} ask what another asks and answer otherwise. One is wrong, or what is asked does not decide the answer.`,
      ),
    ...conflicts.examples.map(
      ({ task, rows: same, answers }) => `${task}: ${same.join(', ')} answer ${answers.join(' and ')}.`,
    ),
  ]
  if (lines.length === 0) return null
  return html`<h3>Examples at odds</h3>
    <ul class="plain-list">
      ${lines.map(line => html`<li>${proseHtml(line)}</li>`)}
    </ul>`
}
