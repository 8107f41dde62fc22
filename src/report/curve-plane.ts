import { fixed } from './figure.ts'
import { html, type Html } from './html.ts'
import type { Report } from './report-schema.ts'

export type Point = Report['gaps']['curves'][number]['points'][number]

/** Where a score and a number of examples lie in the drawing, in per cent of its box; text keeps its size however it stretches. */
export interface Plane {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
  across(examples: number): number
  up(score: number): number
  /** Horizontal lines at round scores, with their figures. */
  readonly grid: Html
}

const edges = { left: 7, right: 97, top: 6 }

/**
 * A plane that holds all points. Scores are multiplied by `factor` in their figures. Examples stand at even ratios: a power
 * law is nearly straight there.
 */
export function planeFor(
  points: readonly Point[],
  { bottom, factor }: { readonly bottom: number; readonly factor: number },
): Plane {
  const plane = { ...edges, bottom }
  const scores = points.flatMap(({ interval }) => [interval.low, interval.high]).map(score => factor * score)
  const span = Math.max(...scores) - Math.min(...scores)
  const power = 10 ** Math.floor(Math.log10(span / 5 || 1))
  const step = [1, 2, 5, 10].map(each => each * power).find(each => span / each <= 5) ?? 10 * power
  const low = Math.floor(Math.min(...scores) / step) * step
  const high = Math.ceil(Math.max(...scores) / step) * step
  const up = (score: number): number =>
    round(bottom - ((factor * score - low) / (high - low || 1)) * (bottom - plane.top))
  const ticks = Array.from({ length: Math.round((high - low) / step) + 1 }, (_, index) => low + index * step)
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9))
  return {
    ...plane,
    across: acrossFor(points.map(({ examples }) => examples)),
    up,
    grid: html`${ticks.map(
      tick =>
        html`<line
            class="grid-line"
            x1="${plane.left}%"
            x2="${plane.right}%"
            y1="${up(tick / factor)}%"
            y2="${up(tick / factor)}%"
          />
          <text x="${plane.left - 1}%" y="${up(tick / factor)}%" dy="4" text-anchor="end"
            >${fixed(tick, decimals)}</text
          >`,
    )}`,
  }
}

function acrossFor(sizes: readonly number[]): (examples: number) => number {
  const first = Math.log(Math.min(...sizes))
  const span = Math.log(Math.max(...sizes)) - first || 1
  const inset = 4
  return examples =>
    round(edges.left + inset + ((Math.log(examples) - first) / span) * (edges.right - edges.left - 2 * inset))
}

/** Dots with their intervals, and beside the middle one what they are. */
export function measured(
  points: readonly Point[],
  { across, up }: Pick<Plane, 'across' | 'up'>,
  said = 'measured',
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
            text-anchor="${said === 'measured' ? 'middle' : 'start'}"
            >${said}</text
          >`
        : null
    }`
}

/** A line in its band, and at one of its points what it is. */
export function expected(
  points: readonly Point[],
  { across, up }: Pick<Plane, 'across' | 'up'>,
  said: { readonly text: string; readonly at: number } | null,
): Html | null {
  if (points.length < 2) return null
  const at = (point: Point, score: number): string => `${across(point.examples)},${up(score)}`
  const outline = [
    ...points.map(point => at(point, point.interval.high)),
    ...points.toReversed().map(point => at(point, point.interval.low)),
  ]
  const named = said === null ? undefined : points[said.at]
  return html`<svg viewBox="0 0 100 100" preserveAspectRatio="none" width="100%" height="100%">
      <polygon class="expected" points="${outline.join(' ')}" />
      <polyline
        class="expected-line"
        points="${points.map(point => at(point, point.score)).join(' ')}"
        vector-effect="non-scaling-stroke"
      />
    </svg>
    ${
      said !== null && named !== undefined
        ? html`<text
            class="said"
            x="${across(named.examples)}%"
            y="${up(named.interval.low)}%"
            dy="18"
            text-anchor="middle"
            >${said.text}</text
          >`
        : null
    }`
}

function round(percent: number): number {
  return Math.round(percent * 100) / 100
}
