import { countText, metricText, plural, proseHtml } from './figure.ts'
import { html, type Html } from './html.ts'
import type { Report } from './report-schema.ts'
import { numberHeads, scrollTable } from './table.ts'

/** Where the rows came from, how they were parted, and which wordings each part uses. */
export function dataSection(report: Report): Html {
  const { data } = report
  const { split } = data
  return html`<section id="data">
    <h2>Data and tasks</h2>
    <p class="standfirst">
      ${
        data.seal
          ? html`${plural(data.seal.rows, 'real row')} ${data.seal.rows === 1 ? 'was' : 'were'} sealed before
            anything was made. This is look ${data.seal.look} at
            ${data.seal.look === 1 ? 'that seal; every further look makes the answer a little less strict' : 'that seal: each look after the first makes the answer less strict'}.`
          : 'There were too few real rows to seal a test set. Every real row was held out in turn instead, and the whole loop was refitted without it.'
      }
    </p>
    <dl class="terms">
      <div>
        <dt>Real examples to train on</dt>
        <dd><b>${countText(split.train)}</b> rows</dd>
      </div>
      <div>
        <dt>Kept for choices (dev)</dt>
        <dd><b>${countText(split.dev)}</b> rows</dd>
      </div>
      <div>
        <dt>Only to fit synthesizers on</dt>
        <dd><b>${countText(split.fit)}</b> rows</dd>
      </div>
      <div>
        <dt>Sealed test</dt>
        <dd><b>${countText(split.test)}</b> rows</dd>
      </div>
      <div>
        <dt>Groups that are never parted</dt>
        <dd><b>${countText(data.groups)}</b></dd>
      </div>
      ${
        data.seal
          ? html`<div>
              <dt>Seal</dt>
              <dd><code>${data.seal.hash.slice(0, 16)}</code>, look <b>${data.seal.look}</b></dd>
            </div>`
          : null
      }
    </dl>
    ${sourcesTable(data.sources)}
    <h3>Tasks</h3>
    ${report.tasks.map(taskPanel)}
  </section>`
}

const uses = { train: 'training', fit: 'fitting only', test: 'sealed test' } as const

function sourcesTable(sources: Report['data']['sources']): Html {
  return scrollTable({
    title: 'Sources',
    className: 'pinned',
    head: html`<th scope="col">Source</th>
      ${numberHeads(['Rows'])}
      <th scope="col">Used for</th>
      <th scope="col">Who may see it</th>
      <th scope="col">Columns never read</th>`,
    rows: sources.map(
      source =>
        html`<tr>
          <th scope="row">
            ${source.name}<small><code>${source.file}</code></small>
          </th>
          <td class="number">
            ${countText(source.rows)}${
              source.setAside === undefined
                ? null
                : html`<small
                    >${countText(source.setAside)} could not be read and
                    ${source.setAside === 1 ? 'was' : 'were'} set aside</small
                  >`
            }
          </td>
          <td>${uses[source.use]}</td>
          <td>${source.share === 'local' ? 'stays on this machine' : 'anyone'}</td>
          <td>${source.dropped.length > 0 ? source.dropped.join(', ') : 'none'}</td>
        </tr>`,
    ),
  })
}

function taskPanel(task: Report['tasks'][number]): Html {
  return html`<article class="panel compact">
    <div class="panel-head">
      <h3>${task.name}</h3>
      <small>${task.kind}, measured by ${metricText(task.metric)}</small>${
        task.skipped === null
          ? html`<span class="badge note">answered by ${task.student ?? 'no student'}</span>`
          : html`<span class="badge note">skipped</span>`
      }
    </div>
    ${task.skipped === null ? null : html`<p>Skipped: ${proseHtml(task.skipped)}</p>`} ${wordings(task)}
  </article>`
}

function wordings({ trainWordings, heldOutWordings }: Report['tasks'][number]): Html {
  if (trainWordings.length + heldOutWordings.length === 0)
    return html`<p class="small">Conversations as they are: no wordings of ours.</p>`
  const held = heldOutWordings.length
  return html`<details>
    <summary>
      ${plural(trainWordings.length, 'wording')} to train with, ${held === 0 ? 'none' : countText(held)} held
      out for the test
    </summary>
    <p class="small">To train with</p>
    ${wordingList(trainWordings)}
    ${
      held === 0
        ? null
        : html`<p class="small">
              Held out: no generator and no training set has seen ${held === 1 ? 'it' : 'them'}
            </p>
            ${wordingList(heldOutWordings)}`
    }
  </details>`
}

function wordingList(texts: readonly string[]): Html {
  return html`<ul class="plain-list">
    ${texts.map(text => html`<li><code>${text}</code></li>`)}
  </ul>`
}
