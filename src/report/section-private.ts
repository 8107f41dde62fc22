import { countText, plural, proseHtml } from './figure.ts'
import { html, type Html } from './html.ts'
import type { Report } from './report-schema.ts'
import { band, dotAndInterval, gridLines, scaleFor, axisRow, track, verticalLine } from './track.ts'

type Figure = Report['private']['figures'][number]

/** What the synthetic rows may give away of the rows they were fitted on, and what they do not promise. */
export function privateSection({ generation, private: measured }: Report): Html {
  const local = generation.generators.filter(generator => generator.fittedOn?.share === 'local')
  const open = generation.generators.filter(generator => generator.fittedOn?.share !== 'local')
  return html`<section id="private">
    <h2>Private rows</h2>
    <p class="standfirst">What synthetic rows may give away of the real rows they were learned from.</p>
    ${
      generation.generators.length > 0
        ? html`<div class="callout">
            <strong>Synthetic data without a differential-privacy guarantee.</strong> ${
              local.length > 0
                ? `${local.length === 1 ? 'Generator' : 'Generators'} ${list(local.map(generator => `\u201c${generator.name}\u201d`))} ${local.length === 1 ? 'was' : 'were'} fitted on rows that must stay on this machine, and so must what ${local.length === 1 ? 'it' : 'they'} made. Good figures below lower the worry and promise nothing.`
                : 'None of them was fitted on rows that must stay on this machine.'
            }
          </div>`
        : null
    }
    <ul class="plain-list">
      ${[...local, ...open].map(
        generator =>
          html`<li>
            <b>${generator.name}</b> (${generator.kind}):
            ${
              generator.fittedOn === null
                ? 'not fitted on any row'
                : `fitted on ${plural(generator.fittedOn.rows, 'row')} that ${generator.fittedOn.share === 'local' ? 'stay on this machine' : 'anyone may see'}`
            };
            guarantee: ${generator.guarantee}.
          </li>`,
      )}
    </ul>
    ${
      measured.figures.length > 0
        ? html`${measured.figures.map(figureChart)}`
        : html`<p>Nothing was measured here, because no generator was fitted on private rows.</p>`
    }
  </section>`
}

function list(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

function figureChart(figure: Figure): Html {
  const { interval, floor, ceiling, threshold } = figure
  const marks = [figure.value, interval?.low, interval?.high, floor, ceiling, threshold].filter(
    value => value !== null && value !== undefined,
  )
  const scale = scaleFor(marks)
  const kind = figure.pass === false ? 'worse' : 'with'
  const between =
    floor !== null && ceiling !== null ? [Math.min(floor, ceiling), Math.max(floor, ceiling)] : null
  const single = between === null ? (floor ?? ceiling) : null
  return html`<article class="panel">
    <div class="panel-head">
      <h3>${figure.name}</h3>
      ${
        figure.pass === null
          ? html`<span class="badge note">for information</span>`
          : figure.pass
            ? html`<span class="badge passes">✓ passes</span>`
            : html`<span class="badge fails">✕ does not pass</span>`
      }
    </div>
    ${figure.note === null ? null : html`<p class="standfirst">${proseHtml(figure.note)}</p>`}
    <table class="chart">
      <caption>
        The dot is the
        figure${interval ? html` with its 95&nbsp;% interval` : null}${between ? '; the shaded stretch lies between floor and ceiling' : ''}${single === null ? '' : `; the full line is the ${floor === null ? 'ceiling' : 'floor'}`}${threshold === null ? '' : '; the dashed line is the threshold'}.
      </caption>
      <tbody>
        <tr class="strong ${kind}">
          <th scope="row">
            ${figureText(figure.value)}${interval ? html` <small>${figureText(interval.low)} to ${figureText(interval.high)}</small>` : null}
          </th>
          <td class="figures">
            <small
              >${[
                floor === null ? null : `floor ${figureText(floor)}`,
                ceiling === null ? null : `ceiling ${figureText(ceiling)}`,
                threshold === null ? null : `threshold ${figureText(threshold)}`,
              ]
                .filter(part => part !== null)
                .map(part => html`<span class="unbroken">${part}</span><br />`)}</small
            >
          </td>
          <td class="track">
            ${track(
              ...(between ? [band('worth-band', scale, { low: between[0]!, high: between[1]! })] : []),
              gridLines(scale),
              ...(single === null ? [] : [verticalLine('zero-line', scale, single)]),
              ...(threshold === null ? [] : [verticalLine('mark-line', scale, threshold)]),
              dotAndInterval(scale, figure),
            )}
          </td>
        </tr>
        ${axisRow(scale)}
      </tbody>
    </table>
  </article>`
}

function figureText(value: number): string {
  if (Number.isInteger(value)) return countText(value)
  return String(Number(value.toFixed(Math.abs(value) < 0.1 ? 4 : 3))).replace('-', '−')
}
