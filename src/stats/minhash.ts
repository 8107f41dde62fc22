import { createBandTables } from './band-tables.ts'
import { createIntegers } from './integers.ts'
import { avalanche, murmur3 } from './murmur.ts'
import { wordHashes } from './word-hash.ts'

/** The distinct 32-bit hashes of a text's shingles, ascending. */
export type Shingles = Uint32Array

/**
 * The set of a text's word n-grams (Broder 1997), each as its 32-bit hash: two different n-grams share a hash with
 * probability 2^-32 or little more. A text of fewer words than `size` is one shingle, a text without words none.
 */
export function shingles(text: string, size = 3): Shingles {
  const hashes = wordHashes(text)
  if (hashes.length === 0) return new Uint32Array()
  const width = Math.min(size, hashes.length)
  const grams = new Uint32Array(hashes.length - width + 1)
  for (let start = 0; start < grams.length; start++) {
    let hash = width
    for (let place = start; place < start + width; place++)
      hash = Math.imul(hash, 0x9e3779b1) ^ hashes[place]!
    grams[start] = avalanche(hash)
  }
  return distinct(grams.sort())
}

function distinct(sorted: Uint32Array): Uint32Array {
  let count = 0
  for (let place = 0; place < sorted.length; place++) {
    if (place === 0 || sorted[place] !== sorted[place - 1]) sorted[count++] = sorted[place]!
  }
  return sorted.subarray(0, count)
}

/** |a ∩ b| / |a ∪ b| of two shingle sets, in [0, 1]; two empty sets are equal: 1. */
export function jaccard(a: Shingles, b: Shingles): number {
  return jaccardFrom(a, { all: b, from: 0, to: b.length }, 0)
}

interface Stored {
  readonly all: Uint32Array
  readonly from: number
  readonly to: number
}

/** The Jaccard similarity of a set and a stored one, or 0 as soon as it is sure to be below `least`. */
function jaccardFrom(a: Shingles, { all, from, to }: Stored, least: number): number {
  const total = a.length + to - from
  if (total === 0) return 1
  // With s shared of n in both, s / (n - s) >= least asks for s >= least n / (1 + least); each one alone takes from that.
  let spare = total - 2 * Math.ceil((least * total) / (1 + least) - 1e-9)
  let shared = 0
  let left = 0
  let right = from
  while (left < a.length && right < to) {
    const mine = a[left]!
    const theirs = all[right]!
    if (mine === theirs) shared++
    else if (--spare < 0) return 0
    if (mine <= theirs) left++
    if (theirs <= mine) right++
  }
  return shared / (total - shared)
}

/** An indexed text that is near to another. */
interface NearDuplicate {
  /** Texts are numbered from 0 in the order they are added. */
  readonly number: number
  /** Exact Jaccard similarity of the shingle sets, >= the index's threshold. */
  readonly similarity: number
}

export interface NearDuplicateIndex {
  add(shingles: Shingles): void
  /** The most similar indexed text at or above the threshold; of equals the one added first. */
  findNear(shingles: Shingles): NearDuplicate | undefined
}

const PERMUTATIONS = 128
const RECALL = 0.999

/**
 * An index that finds near duplicates without comparing all pairs: MinHash with 128 permutations (Broder 1997), linear
 * ones modulo 2^32 (Broder, Charikar, Frieze and Mitzenmacher 1998), in bands (locality-sensitive hashing; Leskovec,
 * Rajaraman and Ullman, Mining of Massive Datasets, chapter 3). Every candidate is verified by exact Jaccard similarity,
 * so there is no false duplicate. A pair exactly at the threshold is found with probability >= 0.999 and a more similar
 * one more surely: with r rows a band and b = floor(128 / r) bands that is 1 - (1 - threshold^r)^b, and r is the largest
 * that keeps it. An indexed text takes 4 bytes a shingle and 20 a band. `threshold` is in [0.1, 1]; throws a RangeError
 * elsewhere. Same seed, same answers.
 */
