import { avalanche, murmur3 } from './murmur.ts'
import { wordNgrams, words } from './ngrams.ts'

/** The distinct 32-bit hashes of a text's shingles, ascending. */
export type Shingles = Uint32Array

/**
 * The set of a text's word n-grams (Broder 1997), each as its 32-bit hash: two different n-grams share a hash with
 * probability 2^-32. A text of fewer words than `size` is one shingle, a text without words none.
 */
export function shingles(text: string, size = 3): Shingles {
  const grams = wordNgrams(text, size)
  const known = words(text)
  const kept = grams.length > 0 || known.length === 0 ? grams : [known.join(' ')]
  return Uint32Array.from(new Set(kept.map(gram => murmur3(gram)))).toSorted()
}

/** |a ∩ b| / |a ∪ b| of two shingle sets, in [0, 1]; two empty sets are equal: 1. */
export function jaccard(a: Shingles, b: Shingles): number {
  let shared = 0
  for (let left = 0, right = 0; left < a.length && right < b.length;) {
    const difference = a[left]! - b[right]!
    if (difference === 0) shared++
    if (difference <= 0) left++
    if (difference >= 0) right++
  }
  const union = a.length + b.length - shared
  return union === 0 ? 1 : shared / union
}

/** An indexed text that is near to another. */
interface NearDuplicate {
  readonly key: string
  /** Exact Jaccard similarity of the shingle sets, >= the index's threshold. */
  readonly similarity: number
}

export interface NearDuplicateIndex {
  add(key: string, shingles: Shingles): void
  /** The most similar indexed text at or above the threshold; of equals the one added first. */
  findNear(shingles: Shingles): NearDuplicate | undefined
}

const PERMUTATIONS = 128
const RECALL = 0.999

/**
 * An index that finds near duplicates without comparing all pairs: MinHash with 128 permutations (Broder 1997) in
 * bands (locality-sensitive hashing; Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, chapter 3).
 * Every candidate is verified by exact Jaccard similarity, so there is no false duplicate. A pair exactly at the
 * threshold is found with probability >= 0.999 and a more similar one more surely: with r rows a band and
 * b = floor(128 / r) bands that is 1 - (1 - threshold^r)^b, and r is the largest that keeps it.
 * `threshold` is in [0.1, 1]; throws a RangeError elsewhere. Same seed, same answers.
 */
export function createNearDuplicateIndex(options: { threshold: number; seed: number }): NearDuplicateIndex {
  const { threshold } = options
  const rows = rowsPerBand(threshold)
  const bands = Math.floor(PERMUTATIONS / rows)
  const seeds = Uint32Array.from({ length: bands * rows }, (_, index) => murmur3(String(index), options.seed))
  const buckets = Array.from({ length: bands }, () => new Map<number, number[]>())
  const entries: { key: string; shingles: Shingles }[] = []

  return {
    add(key, added) {
      const number = entries.push({ key, shingles: added }) - 1
      for (const [band, hash] of bandHashes(added, seeds, rows).entries()) {
        const bucket = buckets[band]!.get(hash)
        if (bucket === undefined) buckets[band]!.set(hash, [number])
        else bucket.push(number)
      }
    },
    findNear(asked) {
      const candidates = new Set<number>()
      for (const [band, hash] of bandHashes(asked, seeds, rows).entries()) {
        for (const number of buckets[band]!.get(hash) ?? []) candidates.add(number)
      }
      let best: NearDuplicate | undefined
      for (const number of [...candidates].toSorted((a, b) => a - b)) {
        const entry = entries[number]!
        const similarity = jaccard(asked, entry.shingles)
        if (similarity >= threshold && similarity > (best?.similarity ?? -1)) {
          best = { key: entry.key, similarity }
        }
      }
      return best
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

/** One hash a band, of the minima that the band's permutations give over the set. */
function bandHashes(set: Shingles, seeds: Uint32Array, rows: number): Uint32Array {
  const hashes = new Uint32Array(seeds.length / rows)
  for (let band = 0; band < hashes.length; band++) {
    let hash = 0
    for (let row = 0; row < rows; row++) {
      const seed = seeds[band * rows + row]!
      let minimum = 0xffffffff
      for (let index = 0; index < set.length; index++) {
        const permuted = avalanche(set[index]! ^ seed)
        if (permuted < minimum) minimum = permuted
      }
      hash = avalanche(Math.imul(hash, 31) ^ minimum)
    }
    hashes[band] = hash
  }
  return hashes
}
