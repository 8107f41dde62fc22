/** Markup that needs no more escaping. */
export interface Html {
  readonly markup: string
}

type Part = Html | string | number | null | false | readonly Part[]

/** Text as it may stand in markup, between tags and within quoted attributes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

/** Template tag: whatever is put in is escaped unless it is markup already. `null` and `false` put in nothing. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return {
    markup: strings.reduce((markup, string, index) => markup + markupOf(parts[index - 1] ?? null) + string),
  }
}

function markupOf(part: Part): string {
  if (part === null || part === false) return ''
  if (typeof part === 'string') return escapeHtml(part)
  if (typeof part === 'number') return String(part)
  if ('markup' in part) return part.markup
  return part.map(markupOf).join('')
}
