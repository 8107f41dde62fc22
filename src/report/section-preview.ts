import {
  hasPoints,
  intervalText,
  metricText,
  plural,
  proseHtml,
  scaleOf,
  scoreText,
  shareText,
} from './figure.ts'
import { html, type Html } from './html.ts'
import type { Report } from './report-schema.ts'
import { lossPicture } from './section-training.ts'
import { numberHeads, scrollTable } from './table.ts'
import { axisRow, dotAndInterval, gridLines, scaleFor, track, verticalLine } from './track.ts'

type Preview = NonNullable<Report['preview']>
type Task = Preview['tasks'][number]
type Interval = NonNullable<Task['arms'][number]['figures'][number]['interval']>

/** A decoder beside the student, plainly marked as a preview; null where there is none. */
export function previewSection({ preview }: Report): Html | null {
  if (preview === undefined) return null
  const little = preview.full
    ? 'It is no part of the verdict.'
    : 'Few seeds and few rows: it is no part of the verdict, and no verdict of its own.'
  const most = Math.max(...preview.training.flatMap(({ losses }) => losses.map(({ loss }) => loss)))
  return html`<section id="preview">
    <h2>Preview: a language model on the same arms</h2>
    <p class="standfirst">
      ${proseHtml(preview.says)} ${little} Its looks at the sealed rows are not counted.
    </p>
    ${preview.tasks.map(taskPanel)}
    ${
      preview.training.length === 0
        ? null
        : html`<article class="panel">
            <h3>How it was trained</h3>
            <p>
              One model an arm, for all tasks at once. The loss in nats for each token of an answer, in the
              first seed.
            </p>
            <div class="pictures">${preview.training.map(arm => lossPicture(arm, most))}</div>
          </article>`
    }
  </section>`
}

function taskPanel(task: Task): Html {
  return html`<article class="panel">
    <div class="panel-head">
      <h3>${task.task}</h3>
      <span class="small">preview, exploratory</span>
    </div>
    <p>${proseHtml(task.says)}</p>
    ${scoreChart(task)} ${otherScores(task)}
  </article>`
}

function scoreChart({ metric, items, floor, arms }: Task): Html {
  const factor = scaleOf(metric)
  const rows = arms.map(({ arm, figures }) => ({ arm, score: figures[0]! }))
  const values = rows.flatMap(({ score: { mean, interval } }) => [
    mean,
    interval?.low ?? mean,
    interval?.high ?? mean,
  ])
  const bounds = hasPoints(metric) ? { low: 0, high: 100 } : {}
  const scale = scaleFor(
    [0, floor, ...values].map(value => value * factor),
    bounds,
  )
  return html`<table class="chart">
    <caption>
      <b>${metricText(metric)} on ${plural(items, 'held-out example')}</b
      >${hasPoints(metric) ? 'Points of a hundred' : 'In the unit of the answer'}, with 95&nbsp;% intervals.
      The line is the commonest answer, given to everyone.
    </caption>
    <tbody>
      ${rows.map(
        ({ arm, score: { mean, sd, interval } }) =>
          html`<tr class="${arm === 'real' ? 'without' : 'with'}">
            <th scope="row">${arm}</th>
            <td class="figures">
              <b>${scoreText(metric, mean)}</b> ±
              ${scoreText(metric, sd)}${interval && html`<small>${intervalText(metric, interval)}</small>`}
            </td>
            <td class="track">
              ${track(
                gridLines(scale),
                verticalLine('target', scale, floor * factor),
                dotAndInterval(
                  scale,
                  { value: mean * factor, interval: interval && drawn(metric, interval) },
                  { shape: arm === 'real' ? 'square' : 'round' },
                ),
              )}
            </td>
          </tr>`,
      )}
      ${axisRow(scale)}
    </tbody>
  </table>`
}

/** An interval as far as the axis goes: that of a share may reach beyond what a share can be. */
function drawn(metric: string, { low, high }: Interval): Interval {
  if (!hasPoints(metric)) return { low, high }
  return { low: 100 * Math.max(0, low), high: 100 * Math.min(1, high) }
}

function otherScores({ task, arms }: Task): Html | null {
  const metrics = arms[0]?.figures.slice(1).map(({ metric }) => metric) ?? []
  const unparsed = arms.some(arm => arm.unparsed > 0)
  if (metrics.length === 0 && !unparsed) return null
  return scrollTable({
    title: `Other figures of ${task}`,
    note: 'Means over the seeds; answers that could not be read count as wrong.',
    className: 'pinned',
    head: html`<th scope="col">Arm</th>
      ${numberHeads([...metrics.map(metricText), ...(unparsed ? ['Not read'] : [])])}`,
    rows: arms.map(
      arm =>
        html`<tr>
          <th scope="row">${arm.arm}</th>
          ${arm.figures.slice(1).map(({ metric, mean }) => html`<td class="number">${scoreText(metric, mean)}</td>`)}
          ${unparsed ? html`<td class="number">${shareText(arm.unparsed)}</td>` : null}
        </tr>`,
    ),
  })
}
