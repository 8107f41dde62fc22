import { fixed } from './figure.ts'
import { html, type Html } from './html.ts'

/** One amount as it is drawn: scores are fractions, and `error` is what noise may do to the difference to real only. */
export interface DrawnAmount {
  /** Synthetic rows for each real one that are trained on. */
  readonly synthetic: number
  readonly half: boolean
  readonly score: number
  readonly error: number
  readonly chosen: boolean
}

/** The plane of the drawing in per cent of its box; text keeps its size however the box stretches. */
const plane = { left: 7, right: 96, top: 9, bottom: 84 }

/**
 * Score against synthetic rows for each real one, to be read off the drawing itself: real only as a line through the
 * whole, each amount as a dot with a bar of what noise may do, and the chosen one named.
 */
export function searchChart(amounts: readonly DrawnAmount[], says: string): Html {
  const scores = amounts.flatMap(({ score, error }) => [score - error, score + error]).map(each => 100 * each)
  const step = [1, 2, 5, 10, 20].find(each => (Math.max(...scores) - Math.min(...scores)) / each <= 5) ?? 25
  const low = Math.floor(Math.min(...scores) / step) * step
  const high = Math.ceil(Math.max(...scores) / step) * step
  const ticks = Array.from({ length: Math.round((high - low) / step) + 1 }, (_, index) => low + index * step)
  const up = (score: number): number =>
    round(plane.bottom - ((100 * score - low) / (high - low || 1)) * (plane.bottom - plane.top))
  const most = Math.max(...amounts.map(({ synthetic }) => synthetic)) || 1
  // Room between the small amounts, which the large ones would press together on an even axis.
  const across = (synthetic: number): number =>
    round(plane.left + 3 + (Math.log1p(synthetic) / Math.log1p(most)) * (plane.right - plane.left - 6))
  const real = amounts.find(({ synthetic }) => synthetic === 0)
  return html`<figure class="curve">
    <svg role="img" aria-label="${`Score against synthetic rows for each real one. ${says}`}">
      ${ticks.map(tick => gridLine(up(tick / 100), fixed(tick, 0)))}
      ${real === undefined ? null : html`<line class="mark-line" x1="${plane.left}%" x2="${plane.right}%" y1="${up(real.score)}%" y2="${up(real.score)}%" />`}
      ${amounts.map(amount => drawAmount(amount, across(amount.synthetic), up))}
      ${real === undefined ? null : html`<text class="said" x="${across(0)}%" y="${up(real.score)}%" dy="20">real only</text>`}
      ${named(amounts, false, across, up)} ${named(amounts, true, across, up)}
      ${[...new Set(amounts.map(({ synthetic }) => synthetic))].map(
        synthetic =>
          html`<text x="${across(synthetic)}%" y="${plane.bottom + 8}%" text-anchor="middle"
            >${String(synthetic)}</text
          >`,
      )}
    </svg>
  </figure>`
}

function gridLine(height: number, text: string): Html {
  return html`<line
      class="grid-line"
      x1="${plane.left}%"
      x2="${plane.right}%"
      y1="${height}%"
      y2="${height}%"
    />
    <text x="${plane.left - 1}%" y="${height}%" dy="4" text-anchor="end">${text}</text>`
}

function drawAmount(
  { score, error, half, chosen, synthetic }: DrawnAmount,
  place: number,
  up: (score: number) => number,
): Html {
  return html`<g class="${half || synthetic === 0 ? 'without' : 'with'}">
    <line
      class="whisker"
      x1="${place}%"
      x2="${place}%"
      y1="${up(score - error)}%"
      y2="${up(score + error)}%"
    />
    <circle class="dot" cx="${place}%" cy="${up(score)}%" r="${chosen ? 7 : 5}" />
    ${
      chosen
        ? html`<text
            class="said"
            x="${place}%"
            y="${up(score + error)}%"
            dy="-8"
            text-anchor="${anchorAt(place)}"
            >chosen</text
          >`
        : null
    }
  </g>`
}

/** The name of a kind of dot, under the last one of its kind. */
function named(
  amounts: readonly DrawnAmount[],
  half: boolean,
  across: (synthetic: number) => number,
  up: (score: number) => number,
): Html | null {
  const last = amounts.findLast(amount => amount.half === half && amount.synthetic > 0)
  if (last === undefined) return null
  const place = across(last.synthetic)
  return html`<text
    class="said"
    x="${place}%"
    y="${up(last.score - last.error)}%"
    dy="15"
    text-anchor="${anchorAt(place)}"
    >${half ? 'half' : 'all'}</text
  >`
}

function anchorAt(place: number): string {
  return place > 80 ? 'end' : place < 20 ? 'start' : 'middle'
}

function round(percent: number): number {
  return Math.round(percent * 100) / 100
}
