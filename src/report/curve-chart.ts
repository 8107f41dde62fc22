import { countText, fixed } from './figure.ts'
import { html, type Html } from './html.ts'
import type { Report } from './report-schema.ts'

type Curve = Report['gaps']['curves'][number]
type Point = Curve['points'][number]

/** The plane of the drawing in per cent of its box; text keeps its size however the box stretches. */
const plane = { left: 7, right: 97, top: 6, bottom: 88 }

/**
 * Score against examples, both to be read off the drawing itself: what was measured as dots with their intervals, what is
 * expected as a line in a band, each said beside it. Examples stand at even ratios; a power law is nearly straight there.
 */
export function curveChart(curve: Curve): Html {
  const all = [...curve.points, ...curve.ahead]
  const across = acrossFor(all.map(({ examples }) => examples))
  const scores = all.flatMap(({ interval }) => [interval.low, interval.high]).map(score => 100 * score)
  const step = [1, 2, 5, 10, 20].find(each => (Math.max(...scores) - Math.min(...scores)) / each <= 5) ?? 25
  const low = Math.floor(Math.min(...scores) / step) * step
  const high = Math.ceil(Math.max(...scores) / step) * step
  const up = (score: number): number =>
    round(plane.bottom - ((100 * score - low) / (high - low || 1)) * (plane.bottom - plane.top))
  const ticks = Array.from({ length: Math.round((high - low) / step) + 1 }, (_, index) => low + index * step)
  return html`<figure class="curve">
    <svg role="img" aria-label="${`Score against examples. ${curve.says}`}">
      ${ticks.map(
        tick =>
          html`<line
              class="grid-line"
              x1="${plane.left}%"
              x2="${plane.right}%"
              y1="${up(tick / 100)}%"
              y2="${up(tick / 100)}%"
            />
            <text x="${plane.left - 1}%" y="${up(tick / 100)}%" dy="4" text-anchor="end"
              >${fixed(tick, 0)}</text
            >`,
      )}
      ${expected(curve.ahead, across, up)} ${measured(curve.points, across, up)} ${labels(curve, across)}
    </svg>
  </figure>`
}

function acrossFor(sizes: readonly number[]): (examples: number) => number {
  const first = Math.log(Math.min(...sizes))
  const span = Math.log(Math.max(...sizes)) - first || 1
  const inset = 4
  return examples =>
    round(plane.left + inset + ((Math.log(examples) - first) / span) * (plane.right - plane.left - 2 * inset))
}

function measured(
  points: readonly Point[],
  across: (examples: number) => number,
  up: (score: number) => number,
): Html {
  const middle = points[Math.floor((points.length - 1) / 2)]
  return html`<g class="without"
      >${points.map(
        ({ examples, score, interval }) =>
          html`<line
              class="whisker"
              x1="${across(examples)}%"
              x2="${across(examples)}%"
              y1="${up(interval.low)}%"
              y2="${up(interval.high)}%"
            />
            <circle class="dot" cx="${across(examples)}%" cy="${up(score)}%" r="5" />`,
      )}</g
    >${
      middle
        ? html`<text
            class="said"
            x="${across(middle.examples)}%"
            y="${up(middle.interval.low)}%"
            dy="16"
            text-anchor="middle"
            >measured</text
          >`
        : null
    }`
}

function expected(
  points: readonly Point[],
  across: (examples: number) => number,
  up: (score: number) => number,
): Html | null {
  if (points.length < 2) return null
  const at = (point: Point, score: number): string => `${across(point.examples)},${up(score)}`
  const outline = [
    ...points.map(point => at(point, point.interval.high)),
    ...points.toReversed().map(point => at(point, point.interval.low)),
  ]
  const second = points[1]!
  return html`<svg viewBox="0 0 100 100" preserveAspectRatio="none" width="100%" height="100%">
      <polygon class="expected" points="${outline.join(' ')}" />
      <polyline
        class="expected-line"
        points="${points.map(point => at(point, point.score)).join(' ')}"
        vector-effect="non-scaling-stroke"
      />
    </svg>
    <text
      class="said"
      x="${across(second.examples)}%"
      y="${up(second.interval.low)}%"
      dy="18"
      text-anchor="middle"
      >expected</text
    >`
}

function labels({ points, ahead, of }: Curve, across: (examples: number) => number): Html {
  const named =
    ahead.length > 0
      ? [points[0]!, ...ahead]
      : points.filter((_, index) => index === 0 || index === points.length - 1)
  return html`${named.map(
    ({ examples }) =>
      html`<text x="${across(examples)}%" y="${plane.bottom + 8}%" text-anchor="middle"
        >${countText(examples)}${examples === of && ahead.length > 0 ? ' now' : ''}</text
      >`,
  )}`
}

function round(percent: number): number {
  return Math.round(percent * 100) / 100
}
