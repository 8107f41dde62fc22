import { cellText, countText, fixed, plural, proseHtml, shareText, valueText } from './figure.ts'
import { html, type Html } from './html.ts'
import type { Report } from './report-schema.ts'
import { unseenParts } from './section-unseen.ts'
import { numberHeads, proseRow, scrollTable } from './table.ts'

type Gaps = Report['gaps']
type Attribute = Gaps['attributes'][number]
type Pair = Gaps['pairs'][number]
type Tally = Pair['cells'][number]

/** So many are shown at once; the rest folds away. */
const shownRanks = 10
const shownPairs = 3

/** Below this part of its target a cell is thin. */
const enough = 0.75

/** What the real examples cover, against what they should. */
export function gapsSection({ gaps }: Report): Html {
  if (gaps.attributes.length === 0) {
    return html`<section id="gaps">
      <h2>What is missing</h2>
      <p class="standfirst">
        The project names no attributes that examples must cover, so no case could be counted as missing.
      </p>
      ${unseenParts(gaps)}
    </section>`
  }
  const pairs = gaps.pairs.toSorted((a, b) => shortfall(b, gaps.rows) - shortfall(a, gaps.rows))
  const rest = pairs.slice(shownPairs)
  return html`<section id="gaps">
    <h2>What is missing</h2>
    <p class="standfirst">
      The ${plural(gaps.rows, 'real example')}, counted over what they should cover and read against the
      target shares. What each case needs is counted for a mixture of ${countText(gaps.mixture)}, real and
      synthetic together.
    </p>
    ${rankedTable(gaps)}
    <h3>Value by value</h3>
    ${gaps.attributes.map(attribute => attributeChart(attribute, gaps))}
    ${pairs.length > 0 ? html`<h3>Pair by pair</h3>` : null}
    ${pairs.slice(0, shownPairs).map(pair => heatMap(pair, gaps.rows))}
    ${
      rest.length > 0
        ? html`<details>
            <summary>${plural(rest.length, 'more pair')}</summary>
            ${rest.map(pair => heatMap(pair, gaps.rows))}
          </details>`
        : null
    }
    ${unseenParts(gaps)}
  </section>`
}

function shortfall(pair: Pair, rows: number): number {
  return pair.cells.reduce((sum, cell) => sum + Math.max(0, cell.target * rows - cell.count), 0)
}

function rankedTable({ ranked, rows }: Gaps): Html {
  if (ranked.length === 0) return html`<p>No case is short of its target.</p>`
  const table = (gaps: Gaps['ranked'], title: string): Html =>
    scrollTable({
      title,
      note: `Real examples so far, how many would be wanted among ${countText(rows)}, and how many more the mixture needs.`,
      className: 'pinned',
      head: html`<th scope="col">Case</th>
        ${numberHeads(['Has', 'Wanted', 'Needs'])}`,
      rows: gaps.map(
        gap =>
          html`<tr>
              <th scope="row">${cellText(gap.cell)}</th>
              <td class="number">
                ${gap.count === 0 ? html`<span class="none">none</span>` : countText(gap.count)}
              </td>
              <td class="number">${wantedText(gap, rows)}</td>
              <td class="number">+${countText(gap.need)}</td>
            </tr>
            ${proseRow(proseHtml(gap.why), 4)}`,
      ),
    })
  const rest = ranked.slice(shownRanks)
  return html`${table(ranked.slice(0, shownRanks), rest.length > 0 ? `The ${shownRanks} widest gaps` : 'The gaps, widest first')}${
    rest.length > 0
      ? html`<details>
          <summary>${plural(rest.length, 'more gap')}</summary>
          ${table(rest, 'The other gaps')}
        </details>`
      : null
  }`
}

function wantedText({ target }: { readonly target: number }, rows: number): string {
  const wanted = target * rows
  return wanted >= 9.5 || Number.isInteger(wanted) ? countText(Math.round(wanted)) : fixed(wanted, 1)
}

function attributeChart(attribute: Attribute, { rows }: Gaps): Html {
  const highest = Math.max(...attribute.values.flatMap(value => [value.share, value.target]))
  const chart = (values: Attribute['values']): Html =>
    html`${values.map(entry => {
      const short = entry.target * rows - entry.count >= 0.5
      const at = highest > 0 ? Math.round((entry.target / highest) * 9950) / 100 : 0
      return html`<tr>
        <th scope="row">${valueText(entry.value)}</th>
        <td class="figures">
          <b>${countText(entry.count)}</b>, wanted ${wantedText(entry, rows)}<small
            >${shareText(entry.share)}, wanted ${shareText(entry.target)}</small
          >
        </td>
        <td class="track">
          <svg aria-hidden="true">
            <rect class="bar-back" width="100%" height="100%" />
            <rect
              class="bar ${short ? 'short' : 'with'}"
              width="${highest > 0 ? Math.round((entry.share / highest) * 9950) / 100 : 0}%"
              height="100%"
            />
            <line class="target" x1="${at}%" x2="${at}%" y1="-3" y2="19" />
          </svg>
        </td>
      </tr>`
    })}`
  const shown = attribute.values.slice(0, 15)
  const rest = attribute.values.slice(15)
  const caption = html`<b>${attribute.name}</b>Real examples; the upright line is the target.`
  return html`<table class="chart bars">
      <caption>
        ${caption}
      </caption>
      <tbody>
        ${chart(shown)}
      </tbody>
    </table>
    ${
      rest.length > 0
        ? html`<details>
            <summary>${plural(rest.length, 'more value')} of ${attribute.name}</summary>
            <table class="chart bars">
              <caption>
                ${attribute.name}, continued
              </caption>
              <tbody>
                ${chart(rest)}
              </tbody>
            </table>
          </details>`
        : null
    }`
}

function heatMap({ attributes: [rowName, columnName], cells }: Pair, rows: number): Html {
  const down = distinct(cells.map(cell => valueText(cell.values[0])))
  const across = distinct(cells.map(cell => valueText(cell.values[1])))
  const byPlace = new Map(cells.map(cell => [JSON.stringify(cell.values.map(valueText)), cell]))
  return scrollTable({
    title: `${rowName} by ${columnName}`,
    note: `Real examples so far, and how many of ${countText(rows)} should be such.`,
    className: 'heat pinned',
    head: html`<th scope="col">${rowName}</th>
      ${across.map(value => html`<th scope="col">${value}</th>`)}`,
    rows: down.map(
      value =>
        html`<tr>
          <th scope="row">${value}</th>
          ${across.map(other => heatCell(byPlace.get(JSON.stringify([value, other])), rows))}
        </tr>`,
    ),
  })
}

function heatCell(cell: Tally | undefined, rows: number): Html {
  if (cell === undefined || (cell.count === 0 && cell.target * rows < 0.5))
    return html`<td class="unasked"><small>not needed</small></td>`
  const wanted = html`<small>of ${wantedText(cell, rows)} wanted</small>`
  if (cell.count === 0)
    return html`<td class="empty"><b>none</b>${wanted}<small>make ${countText(cell.need)}</small></td>`
  const filled = cell.target === 0 || cell.count / (cell.target * rows) >= enough
  if (filled) return html`<td class="enough"><b>${countText(cell.count)}</b><small>enough</small></td>`
  return html`<td class="thin">
    <b>${countText(cell.count)}</b>${wanted}<small>make ${countText(cell.need)}</small>
  </td>`
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)]
}
