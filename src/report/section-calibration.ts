import { differenceText, fixed, intervalText, proseHtml } from './figure.ts'
import { html, type Html } from './html.ts'
import type { Report } from './report-schema.ts'
import { numberHeads, scrollTable } from './table.ts'

type Calibration = Report['calibration'][number]
type ArmCalibration = Calibration['arms'][number]

/** Whether the student's probabilities are to be believed, and whether mixing changed that. */
export function calibrationSection({ calibration }: Report): Html | null {
  if (calibration.length === 0) return null
  return html`<section id="calibration">
    <h2>How far its probabilities can be believed</h2>
    <p class="standfirst">
      Of the answers a student gives with a probability of 80&nbsp;%, four in five should be right. Below the
      line it is surer than it is right.
    </p>
    ${calibration.map(
      each =>
        html`<article class="panel">
          <h3>${each.task}</h3>
          <p>${proseHtml(each.says)}</p>
          <div class="pictures">
            ${each.arms.slice(0, 2).map((arm, index) => picture(arm, index === 0 ? 'with' : 'without'))}
          </div>
          ${figures(each)}
        </article>`,
    )}
  </section>`
}

const place = (share: number): string => fixed(12 + 80 * share, 2)
const rise = (share: number): string => fixed(84 - 80 * share, 2)

/** Probability to the right, share of right answers upward: on the line they agree. */
function picture({ arm, bins }: ArmCalibration, kind: 'with' | 'without'): Html {
  const ticks = [0, 0.5, 1]
  return html`<figure class="reliability ${kind}">
    <figcaption><b>${arm}</b> ${kind === 'with' ? 'with synthetic examples' : 'the rival'}</figcaption>
    <svg role="img" aria-label="${`Share of right answers against probability, ${arm}`}">
      ${ticks.map(
        tick =>
          html`<line class="grid-line" x1="12%" x2="92%" y1="${rise(tick)}%" y2="${rise(tick)}%" />
            <text x="10%" y="${rise(tick)}%" dy="4" text-anchor="end">${100 * tick}</text>
            <text x="${place(tick)}%" y="93%" text-anchor="middle">${100 * tick}</text>`,
      )}
      <line class="mark-line" x1="${place(0)}%" y1="${rise(0)}%" x2="${place(1)}%" y2="${rise(1)}%" />
      <text x="12%" y="1%">right, %</text>
      <text x="92%" y="99%" text-anchor="end">probability, %</text>
      ${bins.map(
        ({ confidence, accuracy }) =>
          html`<circle class="dot" cx="${place(confidence)}%" cy="${rise(accuracy)}%" r="5" />`,
      )}
    </svg>
  </figure>`
}

const cell = (score: ArmCalibration['brier'], factor: number, signed = false): Html =>
  html`<td class="number">
    <b>${signed ? differenceText('share', score.mean) : fixed(factor * score.mean, factor === 1 ? 3 : 1)}</b
    >${
      score.interval === null
        ? null
        : html`<small
            >${factor === 1 ? `${fixed(score.interval.low, 3)} to ${fixed(score.interval.high, 3)}` : intervalText('share', score.interval)}</small
          >`
    }
  </td>`

function partsText({ byChance, brierParts }: ArmCalibration): string {
  const { reliability, resolution, uncertainty, within } = brierParts
  const parts = [reliability, resolution, uncertainty, within].map(part => fixed(part, 3))
  return `Calibration error by chance alone ${fixed(100 * byChance, 1)}; Brier’s score: reliability ${parts[0]}, resolution ${parts[1]}, uncertainty ${parts[2]}, within bins ${parts[3]}`
}

function figures({ arms }: Calibration): Html {
  const table = scrollTable({
    title: 'Calibration of every arm',
    className: 'pinned',
    head: html`<th scope="col">Arm</th>
      ${numberHeads(['Surer than right', 'Calibration error', 'Brier', 'Log loss'])}`,
    rows: arms.map(
      each =>
        html`<tr>
            <th scope="row">${each.arm}</th>
            ${cell(each.overconfidence, 100, true)} ${cell(each.error, 100)} ${cell(each.brier, 1)}
            ${cell(each.logLoss, 1)}
          </tr>
          <tr class="prose">
            <td colspan="5"><small>${partsText(each)}</small></td>
          </tr>`,
    ),
  })
  return html`${table}
    <p>
      <small
        >Points of a hundred, but for Brier’s score and the log loss, of which less is better; 95&nbsp;%
        intervals. Calibration error: over 15 bins of equal mass, or fewer of at least 20 answers; below it
        what chance alone would make of it. Brier’s score is reliability less resolution plus uncertainty plus
        what varies within bins.</small
      >
    </p>`
}
