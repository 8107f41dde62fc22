/** A column as trees split on it: `codes[row]` is a bin below `bins`; bin 0 holds missing values. */
export interface Predictor {
  readonly codes: Uint8Array
  readonly bins: number
  /** Bins in the order of their numbers, split at a threshold; otherwise split into any two sets. */
  readonly ordered: boolean
  /** Fewest rows on either side of a split on it. */
  readonly leaf: number
}

/**
 * What a tree predicts: a class of `width`, or a point of `width` coordinates.
 * `codes[row]` is the class, or the number of the point in `points` (row-major).
 */
export interface Target {
  readonly width: number
  readonly codes: Int32Array
  readonly points?: Float64Array
}

export interface Split {
  readonly predictor: number
  /** 1 where the bin goes left. */
  readonly left: Uint8Array
}

/** Buffers that the search for splits uses again at every node. */
export interface SplitSearch {
  readonly predictors: readonly Predictor[]
  readonly target: Target
  readonly counts: Int32Array
  readonly sums: Float64Array
  readonly present: Int32Array
  readonly keys: Float64Array
  readonly total: Float64Array
  readonly left: Float64Array
  readonly right: Float64Array
  /** n log n for every number of rows. */
  readonly logs: Float64Array
  readonly scale: Float64Array
  readonly direction: Float64Array
}

const MAXIMUM_BINS = 256
/**
 * How many standard deviations above what noise gains on average a split must gain to be taken. Below it a split follows
 * noise: it adds copying, not fidelity.
 */
const LEAST_GAIN = 2
/** Steps of the power method: enough to order by. */
const POWER_STEPS = 5
/**
 * What the best of many sets gains on noise for every bin more, in the same units. With equal bins and two classes it is
 * (E|z|)² = 2/π; half of that does best in bench/records-census.ts.
 */
const GAIN_OF_A_BIN = 1 / Math.PI

export function createSplitSearch(predictors: readonly Predictor[], target: Target): SplitSearch {
  return {
    predictors,
    target,
    counts: new Int32Array(MAXIMUM_BINS),
    sums: new Float64Array(MAXIMUM_BINS * target.width),
    present: new Int32Array(MAXIMUM_BINS),
    keys: new Float64Array(MAXIMUM_BINS),
    total: new Float64Array(target.width),
    left: new Float64Array(target.width),
    right: new Float64Array(target.width),
    logs: Float64Array.from({ length: target.codes.length + 1 }, (_, n) => (n === 0 ? 0 : n * Math.log(n))),
    scale: new Float64Array(target.width),
    direction: new Float64Array(target.width),
  }
}

/**
 * The split of `index[start..end)` that gains most, or undefined where none is better than noise. Gain is the likelihood
 * ratio 2 Σ n log(n/e) for classes, which sees rare ones too, and for points the fall of the summed variance. Unordered
 * bins are put in the order of the first principal component of their means (Coppersmith, Hong and Hosking 1999), which
 * for two classes is exact (Breiman et al. 1984).
 */
export function findSplit(
  search: SplitSearch,
  index: Uint32Array,
  start: number,
  end: number,
): Split | undefined {
  const size = end - start
  const noise = sumTotal(search, index, start, end)
  if (noise === undefined) return undefined
  const base = scoreOf(search, search.total, size)
  let best: Split | undefined
  let bestGain = noise.mean + LEAST_GAIN * noise.deviation
  for (const [number, predictor] of search.predictors.entries()) {
    const present = sumBins(search, predictor, index, start, end)
    if (present < 2) continue
    if (predictor.ordered) search.present.subarray(0, present).sort()
    else orderBins(search, present, size)
    const cut = bestCut(search, { present, size, leaf: predictor.leaf })
    if (cut.position < 0) continue
    const penalty = predictor.ordered ? 0 : GAIN_OF_A_BIN * (present - 2) * noise.unit
    const gain = cut.score - base - penalty
    if (gain <= bestGain) continue
    bestGain = gain
    best = { predictor: number, left: leftBins(search, predictor, cut, present) }
  }
  return best
}

/** What a split of noise gains, and for one coordinate of unit variance. */
interface Noise {
  readonly mean: number
  readonly deviation: number
  readonly unit: number
}

/** Sums the target over the node; returns what noise gains in it, or undefined where all its rows are alike. */
function sumTotal(
  { target, total }: SplitSearch,
  index: Uint32Array,
  start: number,
  end: number,
): Noise | undefined {
  const { width, codes, points } = target
  total.fill(0)
  let squares = 0
  for (let position = start; position < end; position++) {
    const code = codes[index[position]!]!
    if (points === undefined) {
      total[code]!++
      continue
    }
    for (let coordinate = 0; coordinate < width; coordinate++) {
      const value = points[code * width + coordinate]!
      total[coordinate]! += value
      squares += value * value
    }
  }
  const size = end - start
  if (points === undefined) {
    let degrees = -1
    for (const count of total) if (count > 0) degrees++
    return degrees > 0 ? { mean: degrees, deviation: Math.sqrt(2 * degrees), unit: 1 } : undefined
  }
  const variance = squares / size - sumOfSquares(total) / (size * size)
  return variance > 1e-9
    ? { mean: variance, deviation: variance * Math.sqrt(2 / width), unit: variance }
    : undefined
}

