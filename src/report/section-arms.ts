import {
  countText,
  differenceText,
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
import { numberHeads, proseRow, scrollTable } from './table.ts'
import { axisRow, dotAndInterval, gridLines, scaleFor, track } from './track.ts'

type Score = Report['arms'][number]['tasks'][number]['scores'][string]

/** Every training set that was compared, what it holds, and its scores on the same held-out rows. */
export function armsSection(report: Report): Html {
  return html`<section id="arms">
    <h2>Every arm</h2>
    <p class="standfirst">
      Arms are training sets for the same student, scored on the same held-out real rows. Apart from the
      confirmatory comparison above, read them as exploration.
    </p>
    ${composition(report)}
    ${report.tasks.filter(task => task.skipped === null).map(task => scoreCharts(report, task))}
    ${exploratoryTable(report.exploratory)}
  </section>`
}

function composition({ arms, tasks }: Report): Html {
  const learned = tasks.filter(task => task.skipped === null).map(({ name }) => name)
  const others = tasks.length - learned.length
  const rest =
    others === 0 ? '' : ` The files of a mixture hold those of ${plural(others, 'other task')} too.`
  return scrollTable({
    title: 'What each arm holds',
    note:
      learned.length === 0
        ? 'Examples over all tasks.'
        : `Examples that the student learned from, over ${learned.length === 1 ? `the task ${learned[0]}` : `the tasks ${learned.join(', ')}`}.${rest}`,
    className: 'pinned',
    head: html`<th scope="col">Arm</th>
      ${numberHeads(['Real', 'Synthetic', 'All'])}`,
    rows: arms.map(
      arm =>
        html`<tr>
            <th scope="row">${arm.name}</th>
            <td class="number">${countText(arm.real)}</td>
            <td class="number">${countText(arm.synthetic)}</td>
            <td class="number">${countText(arm.examples)}</td>
          </tr>
          ${proseRow(html`${proseHtml(arm.description)}${arm.classWeights === 'balanced' ? ' Balanced class weights.' : ''}`, 4)}`,
    ),
  })
}

function scoreCharts(report: Report, task: Report['tasks'][number]): Html {
  const measured = report.arms.flatMap(arm => arm.tasks.filter(entry => entry.task === task.name))
  const names = [...new Set(measured.flatMap(entry => Object.keys(entry.scores)))]
  const others = names.filter(name => name !== task.metric)
  return html`<h3>${task.name}</h3>
    ${names.includes(task.metric) ? scoreChart(report, task, task.metric) : null}
    ${others.length > 0 ? otherScores(report, task.name, others) : null} ${unparsedNote(report, task.name)}`
}

function otherScores(report: Report, task: string, metrics: readonly string[]): Html {
  const measured = report.arms.flatMap(arm =>
    arm.tasks.filter(entry => entry.task === task).map(entry => ({ name: arm.name, scores: entry.scores })),
  )
  return scrollTable({
    title: `Other metrics of ${task}`,
    note: html`With 95&nbsp;% intervals; ± is the standard deviation over repeats.`,
    className: 'pinned',
    head: html`<th scope="col">Arm</th>
      ${numberHeads(metrics.map(metricText))}`,
    rows: measured.map(
      ({ name, scores }) =>
        html`<tr>
          <th scope="row">${name}</th>
          ${metrics.map(metric => {
            const score = scores[metric]
            return html`<td class="number">${score === undefined ? '–' : scoreFigures(metric, score)}</td>`
          })}
        </tr>`,
    ),
  })
}

function scoreFigures(metric: string, score: Score): Html {
  return html`<b>${scoreText(metric, score.mean)}</b> ±
    ${scoreText(metric, score.sd)}${
      score.interval ? html`<small>${intervalText(metric, score.interval)}</small>` : null
    }`
}

function scoreChart(report: Report, task: Report['tasks'][number], metric: string): Html {
  const rows = report.arms.flatMap(arm => {
    const score = arm.tasks.find(entry => entry.task === task.name)?.scores[metric]
    return score === undefined ? [] : [{ arm, score }]
  })
  const factor = scaleOf(metric)
  const bounds = hasPoints(metric) ? { low: 0, high: 100 } : {}
  const scale = scaleFor(
    rows
      .flatMap(({ score }) => [
        score.mean,
        score.interval?.low ?? score.mean,
        score.interval?.high ?? score.mean,
      ])
      .map(value => value * factor),
    bounds,
  )
  const uplift = report.uplift.find(comparison => comparison.task === task.name)
  return html`<table class="chart">
    <caption>
      <b>${capital(metricText(metric))}, the primary metric</b
      >${hasPoints(metric) ? 'Points of a hundred' : 'In the unit of the answer'}, with 95&nbsp;% intervals; ±
      is the standard deviation over repeats.
    </caption>
    <tbody>
      ${rows.map(({ arm, score }) => {
        const role = arm.name === uplift?.arm ? 'with' : arm.name === uplift?.rival ? 'without' : 'other'
        return html`<tr class="${role}${role === 'other' ? '' : ' strong'}">
          <th scope="row">
            ${arm.name}${role === 'with' ? html` <small>with synthetic</small>` : role === 'without' ? html` <small>the rival</small>` : null}
          </th>
          <td class="figures">${scoreFigures(metric, score)}</td>
          <td class="track">
            ${track(gridLines(scale), dotAndInterval(scale, scaled(score, factor), { shape: role === 'without' ? 'square' : 'round' }))}
          </td>
        </tr>`
      })}
      ${axisRow(scale)}
    </tbody>
  </table>`
}

function scaled(
  score: Score,
  factor: number,
): { value: number; interval: { low: number; high: number } | null } {
  const { interval } = score
  return {
    value: score.mean * factor,
    interval: interval && { low: interval.low * factor, high: interval.high * factor },
  }
}

function unparsedNote(report: Report, task: string): Html {
  const unparsed = report.arms.flatMap(arm =>
    arm.tasks
      .filter(entry => entry.task === task && entry.unparsed > 0)
      .map(entry => ({ arm, share: entry.unparsed })),
  )
  if (unparsed.length === 0) return html`<p class="small">Every answer of every arm could be read.</p>`
  return html`<p class="small">
    Answers that could not be read, and so count as wrong:
    ${unparsed.map(({ arm, share }) => `${arm.name} ${shareText(share)}`).join(', ')}.
  </p>`
}

function exploratoryTable(comparisons: Report['exploratory']): Html | null {
  if (comparisons.length === 0) return null
  const table = scrollTable({
    title: 'Exploratory comparisons',
    note: 'Looked at because they are there, and not corrected for their number.',
    head: html`<th scope="col">Task</th>
      <th scope="col">Arm</th>
      <th scope="col">Against</th>
      <th scope="col">Metric</th>
      ${numberHeads(['Difference', '95\u00a0% interval'])}`,
    rows: comparisons.map(
      ({ task, arm, rival, metric, value, interval }) =>
        html`<tr>
          <td>${task}</td>
          <td>${arm}</td>
          <td>${rival}</td>
          <td>${metricText(metric)}</td>
          <td class="number">${differenceText(metric, value)}</td>
          <td class="number">${intervalText(metric, interval)}</td>
        </tr>`,
    ),
  })
  return html`<details>
    <summary>${plural(comparisons.length, 'exploratory comparison')} in figures</summary>
    ${table}
  </details>`
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}
