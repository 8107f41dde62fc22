/** Items with the class each was given and the class probabilities of a model that did not see it. */
export interface JudgedLabels {
  /** A whole number below `classes` an item. */
  readonly given: ArrayLike<number>
  /** Row-major items x classes; each row sums to 1. */
  readonly probabilities: ArrayLike<number>
  readonly classes: number
}

/** What the probabilities say of the labels. */
export interface ConfidentJoint {
  /** Mean probability of each class among the items given it: what a confident answer of the class reaches. NaN without. */
  readonly thresholds: readonly number[]
  /** Row-major given x true: items that are confidently of a class. */
  readonly counts: readonly number[]
  /** Row-major given x true: `counts` scaled so that each row sums to the items given that class. */
  readonly calibrated: readonly number[]
  /** Items confidently of another class than the given one, the least likely to be right first. */
  readonly suspects: readonly Suspect[]
}

interface Suspect {
  readonly item: number
  readonly given: number
  readonly suggested: number
  /** Probability of the given class. */
  readonly confidence: number
}

/**
 * Confident learning (Northcutt, Jiang and Chuang 2021, "Confident learning: estimating uncertainty in dataset labels",
 * equation 1 and section 3.1): an item counts as of the most probable of the classes whose thresholds it reaches, and
 * as none where it reaches no threshold. A class has at least one item of its own, so that no row is empty. Suspects are
 * the items off the diagonal whose most probable class is another one, ordered by the probability of the given class.
 */
export function confidentJoint({ given, probabilities, classes }: JudgedLabels): ConfidentJoint {
  const sizes = new Float64Array(classes)
  const sums = new Float64Array(classes)
  for (let item = 0; item < given.length; item++) {
    sizes[given[item]!]! += 1
    sums[given[item]!]! += probabilities[item * classes + given[item]!]!
  }
  const thresholds = Array.from(sums, (sum, label) => sum / sizes[label]!)
  const counts = Array.from({ length: classes * classes }, () => 0)
  const suspects: Suspect[] = []
  for (let item = 0; item < given.length; item++) {
    const own = Array.from({ length: classes }, (_, label) => probabilities[item * classes + label]!)
    const sure = mostProbable(own, label => own[label]! >= thresholds[label]! - 1e-6)
    if (sure === undefined) continue
    const label = given[item]!
    counts[label * classes + sure]! += 1
    if (sure !== label && mostProbable(own, () => true) !== label) {
      suspects.push({ item, given: label, suggested: sure, confidence: own[label]! })
    }
  }
  for (let label = 0; label < classes; label++) {
    counts[label * classes + label] = Math.max(1, counts[label * classes + label]!)
  }
  return {
    thresholds,
    counts,
    calibrated: calibrate(counts, sizes, classes),
    suspects: suspects.toSorted((a, b) => a.confidence - b.confidence || a.item - b.item),
  }
}

function mostProbable(
  probabilities: readonly number[],
  among: (label: number) => boolean,
): number | undefined {
  let best: number | undefined
  for (const label of probabilities.keys()) {
    if (among(label) && (best === undefined || probabilities[label]! > probabilities[best]!)) best = label
  }
  return best
}

function calibrate(counts: readonly number[], sizes: Float64Array, classes: number): readonly number[] {
  return counts.map((count, index) => {
    const row = Math.floor(index / classes)
    let sum = 0
    for (let column = 0; column < classes; column++) sum += counts[row * classes + column]!
    return (count * sizes[row]!) / sum
  })
}