/** What is summed over both sides of a split to score it: for classes 2 Σ n log n less that of the whole, else |sums|²/n. */
function scoreOf({ target, logs }: SplitSearch, sums: Float64Array, count: number): number {
  if (target.points !== undefined) return sumOfSquares(sums) / count
  let score = -logs[count]!
  for (let at = 0; at < sums.length; at++) score += logs[sums[at]!]!
  return 2 * score
}

/** Counts rows and sums the target in every bin; returns how many bins have rows, listed in `present`. */
function sumBins(
  search: SplitSearch,
  predictor: Predictor,
  index: Uint32Array,
  start: number,
  end: number,
): number {
  const { counts, sums, present } = search
  const { width, codes, points } = search.target
  const bins = predictor.codes
  counts.fill(0, 0, predictor.bins)
  let found = 0
  for (let position = start; position < end; position++) {
    const row = index[position]!
    const bin = bins[row]!
    const offset = bin * width
    if (counts[bin]!++ === 0) {
      present[found++] = bin
      sums.fill(0, offset, offset + width)
    }
    const code = codes[row]!
    if (points === undefined) sums[offset + code]!++
    else for (let at = 0; at < width; at++) sums[offset + at]! += points[code * width + at]!
  }
  return found
}

/**
 * Puts the present bins in the order of their means along the first principal component. Classes are scaled to equal
 * variance before, as in correspondence analysis, or the frequent ones alone would decide.
 */
function orderBins(search: SplitSearch, present: number, size: number): void {
  const { counts, sums, keys, total, scale, direction, left: next } = search
  const { width, points } = search.target
  const bins = search.present.subarray(0, present)
  for (let at = 0; at < width; at++)
    scale[at] = points !== undefined ? 1 : total[at]! > 0 ? Math.sqrt(size / total[at]!) : 0
  const deviation = (bin: number, at: number): number =>
    (sums[bin * width + at]! - (counts[bin]! * total[at]!) / size) * scale[at]!
  let largest = -1
  for (const bin of bins) {
    let length = 0
    for (let at = 0; at < width; at++) length += deviation(bin, at) ** 2 / counts[bin]!
    if (length <= largest) continue
    largest = length
    for (let at = 0; at < width; at++) direction[at] = deviation(bin, at)
  }
  for (let step = 0; step <= POWER_STEPS; step++) {
    next.fill(0)
    for (const bin of bins) {
      let along = 0
      for (let at = 0; at < width; at++) along += deviation(bin, at) * direction[at]!
      keys[bin] = along / counts[bin]!
      if (step < POWER_STEPS) for (let at = 0; at < width; at++) next[at]! += keys[bin]! * deviation(bin, at)
    }
    const length = Math.sqrt(sumOfSquares(next))
    if (!(length > 0)) break
    for (let at = 0; at < width; at++) direction[at] = next[at]! / length
  }
  bins.sort((a, b) => keys[a]! - keys[b]! || a - b)
}

/** The cut of the listed bins with the largest score of both sides: `position` bins go left. */
function bestCut(
  search: SplitSearch,
  { present, size, leaf }: { present: number; size: number; leaf: number },
): { position: number; score: number } {
  const { counts, sums, total, left, right } = search
  const { width } = search.target
  left.fill(0)
  right.set(total)
  let before = 0
  let position = -1
  let score = -Infinity
  for (let cut = 1; cut < present; cut++) {
    const bin = search.present[cut - 1]!
    before += counts[bin]!
    for (let at = 0; at < width; at++) {
      const sum = sums[bin * width + at]!
      left[at]! += sum
      right[at]! -= sum
    }
    if (before < leaf) continue
    if (size - before < leaf) break
    const found = scoreOf(search, left, before) + scoreOf(search, right, size - before)
    if (found <= score) continue
    score = found
    position = cut
  }
  return { position, score }
}

/** Marks the bins that go left; of unordered ones, those with no rows here go with the larger side. */
function leftBins(
  search: SplitSearch,
  predictor: Predictor,
  cut: { position: number },
  present: number,
): Uint8Array {
  const left = new Uint8Array(predictor.bins)
  const { counts } = search
  if (predictor.ordered) return left.fill(1, 0, search.present[cut.position - 1]! + 1)
  let balance = 0
  for (let at = 0; at < present; at++)
    balance += at < cut.position ? counts[search.present[at]!]! : -counts[search.present[at]!]!
  for (let bin = 0; bin < left.length; bin++) left[bin] = counts[bin] === 0 && balance >= 0 ? 1 : 0
  for (let at = 0; at < cut.position; at++) left[search.present[at]!] = 1
  return left
}

function sumOfSquares(array: Float64Array): number {
  let sum = 0
  for (const value of array) sum += value * value
  return sum
}
