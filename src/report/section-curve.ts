import { curveChart } from './curve-chart.ts'
import { cellText, countText, metricText, plural, proseHtml, shareText } from './figure.ts'
import { html, type Html } from './html.ts'
import type { Report } from './report-schema.ts'
import { numberHeads, scrollTable } from './table.ts'
import { axisRow, dotAndInterval, gridLines, scaleFor, track } from './track.ts'

type Curve = Report['gaps']['curves'][number]
type Slice = Curve['slices'][number]

const shownSlices = 6

/** What more examples would bring, where the student errs, and which labels it doubts: by training rows alone. */
export function curveSection({ gaps }: Report): Html | null {
  if (gaps.curves.length === 0) return null
  return html`<section id="curve">
    <h2>What more examples would bring</h2>
    <p class="standfirst">
      The student was trained on growing parts of the real training rows and asked about others of them. No
      dev or test row had a part in it.
    </p>
    ${gaps.curves.map(taskCurve)}
  </section>`
}

function taskCurve(curve: Curve): Html {
  const { task, metric, points, says, examples, of } = curve
  const part = examples < of ? ` Measured on ${countText(examples)} of the ${countText(of)} rows.` : ''
  return html`<article class="panel">
    <h3>${task}</h3>
    <p>${proseHtml(`${says}${part}`)}</p>
    ${
      points.length > 0
        ? html`<p><small>${metricText(metric)} in points, upward; training examples, to the right</small></p>
            ${curveChart(curve)}`
        : null
    }
    ${slicesChart(curve)} ${labelsTable(curve)}
  </article>`
}

function slicesChart({ slices }: Curve): Html | null {
  if (slices.length === 0) return null
  const scale = scaleFor([0, 100])
  const chart = (shown: readonly Slice[], title: string): Html =>
    html`<table class="chart">
      <caption>
        <b>${title}</b
        >Share of the examples of a kind that were answered wrong by students that had not seen them; the line
        is where it lies 95 times in 100.
      </caption>
      <tbody>
        ${shown.map(
          slice =>
            html`<tr class="${slice.clear ? 'worse' : ''}">
              <th scope="row">
                ${cellText(slice.cell)} <small>${plural(slice.count, 'real example')}</small>
              </th>
              <td class="figures">
                <b>${shareText(slice.error)} wrong</b><small>make about ${countText(slice.need)} more</small>
              </td>
              <td class="track">
                ${track(
                  gridLines(scale),
                  dotAndInterval(scale, {
                    value: 100 * slice.error,
                    interval: { low: 100 * slice.interval.low, high: 100 * slice.interval.high },
                  }),
                )}
              </td>
              <td class="under"><small>${proseHtml(`${slice.why}.`)}</small></td>
            </tr>`,
        )}
        ${axisRow(scale, '\u00a0%')}
      </tbody>
    </table>`
  const clear = slices.some(slice => slice.clear)
  const rest = slices.slice(shownSlices)
  return html`${chart(slices.slice(0, shownSlices), clear ? 'Where it errs most' : 'Where it errs most, though that may be chance')}${
    rest.length > 0
      ? html`<details>
          <summary>${plural(rest.length, 'more kind')}</summary>
          ${chart(rest, 'The next ones')}
        </details>`
      : null
  }`
}

function labelsTable({ labels, task }: Curve): Html | null {
  if (labels === null) return null
  if (labels.suspects.length === 0) {
    const hidden =
      labels.disputed > 0 ? ` ${plural(labels.disputed, 'row')} that may not leave the machine aside.` : ''
    return html`<p>
      <small>No label of the ${plural(labels.examples, 'weighed example')} is in doubt.${hidden}</small>
    </p>`
  }
  return scrollTable({
    title: 'Labels to look at again',
    note: `The other examples speak against ${plural(labels.disputed, 'label')} of ${task} among ${countText(labels.examples)}. A person decides: rare and hard examples look like this too.`,
    head: html`<th scope="col">Row</th>
      <th scope="col">Given</th>
      <th scope="col">Suggested</th>
      ${numberHeads(['Chance that the given one is right'])}`,
    rows: labels.suspects.map(
      ({ row, given, suggested, confidence }) =>
        html`<tr>
          <th scope="row">${row}</th>
          <td>${given}</td>
          <td>${suggested}</td>
          <td class="number">${shareText(confidence)}</td>
        </tr>`,
    ),
  })
}
