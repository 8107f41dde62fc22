import { cellText, countText, plural, shareText, valueText } from './figure.ts'
import { html, type Html } from './html.ts'
import type { Report } from './report-schema.ts'
import { stackedBar } from './track.ts'

type Filling = Report['generation']['cells'][number]

/** So many reasons get a colour of their own; the last colour is for all others together. */
const colours = 6
const shownCells = 12

/** What was made, what was refused and why, and which cells stayed short. */
export function generationSection({ generation }: Report): Html {
  const { cells } = generation
  const accepted = sum(cells, cell => cell.accepted)
  const tried = sum(cells, cell => cell.tried)
  const wanted = sum(cells, cell => cell.wanted)
  const reasons = rankReasons(cells)
  return html`<section id="made">
    <h2>What was made and what was refused</h2>
    <p class="standfirst">
      ${
        cells.length === 0
          ? 'No synthetic example was asked for.'
          : html`Of ${plural(tried, 'candidate')}, ${countText(accepted)} ${accepted === 1 ? 'was' : 'were'}
            accepted (${shareText(tried > 0 ? accepted / tried : 0)}); ${countText(wanted)}
            ${wanted === 1 ? 'was' : 'were'} wanted. A refused candidate is kept with its reason.`
      }
    </p>
    ${adviceNote(generation.advice)}
    ${cells.length > 0 ? html`${unfilled(cells)}${reasonLegend(reasons)}${totals(cells, reasons)}${byCell(cells, reasons)}` : null}
    ${samples(generation.sampleAccepted)}
  </section>`
}

/** That the generators did not share equally, and what that rests on. */
function adviceNote(advice: Report['generation']['advice']): Html | null {
  if (advice === undefined) return null
  const { mixture, requests, rows } = advice
  return html`<p>
    Mixture ${mixture} was filled by an advice that was passed in: ${plural(requests, 'request')} for
    ${plural(rows, 'row')}, each of one generator, instead of equal parts. The advice was made from all
    training rows; where these are cross-validated, every passage takes its counts in proportion.
  </p>`
}

function sum(cells: readonly Filling[], figure: (cell: Filling) => number): number {
  return cells.reduce((total, cell) => total + figure(cell), 0)
}

/** Reasons by how often they were given, over all cells. */
function rankReasons(cells: readonly Filling[]): readonly string[] {
  const counts = addReasons(cells)
  return Object.keys(counts).toSorted((a, b) => counts[b]! - counts[a]! || (a < b ? -1 : 1))
}

function addReasons(cells: readonly Filling[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const [reason, count] of cells.flatMap(cell => Object.entries(cell.reasons))) {
    counts[reason] = (counts[reason] ?? 0) + count
  }
  return counts
}

function unfilled(cells: readonly Filling[]): Html {
  const short = cells.filter(cell => cell.accepted < cell.wanted)
  if (short.length === 0) return html`<p>Every cell was filled.</p>`
  return html`<div class="callout">
    <strong>${plural(short.length, 'cell')} ${short.length === 1 ? 'was' : 'were'} not filled</strong>
    <ul class="plain-list">
      ${short.map(
        cell =>
          html`<li>
            <b>${cellText(cell.cell)}</b> by ${cell.generator} for ${cell.mixture}:
            ${countText(cell.accepted)} of ${countText(cell.wanted)}. ${cell.why ?? 'No reason was given.'}
          </li>`,
      )}
    </ul>
  </div>`
}

function reasonLegend(reasons: readonly string[]): Html {
  const named = reasons.slice(0, reasons.length > colours ? colours - 1 : colours)
  return html`<ul class="legend">
    ${swatch('fill-accepted', 'accepted')}${named.map((reason, index) => swatch(`fill-${index}`, reasonText(reason)))}${
      named.length < reasons.length ? swatch(`fill-${colours - 1}`, 'other reasons') : null
    }
  </ul>`
}

function swatch(className: string, text: string): Html {
  return html`<li>
    <svg aria-hidden="true"><rect class="${className}" width="100%" height="100%" /></svg>${text}
  </li>`
}

function totals(cells: readonly Filling[], reasons: readonly string[]): Html {
  const groups = Map.groupBy(cells, cell => cell.generator)
  return html`<table class="chart bars">
    <caption>
      <b>By generator</b
      >Share of the candidates that were tried.
    </caption>
    <tbody>
      ${[...groups].map(([generator, members]) => fillingRows({ name: generator, members, reasons }))}
    </tbody>
  </table>`
}

function byCell(cells: readonly Filling[], reasons: readonly string[]): Html {
  const chart = (shown: readonly Filling[], caption: Html): Html => {
    const groups = Map.groupBy(shown, cell => `${cell.mixture} · ${cell.generator}`)
    return html`<table class="chart bars">
      <caption>
        ${caption}
      </caption>
      <tbody>
        ${[...groups].map(
          ([name, members]) =>
            html`<tr class="label">
                <th scope="rowgroup">${name}</th>
              </tr>
              ${members.map(cell => fillingRows({ name: cellText(cell.cell), members: [cell], reasons }))}`,
        )}
      </tbody>
    </table>`
  }
  const caption = html`<b>By mixture, generator and cell</b>Share of the candidates that were tried.`
  if (cells.length <= shownCells) return chart(cells, caption)
  return html`<details>
    <summary>All ${countText(cells.length)} cells</summary>
    ${chart(cells, caption)}
  </details>`
}

function fillingRows(row: { name: string; members: readonly Filling[]; reasons: readonly string[] }): Html {
  const tried = sum(row.members, cell => cell.tried)
  const accepted = sum(row.members, cell => cell.accepted)
  const wanted = sum(row.members, cell => cell.wanted)
  const counts = addReasons(row.members)
  const part = (count: number): number => (tried > 0 ? count / tried : 0)
  const bar = stackedBar([
    { className: 'fill-accepted', share: part(accepted) },
    ...row.reasons.map((reason, index) => ({
      className: `fill-${row.reasons.length > colours ? Math.min(index, colours - 1) : index}`,
      share: part(counts[reason] ?? 0),
    })),
  ])
  const refused = row.reasons
    .filter(reason => (counts[reason] ?? 0) > 0)
    .map(reason => `${reasonText(reason)} ${countText(counts[reason]!)}`)
  return html`<tr>
    <th scope="row">${row.name}</th>
    <td class="figures">
      <b>${countText(accepted)}</b> of ${countText(wanted)}<small>${countText(tried)} tried</small>
    </td>
    <td class="track">${bar}</td>
    <td class="under">
      <small>${refused.length > 0 ? `refused: ${refused.join(', ')}` : 'none refused'}</small>
    </td>
  </tr>`
}

function reasonText(reason: string): string {
  return reason.replaceAll('-', ' ')
}

function samples(rows: Report['generation']['sampleAccepted']): Html | null {
  if (rows.length === 0) return null
  return html`<h3>A look at what was made</h3>
    <p class="standfirst">
      Accepted synthetic rows, none of them a real case. Rows that descend from local data are not shown.
    </p>
    <ul class="samples">
      ${rows.map(
        ({ generator, row }) =>
          html`<li>
            <span class="badge note">synthetic, by ${generator}</span>
            <dl>
              ${Object.entries(row)
                .filter(([, value]) => value !== null)
                .map(
                  ([name, value]) =>
                    html`<dt>${name}</dt>
                      <dd>${valueText(value)}</dd>`,
                )}
            </dl>
          </li>`,
      )}
    </ul>`
}
