import { expected, measured, type Plane, planeFor, type Point } from './curve-plane.ts'
import { countText, scaleOf, scoreText } from './figure.ts'
import { html, type Html } from './html.ts'
import type { Report } from './report-schema.ts'

type Equivalent = Report['equivalents'][number]

/**
 * The curve without synthetic examples, the mixture's score as a line across it, and where they meet read off downwards:
 * that many real examples would have done as much. All is said in the drawing itself.
 */
export function equivalentChart(equivalent: Equivalent): Html {
  const { points, law, real, metric, says } = equivalent
  const mixed: Point = { examples: real, score: equivalent.armScore, interval: equivalent.armInterval }
  const plane = planeFor([...points, ...law, mixed], { bottom: 80, factor: scaleOf(metric) })
  return html`<figure class="curve worth">
    <svg role="img" aria-label="${says}">
      ${plane.grid} ${expected(law, plane, null)} ${measured(points, plane, 'real examples alone')}
      ${mixedLine(equivalent, plane)} ${readOff(equivalent, plane)} ${sizes(equivalent, plane)}
    </svg>
  </figure>`
}

function mixedLine({ armScore, armInterval, synthetic, real, metric }: Equivalent, plane: Plane): Html {
  const height = plane.up(armScore)
  const at = plane.across(real)
  return html`<line class="level" x1="${plane.left}%" x2="${plane.right}%" y1="${height}%" y2="${height}%" />
    <g class="with">
      <line
        class="whisker"
        x1="${at}%"
        x2="${at}%"
        y1="${plane.up(armInterval.low)}%"
        y2="${plane.up(armInterval.high)}%"
      />
      <circle class="dot" cx="${at}%" cy="${height}%" r="6" />
    </g>
    <text class="said with" x="${plane.left + 1}%" y="${height}%" dy="-9"
      >with ${countText(synthetic)} synthetic: ${scoreText(metric, armScore)}</text
    >`
}

/** Down from where the curve has the mixture's score; where it lies beyond the drawing, nothing. */
function readOff({ worth, reach, real, armScore }: Equivalent, plane: Plane): Html | null {
  if (worth === null || worth.value >= reach.high || worth.value <= reach.low) return null
  const at = plane.across(real + worth.value)
  const [low, high] = [worth.low, worth.high].map(each => plane.across(real + each))
  const anchor = at > 70 ? 'end' : at < 30 ? 'start' : 'middle'
  return html`<line class="level" x1="${at}%" x2="${at}%" y1="${plane.up(armScore)}%" y2="${plane.bottom}%" />
    <line class="span" x1="${low!}%" x2="${high!}%" y1="${plane.bottom}%" y2="${plane.bottom}%" />
    <circle class="span-dot" cx="${at}%" cy="${plane.bottom}%" r="5" />
    <text class="said with" x="${at}%" y="${plane.bottom + 17}%" text-anchor="${anchor}"
      >as good as ${countText(real + worth.value)} real examples</text
    >`
}

function sizes({ points, law, real }: Equivalent, { across, bottom }: Plane): Html {
  const first = points[0]!.examples
  const last = law.at(-1)?.examples
  const named = [
    ...(first < real ? [[first, countText(first)] as const] : []),
    [real, `${countText(real)} there are`] as const,
    ...(last === undefined ? [] : [[last, countText(last)] as const]),
  ]
  return html`${named.map(
    ([size, text]) =>
      html`<text x="${across(size)}%" y="${bottom + 8}%" text-anchor="${across(size) > 80 ? 'end' : 'middle'}"
        >${text}</text
      >`,
  )}`
}
