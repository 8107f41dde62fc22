import { differenceText, fixed, intervalText, metricText, plural, scoreText } from './figure.ts'
import type { Report } from './report-schema.ts'

type Calibration = Omit<Report['calibration'][number], 'says'>
type Slices = Omit<Report['slices'][number], 'says'>
type Slice = Slices['tested'][number]

/** Whether mixing made the student overconfident, in a sentence or two. */
export function writeCalibration({ arms, change }: Calibration): string {
  const [mixed, rival] = arms
  const { low, high } = change.interval
  const points = `${differenceText('overconfidence', change.value)} points, 95 % interval ${intervalText('overconfidence', change.interval)}`
  const verdict =
    low > 0
      ? `Mixing made the student surer of itself than it made it right (${points}).`
      : high < 0
        ? `Mixing made the student less sure of itself, against how often it is right (${points}).`
        : `That mixing changed how far the student overrates itself cannot be told from chance (${points}).`
  return `${verdict} With synthetic examples its probability is ${offText(mixed!)}; without them, ${offText(rival!)}.`
}

function offText({ overconfidence: { mean } }: Calibration['arms'][number]): string {
  const points = fixed(100 * Math.abs(mean), 1)
  return `on average ${points} points ${mean < 0 ? 'below' : 'above'} its share of right answers`
}

/** Where the mixture helped and where it hurt, beyond chance. */
export function writeSlices({ metric, tested, small }: Slices): string {
  const counted = small === 0 ? '' : ` ${plural(small, 'slice')} had too few held-out rows to be tested.`
  if (tested.length === 0) return `No slice had enough held-out rows to be tested.${counted}`
  const clear = tested.filter(({ pAdjusted }) => pAdjusted < 0.05)
  const better = clear.filter(({ uplift }) => uplift > 0)
  const worse = clear.filter(({ uplift }) => uplift < 0).toReversed()
  const among = `after Holm over ${plural(tested.length, 'slice')}`
  if (clear.length === 0)
    return `On no slice is the difference in ${metricText(metric)} beyond chance (${among}).${counted}`
  const parts = [
    ...(better.length > 0 ? [`helped most on ${sliceText(metric, better[0]!)}`] : []),
    ...(worse.length > 0 ? [`hurt most on ${sliceText(metric, worse[0]!)}`] : []),
  ]
  const counts = `beyond chance, ${among}, better on ${better.length} and worse on ${worse.length}`
  return `Synthetic examples ${parts.join(' and ')}; ${counts}.${counted}`
}

function sliceText(metric: string, { attribute, value, uplift, rivalScore, armScore }: Slice): string {
  const figures = `${scoreText(metric, rivalScore)} to ${scoreText(metric, armScore)} of ${metricText(metric)}`
  return `${attribute} = ${value} (${differenceText(metric, uplift)}: ${figures})`
}
