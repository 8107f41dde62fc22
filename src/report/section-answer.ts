import { plural, proseHtml } from './figure.ts'
import { html, type Html } from './html.ts'
import type { Report } from './report-schema.ts'

type Verdict = Report['uplift'][number]['verdict']

const words: Readonly<Record<Verdict, string>> = {
  helps: 'helps',
  'no-evidence': 'no evidence',
  hurts: 'hurts',
}
const glyphs: Readonly<Record<Verdict, Html>> = {
  helps: html`<path d="M5 0 10 10H0Z" fill="currentColor" />`,
  'no-evidence': html`<circle cx="5" cy="5" r="4" fill="none" stroke="currentColor" stroke-width="2" />`,
  hurts: html`<path d="M5 10 0 0h10Z" fill="currentColor" />`,
}

/** A verdict in a word, a shape and a colour. */
export function verdictBadge(verdict: Verdict, before = ''): Html {
  return html`<span class="badge ${verdict}"
    ><svg viewBox="0 0 10 10" aria-hidden="true">${glyphs[verdict]}</svg>${before}${words[verdict]}</span
  >`
}

/** Name, circumstances and the answer in three sentences. */
export function answerSection(report: Report): Html {
  const { answer, project, data, uplift } = report
  return html`<header class="masthead">
      <p class="kicker">tilth report</p>
      <h1>${project.name}</h1>
      <ul class="facts-line">
        <li>${report.regime === 'sealed' ? html`<b>Sealed</b> regime` : html`<b>Scarce</b> regime`}</li>
        ${data.seal ? html`<li><b>Look ${data.seal.look}</b> at this seal</li>` : html`<li>no sealed test</li>`}
        <li><b>${plural(data.split.train, 'real example')}</b></li>
        <li>seed <b>${project.seed}</b></li>
      </ul>
    </header>
    <dl class="answer" id="answer">
      <div>
        <dt>What is missing</dt>
        <dd>${proseHtml(answer.missing)}</dd>
      </div>
      <div class="main">
        <dt>Did synthetic examples help?</dt>
        <dd>${proseHtml(answer.helped)}</dd>
        ${badges(uplift)}
      </div>
      <div>
        <dt>What to collect next</dt>
        <dd>${proseHtml(answer.next)}</dd>
      </div>
    </dl>`
}

function badges(uplift: Report['uplift']): Html | null {
  if (uplift.length === 0) return null
  return html`<dd>
    <ul class="badges">
      ${uplift.map(({ task, verdict }) => html`<li>${verdictBadge(verdict, `${task}: `)}</li>`)}
    </ul>
  </dd>`
}
