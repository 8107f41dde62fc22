import { equivalentChart } from './equivalent-chart.ts'
import { metricText, proseHtml, hasPoints } from './figure.ts'
import { html, type Html } from './html.ts'
import type { Report } from './report-schema.ts'

/** What the synthetic examples were worth in real ones: the mixed arm read off the learning curve without them. */
export function equivalentSection({ equivalents }: Report): Html | null {
  if (equivalents.length === 0) return null
  return html`<section id="worth">
    <h2>Worth in real rows</h2>
    <p class="standfirst">
      The rival was also trained on growing parts of the real rows, other ones in each replicate, and asked
      the held-out rows. How far along that curve must one go, without a single synthetic example, to score
      what the mixture scores? Exploratory: no verdict rests on it.
    </p>
    ${equivalents.map(
      equivalent =>
        html`<article class="panel">
          <h3>${equivalent.task}</h3>
          <p>${proseHtml(equivalent.says)}</p>
          <p>
            <small
              >${metricText(equivalent.metric)}${hasPoints(equivalent.metric) ? ' in points' : ''}, upward;
              real training examples, to the right</small
            >
          </p>
          ${equivalentChart(equivalent)}
        </article>`,
    )}
  </section>`
}
