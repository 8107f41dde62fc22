import {
  differenceText,
  hasPoints,
  intervalText,
  metricText,
  plural,
  probabilityText,
  proseHtml,
  scaleOf,
  scoreText,
  unitText,
} from './figure.ts'
import { html, type Html } from './html.ts'
import type { Report } from './report-schema.ts'
import { roomFor } from './room.ts'
import { verdictBadge } from './section-answer.ts'
import {
  axisRow,
  band,
  dotAndInterval,
  gridLines,
  scaleFor,
  track,
  verticalLine,
  type Scale,
} from './track.ts'

type Uplift = Report['uplift'][number]
type Comparison = Report['exploratory'][number]

/** For each task the one comparison the verdict rests on, with the exploratory ones beneath it. */
export function upliftSection(report: Report): Html {
  const skipped = report.tasks.filter(task => task.skipped !== null)
  return html`<section id="uplift">
    <h2>Uplift and how sure it is</h2>
    <p class="standfirst">
      Uplift is the score with synthetic examples minus the score of the better of the trainings on real
      examples alone, both on
      ${
        report.regime === 'sealed'
          ? 'real rows that were sealed before anything was made'
          : 'real rows held out in turn, with everything refitted in each fold'
      }.
      One comparison a task was named beforehand and decides; all others are exploratory.
    </p>
    ${report.uplift.map(comparison =>
      panel(
        comparison,
        report.exploratory.filter(other => other.task === comparison.task),
      ),
    )}
    ${report.uplift.length === 0 ? html`<p>No task was compared.</p>` : null}
    ${
      skipped.length > 0
        ? html`<h3>Tasks without an answer</h3>
            <ul class="plain-list">
              ${skipped.map(task => html`<li><b>${task.name}</b> (${task.kind}): ${proseHtml(task.skipped ?? '')}</li>`)}
            </ul>`
        : null
    }
  </section>`
}

function panel(uplift: Uplift, others: readonly Comparison[]): Html {
  const { metric } = uplift
  return html`<article class="panel">
    <div class="panel-head">
      <h3>${uplift.task}</h3>
      ${verdictBadge(uplift.verdict)}<small>confirmatory</small>
    </div>
    <p class="big">
      ${differenceText(metric, uplift.value)}<span
        >${unitText(metric, uplift.value)} of ${metricText(metric)},
        <span class="unbroken">95&nbsp;% interval ${intervalText(metric, uplift.interval)}</span></span
      >
    </p>
    ${forest(uplift, others)} ${terms(uplift)} ${cautions(uplift.cautions)}
  </article>`
}

function forest(uplift: Uplift, others: readonly Comparison[]): Html {
  const { metric, worth } = uplift
  const factor = scaleOf(metric)
  const smallest = uplift.smallestDetectable.after ?? uplift.smallestDetectable.before
  const detectable =
    smallest === null || roomFor(metric, uplift.rivalScore, smallest) === 'none' ? null : smallest
  const drawn = others.filter(other => other.metric === metric)
  const values = [uplift, ...drawn].flatMap(({ interval, value }) => [interval.low, interval.high, value])
  const scale = scaleFor([...values, 0, worth, -worth, detectable ?? 0].map(value => value * factor))
  const back = [
    band('worth-band', scale, { low: -worth * factor, high: worth * factor }),
    gridLines(scale),
    ...(detectable === null ? [] : [verticalLine('mark-line', scale, detectable * factor)]),
    verticalLine('zero-line', scale, 0),
  ]
  const kind = { helps: 'with', 'no-evidence': 'without', hurts: 'worse' }[uplift.verdict]
  return html`<table class="chart">
      <caption>
        Differences in ${metricText(metric)}${hasPoints(metric) ? ', points' : ''}. Right of zero, the
        first-named is better.
      </caption>
      <tbody>
        ${row(uplift, { scale, back, kind: `strong ${kind}` })}
        ${
          drawn.length > 0
            ? html`<tr class="label">
                <th scope="rowgroup">Exploratory</th>
              </tr>`
            : null
        }
        ${drawn.map(other => row(other, { scale, back, kind: '' }))} ${axisRow(scale, '', true)}
      </tbody>
    </table>
    ${legend(uplift, detectable)}`
}

