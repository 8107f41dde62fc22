import { html, type Html } from './html.ts'

/** A table of more rows folds away behind its title. */
const shownRows = 30

/** A table that may be wider than the page: it scrolls in its own box, and its caption stays in view. */
export function scrollTable(table: {
  readonly title: string
  readonly note?: Html | string
  readonly className?: 'pinned' | 'heat pinned'
  /** The cells of the head's one row, and the rows of the body. */
  readonly head: Html | readonly Html[]
  readonly rows: readonly Html[]
}): Html {
  const box = html`<div class="scroll" tabindex="0" role="region" aria-label="${table.title}">
    <table class="${table.className ?? ''}">
      <caption>
        <span><b>${table.title}</b>${table.note ?? null}</span>
      </caption>
      <thead>
        <tr>
          ${table.head}
        </tr>
      </thead>
      <tbody>
        ${table.rows}
      </tbody>
    </table>
  </div>`
  return table.rows.length > shownRows
    ? html`<details>
        <summary>${table.title}: ${table.rows.length} rows</summary>
        ${box}
      </details>`
    : box
}

/** The heads of columns of figures. */
export function numberHeads(texts: readonly string[]): readonly Html[] {
  return texts.map(text => html`<th scope="col" class="number">${text}</th>`)
}

/** A line of prose under a row of figures, over all `columns`. */
export function proseRow(text: Html, columns: number): Html {
  return html`<tr class="prose">
    <td colspan="${columns}"><small>${text}</small></td>
  </tr>`
}
