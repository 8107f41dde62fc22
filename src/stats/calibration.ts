import { meanOf } from './moments.ts'

/** How sure an answer was, in [0, 1], and whether it was right. */
export interface Judgement {
  readonly confidence: number
  readonly right: boolean
}

/** Answers of about the same confidence. */
export interface CalibrationBin {
  readonly count: number
  /** Mean confidence and share of right answers. */
  readonly confidence: number
  readonly accuracy: number
}

const mostBins = 15
const fewestInBin = 20

/** How many bins so many answers are put in: 15, or fewer so that each holds 20. */
function binCount(answers: number): number {
  return Math.max(1, Math.min(mostBins, Math.floor(answers / fewestInBin)))
}

/** For each answer its bin: all bins hold equally many, in order of confidence (Nguyen and O'Connor 2015). */
function binOf(answers: readonly Judgement[], bins = binCount(answers.length)): Int32Array {
  const order = answers.map((_, index) => index)
  order.sort((a, b) => answers[a]!.confidence - answers[b]!.confidence || a - b)
  const places = new Int32Array(answers.length)
  for (const [rank, index] of order.entries()) places[index] = Math.floor((rank * bins) / answers.length)
  return places
}

export function calibrationBins(answers: readonly Judgement[], bins?: number): readonly CalibrationBin[] {
  const places = binOf(answers, bins)
  const members = [...Map.groupBy(answers.keys(), index => places[index]!)].toSorted(([a], [b]) => a - b)
  return members.map(([, own]) => ({
    count: own.length,
    confidence: meanOf(own.map(index => answers[index]!.confidence)),
    accuracy: meanOf(own.map(index => Number(answers[index]!.right))),
  }))
}

/** Expected calibration error over equal-mass bins: the mean distance of confidence from share right (Naeini et al. 2015). */
export function calibrationError(answers: readonly Judgement[]): number {
  const bins = calibrationBins(answers)
  return bins.reduce(
    (sum, { count, confidence, accuracy }) =>
      sum + (count / answers.length) * Math.abs(confidence - accuracy),
    0,
  )
}

/** The calibration error of all answers but those of each group in turn, in the bins of all. */
export function calibrationErrorWithoutEach(groups: readonly (readonly Judgement[])[]): Float64Array {
  const all = groups.flat()
  const places = binOf(all)
  const sums = new Float64Array(binCount(all.length))
  for (const [index, { confidence, right }] of all.entries())
    sums[places[index]!]! += confidence - Number(right)
  const whole = sums.reduce((sum, value) => sum + Math.abs(value), 0)
  let start = 0
  return Float64Array.from(groups, group => {
    const own = new Map<number, number>()
    for (const [index, { confidence, right }] of group.entries()) {
      const place = places[start + index]!
      own.set(place, (own.get(place) ?? 0) + confidence - Number(right))
    }
    start += group.length
    let error = whole
    for (const [place, value] of own) error += Math.abs(sums[place]! - value) - Math.abs(sums[place]!)
    return error / (all.length - group.length)
  })
}

/**
 * The calibration error that a student whose confidence is right in every bin would show by chance, on average:
 * sqrt(2 / pi) standard deviations of each bin's share. A measured error no larger says nothing against it.
 */
export function calibrationErrorByChance(answers: readonly Judgement[]): number {
  const places = binOf(answers)
  const variances = new Float64Array(binCount(answers.length))
  for (const [index, { confidence }] of answers.entries())
    variances[places[index]!]! += confidence * (1 - confidence)
  const deviations = variances.reduce((sum, variance) => sum + Math.sqrt(variance), 0)
  return (Math.sqrt(2 / Math.PI) * deviations) / answers.length
}

/** Mean squared distance of confidence from right (1) and wrong (0), and what it is made of. */
export interface BrierScore {
  readonly score: number
  /** How far the bins' confidences lie from their shares right; 0 is best. */
  readonly reliability: number
  /** How much the bins' shares right differ; more is better. */
  readonly resolution: number
  /** Variance of right and wrong: what nobody's confidence changes. */
  readonly uncertainty: number
  /** What confidences that differ within a bin add (Stephenson, Coelho and Jolliffe 2008). */
  readonly within: number
}

/** score = reliability - resolution + uncertainty + within, over equal-mass bins (Brier 1950; Murphy 1973). */
export function brierScore(answers: readonly Judgement[]): BrierScore {
  const score = meanOf(answers.map(({ confidence, right }) => (confidence - Number(right)) ** 2))
  const base = meanOf(answers.map(({ right }) => Number(right)))
  const bins = calibrationBins(answers)
  const weighed = (part: (bin: CalibrationBin) => number): number =>
    bins.reduce((sum, bin) => sum + (bin.count / answers.length) * part(bin), 0)
  const reliability = weighed(({ confidence, accuracy }) => (confidence - accuracy) ** 2)
  const resolution = weighed(({ accuracy }) => (accuracy - base) ** 2)
  const uncertainty = base * (1 - base)
  return {
    score,
    reliability,
    resolution,
    uncertainty,
    within: score - reliability + resolution - uncertainty,
  }
}

/** Cost in nats of a probability given to the true answer; 0 counts as 2^-52, as scikit-learn clips it. */
export function logLossOf(probability: number): number {
  return -Math.log(Math.max(Number.EPSILON, probability))
}
