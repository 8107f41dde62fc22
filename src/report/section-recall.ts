import { differenceText, fixed, intervalText, plural } from './figure.ts'
import { html, type Html } from './html.ts'
import type { Report } from './report-schema.ts'
import { numberHeads, scrollTable } from './table.ts'
import { axisRow, dotAndInterval, gridLines, scaleFor, track } from './track.ts'

type Recall = Report['arms'][number]['tasks'][number]['recall'][number]

/** More classes than this are drawn only where they changed most; the table has all. */
const drawnClasses = 12

/** Of the held-out real rows of each class, how many each arm found. */
export function recallSection(report: Report): Html | null {
  const tasks = report.tasks.filter(task => report.arms.some(arm => recallOf(arm, task.name).length > 0))
  if (tasks.length === 0) return null
  return html`<section id="recall">
    <h2>Class by class</h2>
    <p class="standfirst">
      Recall: of the held-out real rows of a class, the share that was found. A small class has a wide
      interval, however good the average looks.
    </p>
    ${tasks.map(task => taskRecall(report, task.name))}
  </section>`
}

function recallOf(arm: Report['arms'][number], task: string): readonly Recall[] {
  return arm.tasks.find(entry => entry.task === task)?.recall ?? []
}

function taskRecall(report: Report, task: string): Html {
  return html`<h3>${task}</h3>
    ${dumbbells(report, task)}${recallTable(report, task)}`
}

function dumbbells(report: Report, task: string): Html | null {
  const uplift = report.uplift.find(comparison => comparison.task === task)
  const arm = report.arms.find(({ name }) => name === uplift?.arm)
  const rival = report.arms.find(({ name }) => name === uplift?.rival)
  if (arm === undefined || rival === undefined) return null
  const before = new Map(recallOf(rival, task).map(entry => [entry.label, entry]))
  const all = recallOf(arm, task).flatMap(after => {
    const matching = before.get(after.label)
    return matching === undefined ? [] : [{ after, before: matching }]
  })
  const most = new Set(
    all
      .toSorted(
        (a, b) => Math.abs(b.after.recall - b.before.recall) - Math.abs(a.after.recall - a.before.recall),
      )
      .slice(0, drawnClasses),
  )
  const drawn = all.filter(entry => most.has(entry))
  if (drawn.length === 0) return null
  const scale = scaleFor([0, 100])
  return html`<table class="chart double">
      <caption>
        <b>Recall with and without synthetic examples</b
        >${
          all.length > drawn.length
            ? `The ${drawn.length} of ${plural(all.length, 'class', 'classes')} that changed most. `
            : ''
        }Per
        cent of the held-out real rows of each class; lines are 95&nbsp;% intervals.
      </caption>
      <tbody>
        ${drawn.map(
          ({ after, before }) =>
            html`<tr>
              <th scope="row">${after.label} <small>${plural(after.support, 'real row')}</small></th>
              <td class="figures">
                ${percent(before.recall)} → <b>${percent(after.recall)}</b
                ><small>${differenceText('recall', after.recall - before.recall)}</small>
              </td>
              <td class="track">
                ${track(
                  gridLines(scale),
                  html`<g class="without"
                    >${dotAndInterval(scale, figure(before), { shape: 'square', height: 32 })}</g
                  >`,
                  html`<g class="with">${dotAndInterval(scale, figure(after), { height: 68 })}</g>`,
                )}
              </td>
            </tr>`,
        )}
        ${axisRow(scale, '\u00a0%')}
      </tbody>
    </table>
    <ul class="legend">
      <li>
        <svg aria-hidden="true">
          <g class="with"><circle class="dot" cx="50%" cy="50%" r="6" /></g></svg
        >${arm.name}, with synthetic
      </li>
      <li>
        <svg aria-hidden="true">
          <g class="without"><rect class="dot" x="6" y="2" width="10" height="10" /></g></svg
        >${rival.name}, the rival
      </li>
    </ul>`
}

function figure(entry: Recall): { value: number; interval: { low: number; high: number } | null } {
  const { interval } = entry
  return {
    value: entry.recall * 100,
    interval: interval && { low: interval.low * 100, high: interval.high * 100 },
  }
}

function recallTable(report: Report, task: string): Html {
  const arms = report.arms.filter(arm => recallOf(arm, task).length > 0)
  const supports = new Map(
    arms.flatMap(arm => recallOf(arm, task).map(entry => [entry.label, entry.support] as const)),
  )
  const labels = [...supports.keys()]
  const cell = (arm: Report['arms'][number], label: string): Html => {
    const entry = recallOf(arm, task).find(other => other.label === label)
    if (entry === undefined) return html`<td class="number">–</td>`
    return html`<td class="number">
      <b>${percent(entry.recall)}</b
      >${entry.interval ? html`<small>${intervalText('recall', entry.interval)}</small>` : null}
    </td>`
  }
  const labelHead = (label: string): Html =>
    html`${label}<small>${plural(supports.get(label)!, 'real row')}</small>`
  const byArm = labels.length <= arms.length
  return scrollTable({
    title: `Recall of every arm, ${task}`,
    note: html`Per cent, with the 95&nbsp;% interval where there is one.`,
    className: 'pinned',
    head: byArm
      ? html`<th scope="col">Arm</th>
          ${labels.map(label => html`<th scope="col" class="number">${labelHead(label)}</th>`)}`
      : html`<th scope="col">Class</th>
          ${numberHeads(arms.map(arm => arm.name))}`,
    rows: byArm
      ? arms.map(
          arm =>
            html`<tr>
              <th scope="row">${arm.name}</th>
              ${labels.map(label => cell(arm, label))}
            </tr>`,
        )
      : labels.map(
          label =>
            html`<tr>
              <th scope="row">${labelHead(label)}</th>
              ${arms.map(arm => cell(arm, label))}
            </tr>`,
        ),
  })
}

function percent(share: number): string {
  return fixed(100 * share, 1)
}
