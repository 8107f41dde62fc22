import { fixed, plural } from './figure.ts'
import { html, type Html } from './html.ts'
import type { Report } from './report-schema.ts'

type Curve = Omit<NonNullable<Report['training']>[number], 'task'>

/** How the losses of a decoder fell in each arm of the first replicate; null where nothing was trained step by step. */
export function trainingSection({ training }: Report): Html | null {
  if (training === undefined || training.length === 0) return null
  const tasks = [...Map.groupBy(training, ({ task }) => task)]
  return html`<section id="training">
    <h2>How the training went</h2>
    <p class="standfirst">
      The loss of a language model, in nats for each token that it learned to tell, against the updates of its
      weights, in the first passage of the loop. The line is the training examples; dots are dev rows, which
      nothing was learned from. A low line says that the examples are known by heart, not that held-out rows
      are answered right.
    </p>
    ${tasks.map(([task, arms]) => {
      const most = Math.max(...arms.flatMap(heights))
      return html`<article class="panel">
        <h3>${task}</h3>
        <div class="pictures">${arms.map(arm => lossPicture(arm, most))}</div>
      </article>`
    })}
  </section>`
}

function heights({ losses, epochs }: Curve): readonly number[] {
  return [...losses.map(({ loss }) => loss), ...epochs.flatMap(({ devLoss }) => devLoss ?? [])]
}

/** The loss of one training against its updates; `most` is the upper end of the axis. */
export function lossPicture({ arm, updates, planned, losses, epochs }: Curve, most: number): Html {
  const across = (update: number): number => 12 + (80 * update) / updates
  const up = (loss: number): number => 84 - (80 * loss) / (most || 1)
  const last = losses.at(-1)!.loss
  const dev = epochs.flatMap(({ devLoss }) => devLoss ?? [])
  const stopped = updates < planned ? `, stopped of ${planned}` : ''
  const says = `${plural(updates, 'update')}${stopped}; loss ${fixed(last, 3)} at the end${
    dev.length === 0 ? '' : `, ${fixed(Math.min(...dev), 3)} on dev rows at best`
  }`
  return html`<figure class="reliability with">
    <figcaption><b>${arm}</b> ${says}</figcaption>
    <svg role="img" aria-label="${`Loss against updates, ${arm}: ${says}`}">
      ${[0, most / 2, most].map(
        tick =>
          html`<line
              class="grid-line"
              x1="12%"
              x2="92%"
              y1="${percent(up(tick))}"
              y2="${percent(up(tick))}"
            />
            <text x="10%" y="${percent(up(tick))}" dy="4" text-anchor="end">${fixed(tick, 1)}</text>`,
      )}
      <svg viewBox="0 0 100 100" preserveAspectRatio="none" width="100%" height="100%">
        <polyline
          class="expected-line"
          points="${losses.map(({ upTo, loss }) => `${fixed(across(upTo), 2)},${fixed(up(loss), 2)}`).join(' ')}"
          vector-effect="non-scaling-stroke"
        />
      </svg>
      ${epochs.map(({ steps, devLoss }) =>
        devLoss === null
          ? null
          : html`<circle class="dot" cx="${percent(across(steps))}" cy="${percent(up(devLoss))}" r="4" />`,
      )}
      <text x="12%" y="93%">0</text>
      <text x="92%" y="93%" text-anchor="end">${plural(updates, 'update')}</text>
    </svg>
  </figure>`
}

function percent(place: number): string {
  return `${fixed(place, 2)}%`
}
