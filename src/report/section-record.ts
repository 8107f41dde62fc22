import { plural, proseHtml } from './figure.ts'
import { html, type Html } from './html.ts'
import type { Report } from './report-schema.ts'
import { scrollTable } from './table.ts'

/** What to keep in mind, and what it takes to make the same again. */
export function recordSection({ project, artifacts, notes }: Report): Html {
  return html`<section id="record">
    <h2>Notes and record</h2>
    ${
      notes.length > 0
        ? html`<ul class="plain-list">
            ${notes.map(note => html`<li>${proseHtml(note)}</li>`)}
          </ul>`
        : html`<p class="standfirst">No notes.</p>`
    }
    <dl class="terms">
      <div>
        <dt>Project</dt>
        <dd>${project.name}</dd>
      </div>
      <div>
        <dt>Seed</dt>
        <dd>${project.seed}</dd>
      </div>
      <div class="wide">
        <dt>Hash of the project</dt>
        <dd><code>${project.hash}</code></dd>
      </div>
    </dl>
    ${
      artifacts.length > 0
        ? html`<details>
            <summary>${plural(artifacts.length, 'artifact')}</summary>
            ${scrollTable({
              title: 'Artifacts',
              note: 'What the run made. The same project and seed make the same bytes.',
              head: html`<th scope="col">Path</th>
                <th scope="col">SHA-256</th>`,
              rows: artifacts.map(
                ({ path, hash }) =>
                  html`<tr>
                    <td><code>${path}</code></td>
                    <td><code>${hash.slice(0, 16)}</code></td>
                  </tr>`,
              ),
            })}
          </details>`
        : null
    }
  </section>`
}