function row(
  comparison: Pick<Comparison, 'arm' | 'rival' | 'metric' | 'value' | 'interval'>,
  drawing: { scale: Scale; back: readonly Html[]; kind: string },
): Html {
  const { metric, value, interval } = comparison
  const factor = scaleOf(metric)
  const figure = {
    value: value * factor,
    interval: { low: interval.low * factor, high: interval.high * factor },
  }
  return html`<tr class="${drawing.kind}">
    <th scope="row">${comparison.arm} <small>against ${comparison.rival}</small></th>
    <td class="figures">
      <b>${differenceText(metric, value)}</b><small>${intervalText(metric, interval)}</small>
    </td>
    <td class="track">${track(...drawing.back, dotAndInterval(drawing.scale, figure))}</td>
  </tr>`
}

function legend({ metric, worth }: Uplift, detectable: number | null): Html {
  const unit = (value: number): string => (hasPoints(metric) ? ` ${unitText(metric, value)}` : '')
  return html`<ul class="legend">
    <li>
      <svg aria-hidden="true"><line class="zero-line" x1="50%" x2="50%" y1="0" y2="100%" /></svg>no difference
    </li>
    <li>
      <svg aria-hidden="true"><rect class="worth-band" width="100%" height="100%" stroke="var(--line)" /></svg
      >less than is worth it (${scoreText(metric, worth)}${unit(worth)})
    </li>
    ${
      detectable === null
        ? null
        : html`<li>
            <svg aria-hidden="true"><line class="mark-line" x1="50%" x2="50%" y1="0" y2="100%" /></svg
            >smallest effect these data could show (${scoreText(metric, detectable)}${unit(detectable)})
          </li>`
    }
  </ul>`
}

function terms(uplift: Uplift): Html {
  const { metric, smallestDetectable: smallest } = uplift
  const score = (value: number | null): string =>
    value === null
      ? 'not known'
      : roomFor(metric, uplift.rivalScore, value) === 'none'
        ? 'none: not even the largest possible one'
        : `${scoreText(metric, value)}${hasPoints(metric) ? ` ${unitText(metric, value)}` : ''}`
  return html`<dl class="terms">
    <div>
      <dt>With synthetic examples: ${uplift.arm}</dt>
      <dd><b>${scoreText(metric, uplift.armScore)}</b> ${metricText(metric)}</dd>
    </div>
    <div>
      <dt>Without, the rival: ${uplift.rival}</dt>
      <dd><b>${scoreText(metric, uplift.rivalScore)}</b> ${metricText(metric)}</dd>
    </div>
    <div>
      <dt>Smallest effect the data could show</dt>
      <dd>
        <b>${score(smallest.after)}</b> as measured;
        ${smallest.before === null ? 'it could not be foretold before the run' : `foreseen before the run: ${score(smallest.before)}`}
      </dd>
    </div>
    <div>
      <dt>Worth the trouble from</dt>
      <dd><b>${score(uplift.worth)}</b>${collectText(uplift)}</dd>
    </div>
    <div>
      <dt>Chance of as much without any effect</dt>
      <dd>
        p = <b>${probabilityText(uplift.pAdjusted)}</b> after Holm over the tasks
        (${probabilityText(uplift.p)} alone)
      </dd>
    </div>
    <div>
      <dt>Measured on</dt>
      <dd>
        ${plural(uplift.items, 'held-out real example')}; each arm was trained
        ${plural(uplift.replicates, 'time')}
      </dd>
    </div>
    <div class="prose">
      <dt>Why this rival</dt>
      <dd>${proseHtml(uplift.whyRival)}</dd>
    </div>
    <div class="prose">
      <dt>Method</dt>
      <dd>${proseHtml(uplift.method)}</dd>
    </div>
  </dl>`
}

function collectText({ rowsToCollect, replicatesToRun, smallestDetectable, worth }: Uplift): Html | null {
  const parts = [
    rowsToCollect ? html`label <b>${plural(rowsToCollect, 'more row')}</b>` : null,
    replicatesToRun === null ? null : html`train <b>${plural(replicatesToRun, 'time')}</b>`,
  ].filter(part => part !== null)
  if (parts.length > 0) return html`; to show it, ${parts[0]!}${parts[1] ? html` and ${parts[1]}` : null}`
  const suffices = smallestDetectable.after !== null && smallestDetectable.after <= worth
  return suffices ? html`; the data suffice to show it` : null
}

function cautions(items: readonly string[]): Html | null {
  if (items.length === 0) return null
  return html`<div class="callout">
    <strong>Read with care</strong>
    <ul class="plain-list">
      ${items.map(item => html`<li>${proseHtml(item)}</li>`)}
    </ul>
  </div>`
}