export function createNearDuplicateIndex(options: { threshold: number; seed: number }): NearDuplicateIndex {
  const { threshold } = options
  const rows = rowsPerBand(threshold)
  const bands = Math.floor(PERMUTATIONS / rows)
  const sketch = createSketch({ rows, bands, seed: options.seed })
  const tables = createBandTables(bands)
  const stored = createIntegers()
  /** Where each text's shingles start; one more for the end of the last. */
  const starts = createIntegers()
  /** Number of the search that each text was last compared in. */
  const compared = createIntegers()
  let searches = 0
  starts.push(0)

  return {
    add(added) {
      tables.add(sketch(added))
      for (const hash of added) stored.push(hash)
      starts.push(stored.length)
      compared.push(0)
    },
    findNear(asked) {
      const hashes = sketch(asked)
      const all = stored.view()
      searches++
      let best = threshold
      let found = -1
      for (let band = 0; band < bands; band++) {
        for (let text = tables.first(band, hashes[band]!); text !== -1; text = tables.next(band, text)) {
          if (compared.at(text) === searches) continue
          compared.set(text, searches)
          const similarity = jaccardFrom(asked, { all, from: starts.at(text), to: starts.at(text + 1) }, best)
          if (similarity < best || (similarity === best && found !== -1 && text > found)) continue
          best = similarity
          found = text
        }
      }
      return found === -1 ? undefined : { number: found, similarity: best }
    },
  }
}

/** The most rows a band that still find a pair at the threshold with probability RECALL. */
function rowsPerBand(threshold: number): number {
  if (!(threshold >= 0.1 && threshold <= 1)) {
    throw new RangeError(`near-duplicate threshold ${threshold} is outside [0.1, 1]`)
  }
  let rows = 1
  for (let next = 2; next <= PERMUTATIONS; next++) {
    const recall = 1 - (1 - threshold ** next) ** Math.floor(PERMUTATIONS / next)
    if (recall >= RECALL) rows = next
  }
  return rows
}

/**
 * Gives one hash a band, of the minima that the band's permutations take over a set. The hashes are overwritten by the
 * next call, but for the same set, which is not sketched twice.
 */
function createSketch(options: { rows: number; bands: number; seed: number }): (set: Shingles) => Int32Array {
  const { rows, bands, seed } = options
  const count = rows * bands
  // Four at a time: a round more than needed does no harm.
  const factors = Int32Array.from({ length: count + 3 }, (_, place) => murmur3(`factor ${place}`, seed) | 1)
  const offsets = Int32Array.from({ length: count + 3 }, (_, place) => murmur3(`offset ${place}`, seed))
  const minima = new Int32Array(count + 3)
  const hashes = new Int32Array(bands)
  let last: Shingles | undefined

  return set => {
    if (set === last) return hashes
    last = set
    for (let place = 0; place < count; place += 4) takeMinima(set, { factors, offsets, minima, place })
    for (let band = 0; band < bands; band++) {
      let hash = 0
      for (let place = band * rows; place < (band + 1) * rows; place++) {
        hash = avalanche(Math.imul(hash, 31) ^ minima[place]!)
      }
      hashes[band] = hash
    }
    return hashes
  }
}

/** The minima of four permutations over a set, in one pass. */
function takeMinima(
  set: Shingles,
  sketch: { factors: Int32Array; offsets: Int32Array; minima: Int32Array; place: number },
): void {
  const { factors, offsets, minima, place } = sketch
  const [factor0, factor1, factor2, factor3] = [
    factors[place]!,
    factors[place + 1]!,
    factors[place + 2]!,
    factors[place + 3]!,
  ]
  const [offset0, offset1, offset2, offset3] = [
    offsets[place]!,
    offsets[place + 1]!,
    offsets[place + 2]!,
    offsets[place + 3]!,
  ]
  let [minimum0, minimum1, minimum2, minimum3] = [0x7fffffff, 0x7fffffff, 0x7fffffff, 0x7fffffff]
  for (let index = 0; index < set.length; index++) {
    const hash = set[index]! | 0
    const permuted0 = (Math.imul(hash, factor0) + offset0) | 0
    const permuted1 = (Math.imul(hash, factor1) + offset1) | 0
    const permuted2 = (Math.imul(hash, factor2) + offset2) | 0
    const permuted3 = (Math.imul(hash, factor3) + offset3) | 0
    minimum0 = permuted0 < minimum0 ? permuted0 : minimum0
    minimum1 = permuted1 < minimum1 ? permuted1 : minimum1
    minimum2 = permuted2 < minimum2 ? permuted2 : minimum2
    minimum3 = permuted3 < minimum3 ? permuted3 : minimum3
  }
  minima[place] = minimum0
  minima[place + 1] = minimum1
  minima[place + 2] = minimum2
  minima[place + 3] = minimum3
}
