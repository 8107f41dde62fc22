import { countText, plural } from './figure.ts'
import type { Report } from './report-schema.ts'

type Equivalent = Report['equivalents'][number]

/** `These 4,000 synthetic examples were worth 210 real ones (90 to 600).`, or why it cannot be told. */
export function writeEquivalent(
  { synthetic, worth, reach, real }: Pick<Equivalent, 'synthetic' | 'worth' | 'reach' | 'real'>,
  why: string | null,
): string {
  const these = `these ${plural(synthetic, 'synthetic example')}`
  if (worth === null)
    return `What ${these} were worth in real ones cannot be told${why === null ? '' : `: ${why}`}.`
  const { value, low, high } = worth
  const range = `${endText(low, reach)} to ${endText(high, reach)}`
  const beside = `95 % interval ${range}`
  const These = `T${these.slice(1)}`
  if (value >= reach.high && low > 0)
    return `${These} were worth more than ${rounded(reach.high)} real ones, at least ${rounded(low)}: farther than ${farthest(real, reach)} times the ${countText(real)} there are the curve is not drawn.`
  if (value >= reach.high)
    return `What ${these} were worth in real ones cannot be told: anything from ${range}.`
  const chance = low <= 0 && high >= 0 ? ' As zero is among these, it may be nothing.' : ''
  if (value === 0) return `${These} were worth no real ones (${beside}).${chance}`
  if (value > 0) return `${These} were worth ${rounded(value)} real ones (${beside}).${chance}`
  const cost = value <= reach.low ? `more than ${rounded(-reach.low)}` : rounded(-value)
  return `${These} cost the worth of ${cost} real ones (${beside}).${chance}`
}

function endText(value: number, reach: Equivalent['reach']): string {
  if (value >= reach.high) return `more than ${rounded(reach.high)}`
  if (value <= reach.low) return `less than ${rounded(reach.low)}`
  return rounded(value)
}

function farthest(real: number, { high }: Equivalent['reach']): string {
  return countText(Math.round(high / real) + 1)
}

/** To two digits: nobody knows a third. */
function rounded(count: number): string {
  return Number(count.toPrecision(2)).toLocaleString('en-US').replace('-', '−')
}
