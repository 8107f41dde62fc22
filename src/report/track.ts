import { html, type Html } from './html.ts'
import { fixed } from './figure.ts'

/**
 * Drawings that stretch: an SVG without a view box whose horizontal places are per cents of its width, so that
 * text and dots keep their size on a phone, a desk and paper.
 */

/** A straight axis. Places on it are per cents of the track's width. */
export interface Scale {
  readonly ticks: readonly number[]
  readonly decimals: number
  place(value: number): number
}

/** Free space on either side of the axis, in per cent, so that the outermost dots are not cut. */
const margin = 3

/** An axis that holds all values, ending on round numbers. Throws RangeError where there is no finite one. */
export function scaleFor(values: readonly number[], bounds: { low?: number; high?: number } = {}): Scale {
  const finite = values.filter(value => Number.isFinite(value))
  if (finite.length === 0) throw new RangeError('scaleFor: no finite value')
  const lowest = Math.min(...finite)
  const highest = Math.max(...finite)
  const step = niceStep((highest - lowest || Math.abs(highest) || 1) / 5)
  const low = Math.max(Math.floor(lowest / step) * step, bounds.low ?? -Infinity)
  const high = Math.min(Math.ceil(highest / step) * step, bounds.high ?? Infinity)
  const span = high - low || step
  const count = Math.floor(span / step + 1e-9)
  return {
    ticks: Array.from({ length: count + 1 }, (_, index) => low + index * step),
    decimals: Math.max(0, -Math.floor(Math.log10(step) + 1e-9)),
    place: value => round(margin + ((value - low) / span) * (100 - 2 * margin)),
  }
}

/** The least of 1, 2, 5 times a power of ten that is at least `least`. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least))
  return (([1, 2, 5, 10].find(factor => factor * power >= least * (1 - 1e-9)) ?? 10) as number) * power
}

function round(percent: number): number {
  return Math.round(percent * 100) / 100
}

export function gridLines(scale: Scale): Html {
  return html`${scale.ticks.map(tick => vertical('grid-line', scale.place(tick)))}`
}

export function verticalLine(
  className: 'zero-line' | 'mark-line' | 'target',
  scale: Scale,
  value: number,
): Html {
  return vertical(className, scale.place(value))
}

function vertical(className: string, place: number): Html {
  return html`<line class="${className}" x1="${place}%" x2="${place}%" y1="0" y2="100%" />`
}

/** A filled stretch of the axis over the track's whole height. */
export function band(className: string, scale: Scale, range: { low: number; high: number }): Html {
  const start = scale.place(range.low)
  const width = round(scale.place(range.high) - start)
  return html`<rect class="${className}" x="${start}%" width="${width}%" y="0" height="100%" />`
}

/** A dot with its interval. `shape` tells kinds apart without colour; `height` is in per cent from the top. */
export function dotAndInterval(
  scale: Scale,
  figure: { value: number; interval: { readonly low: number; readonly high: number } | null },
  look: { readonly shape?: 'round' | 'square'; readonly height?: number } = {},
): Html {
  const height = look.height ?? 50
  const at = scale.place(figure.value)
  const whisker = figure.interval
    ? html`<line
        class="whisker"
        x1="${scale.place(figure.interval.low)}%"
        x2="${scale.place(figure.interval.high)}%"
        y1="${height}%"
        y2="${height}%"
      />`
    : null
  const dot =
    look.shape !== 'square'
      ? html`<circle class="dot" cx="${at}%" cy="${height}%" r="6" />`
      : html`<svg class="shape" x="${at}%" y="${height}%" width="1" height="1" overflow="visible">
          <rect class="dot" x="-5" y="-5" width="10" height="10" />
        </svg>`
  return html`${whisker}${dot}`
}

/** A drawing whose figures stand beside it as text. */
export function track(...content: readonly Html[]): Html {
  return html`<svg aria-hidden="true">${content}</svg>`
}

/** The last row of a chart: the axis with its round numbers. */
export function axisRow(scale: Scale, unit = '', signed = false): Html {
  const labels = scale.ticks.map(tick => {
    const sign = signed && tick > 1e-9 ? '+' : ''
    return html`<text x="${scale.place(tick)}%" y="15" text-anchor="middle"
      >${sign}${fixed(tick, scale.decimals)}${unit}</text
    >`
  })
  return html`<tr class="axis" aria-hidden="true">
    <td class="track"><svg>${labels}</svg></td>
  </tr>`
}

/** Stretches laid end to end, as shares of the whole width; what is left stays empty. */
export function stackedBar(parts: readonly { readonly className: string; readonly share: number }[]): Html {
  let start = 0
  const rects = parts
    .filter(part => part.share > 0)
    .map(part => {
      const rect = html`<rect
        class="${part.className}"
        x="${round(start * 100)}%"
        width="${round(part.share * 100)}%"
        y="0"
        height="100%"
      />`
      start += part.share
      return rect
    })
  return html`<svg aria-hidden="true">
    <rect class="bar-back" width="100%" height="100%" />
    ${rects}
  </svg>`
}
