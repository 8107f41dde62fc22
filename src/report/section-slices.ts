import {
  differenceText,
  intervalText,
  metricText,
  plural,
  probabilityText,
  proseHtml,
  scaleOf,
} from './figure.ts'
import { html, type Html } from './html.ts'
import type { Report } from './report-schema.ts'
import { axisRow, dotAndInterval, gridLines, scaleFor, type Scale, track, verticalLine } from './track.ts'

type TaskSlices = Report['slices'][number]
type Slice = TaskSlices['tested'][number]

/** With three slices more than twice this, those in the middle fold away. */
const shownEnd = 8

/** Where the mixture helped and where it hurt, on parts of the held-out rows. */
export function slicesSection({ slices }: Report): Html | null {
  if (slices.length === 0) return null
  return html`<section id="slices">
    <h2>Where it helped and where it hurt</h2>
    <p class="standfirst">
      The same comparison on parts of the held-out rows: every label, and every value of an attribute.
      Exploratory, and corrected for the number of slices.
    </p>
    ${slices.map(
      each =>
        html`<article class="panel">
          <h3>${each.task}</h3>
          <p>${proseHtml(each.says)}</p>
          ${charts(each)}
        </article>`,
    )}
  </section>`
}

function charts(slices: TaskSlices): Html | null {
  const { tested } = slices
  if (tested.length === 0) return null
  const folded = tested.length > 2 * shownEnd + 3
  const shown = folded ? [...tested.slice(0, shownEnd), ...tested.slice(-shownEnd)] : tested
  const rest = folded ? tested.slice(shownEnd, -shownEnd) : []
  return html`${chart(slices, shown)}${
    rest.length > 0
      ? html`<details>
          <summary>${plural(rest.length, 'slice')} between</summary>
          ${chart(slices, rest)}
        </details>`
      : null
  }`
}

function chart({ metric, arm, rival }: TaskSlices, slices: readonly Slice[]): Html {
  const factor = scaleOf(metric)
  const scale = scaleFor(
    slices.flatMap(({ interval }) => [interval.low * factor, interval.high * factor]).concat(0),
  )
  return html`<table class="chart">
    <caption>
      <b>${metricText(metric)}: ${arm} less ${rival}</b
      >Right of zero the mixture is better; lines are 95&nbsp;% intervals of the slice alone. Bold and
      coloured: beyond chance after Holm.
    </caption>
    <tbody>
      ${slices.map(slice => row(slice, { metric, scale, factor }))} ${axisRow(scale, '', true)}
    </tbody>
  </table>`
}

function row(
  slice: Slice,
  { metric, scale, factor }: { metric: string; scale: Scale; factor: number },
): Html {
  const { attribute, value, items, uplift, interval, pAdjusted } = slice
  const kind = pAdjusted >= 0.05 ? '' : uplift > 0 ? 'strong with' : 'strong worse'
  const drawn = {
    value: uplift * factor,
    interval: { low: interval.low * factor, high: interval.high * factor },
  }
  return html`<tr class="${kind}">
    <th scope="row">
      ${attribute} = ${value}
      <small>${plural(items, 'row')}, p ${pAdjusted < 0.001 ? '' : '= '}${probabilityText(pAdjusted)}</small>
    </th>
    <td class="figures">
      <b>${differenceText(metric, uplift)}</b><small>${intervalText(metric, interval)}</small>
    </td>
    <td class="track">
      ${track(gridLines(scale), verticalLine('zero-line', scale, 0), dotAndInterval(scale, drawn))}
    </td>
  </tr>`
}
