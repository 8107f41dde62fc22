import { countText } from './figure.ts'
import { expected, measured, type Plane, planeFor } from './curve-plane.ts'
import { html, type Html } from './html.ts'
import type { Report } from './report-schema.ts'

type Curve = Report['gaps']['curves'][number]

/**
 * Score against examples, both to be read off the drawing itself: what was measured as dots with their intervals, what is
 * expected as a line in a band, each said beside it.
 */
export function curveChart(curve: Curve): Html {
  const plane = planeFor([...curve.points, ...curve.ahead], { bottom: 88, factor: 100 })
  return html`<figure class="curve">
    <svg role="img" aria-label="${`Score against examples. ${curve.says}`}">
      ${plane.grid} ${expected(curve.ahead, plane, { text: 'expected', at: 1 })}
      ${measured(curve.points, plane)} ${labels(curve, plane)}
    </svg>
  </figure>`
}

function labels({ points, ahead, of }: Curve, { across, bottom }: Plane): Html {
  const named =
    ahead.length > 0
      ? [points[0]!, ...ahead]
      : points.filter((_, index) => index === 0 || index === points.length - 1)
  return html`${named.map(
    ({ examples }) =>
      html`<text x="${across(examples)}%" y="${bottom + 8}%" text-anchor="middle"
        >${countText(examples)}${examples === of && ahead.length > 0 ? ' now' : ''}</text
      >`,
  )}`
}
