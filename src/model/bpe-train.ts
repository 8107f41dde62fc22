import { letterOfByte } from './tokenizer.ts'

interface BpeOptions {
  /** Most tokens of the vocabulary, special ones, the 256 bytes and merges together. */
  readonly vocabulary: number
  /** Take the first ids, in this order; never merged, recognised as a whole. */
  readonly specialTokens: readonly string[]
  /** A pair that occurs less often is not merged. */
  readonly minimumCount?: number
}

/** The words that are never merged across: GPT-2's, as the ByteLevel pre-tokenizer splits them. */
const WORDS = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu

/** A word as the ids of its symbols, and how often the texts have it. */
interface Word {
  symbols: number[]
  readonly count: number
}

/**
 * Trains byte-level byte-pair encoding (Sennrich et al. 2016; Radford et al. 2019) on texts, and gives the content of a
 * tokenizer.json: pairs are merged from the most frequent on, and among equals from the one with the lowest ids, as
 * the library tokenizers does. The same texts in any order give the same tokenizer.
 */
export function trainBpe(texts: Iterable<string>, options: BpeOptions): Readonly<Record<string, unknown>> {
  const { vocabulary, specialTokens, minimumCount = 2 } = options
  // The library sorts the letters of the bytes before it numbers them.
  const tokens = [...specialTokens, ...letterOfByte.toSorted((a, b) => (a < b ? -1 : 1))]
  const ids = new Map(tokens.map((token, id) => [token, id]))
  if (vocabulary < tokens.length) {
    throw new RangeError(
      `a vocabulary of ${vocabulary} cannot hold ${tokens.length} bytes and special tokens`,
    )
  }
  const words = countWords(texts, ids)
  const pairs = countPairs(words)
  const queue = new PairQueue(pairs)
  const merges: (readonly [string, string])[] = []
  while (tokens.length < vocabulary) {
    const best = queue.pop(pairs)
    if (best === undefined || pairs.get(best)!.count < minimumCount) break
    const [left, right] = symbolsOf(best)
    const token = tokens[left]! + tokens[right]!
    const merged = ids.get(token) ?? tokens.length
    if (merged === tokens.length) {
      tokens.push(token)
      ids.set(token, merged)
    }
    merges.push([tokens[left]!, tokens[right]!])
    for (const changed of mergePair(best, merged, words, pairs))
      queue.push(changed, pairs.get(changed)!.count)
  }
  return tokenizerFile(ids, merges, specialTokens)
}

function countWords(texts: Iterable<string>, ids: ReadonlyMap<string, number>): Word[] {
  const counts = new Map<string, number>()
  for (const text of texts) {
    for (const [word] of text.matchAll(WORDS)) counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  const encoder = new TextEncoder()
  return Array.from(counts, ([word, count]) => ({
    symbols: Array.from(encoder.encode(word), byte => ids.get(letterOfByte[byte]!)!),
    count,
  }))
}

/** How often a pair of neighbours occurs, and the indices of the words that have or had it. */
interface PairCount {
  count: number
  readonly words: Set<number>
}

type PairCounts = Map<number, PairCount>

const SHIFT = 2 ** 22

function pairOf(left: number, right: number): number {
  return left * SHIFT + right
}

function symbolsOf(pair: number): readonly [left: number, right: number] {
  return [Math.floor(pair / SHIFT), pair % SHIFT]
}

function countPairs(words: readonly Word[]): PairCounts {
  const pairs: PairCounts = new Map()
  for (const [index, { symbols, count }] of words.entries()) {
    for (let place = 1; place < symbols.length; place++) {
      addPair(pairs, pairOf(symbols[place - 1]!, symbols[place]!), index, count)
    }
  }
  return pairs
}

function addPair(pairs: PairCounts, pair: number, word: number, count: number): void {
  const entry = pairs.get(pair)
  if (entry === undefined) pairs.set(pair, { count, words: new Set([word]) })
  else {
    entry.count += count
    if (count > 0) entry.words.add(word)
  }
}

/** Merges a pair in every word that has it, and returns the pairs that are new or occur more often. */
function mergePair(
  pair: number,
  merged: number,
  words: readonly Word[],
  pairs: PairCounts,
): ReadonlySet<number> {
  const [left, right] = symbolsOf(pair)
  const grown = new Set<number>()
  const { words: holders } = pairs.get(pair)!
  for (const index of holders) {
    const word = words[index]!
    const { symbols, count } = word
    const after: number[] = []
    for (let place = 0; place < symbols.length; place++) {
      if (symbols[place] !== left || symbols[place + 1] !== right) {
        after.push(symbols[place]!)
        continue
      }
      after.push(merged)
      place++
    }
    for (let place = 1; place < symbols.length; place++) {
      addPair(pairs, pairOf(symbols[place - 1]!, symbols[place]!), index, -count)
    }
    for (let place = 1; place < after.length; place++) {
      const neighbours = pairOf(after[place - 1]!, after[place]!)
      addPair(pairs, neighbours, index, count)
      if (after[place - 1] === merged || after[place] === merged) grown.add(neighbours)
    }
    word.symbols = after
  }
  pairs.delete(pair)
  grown.delete(pair)
  return grown
}

/** A heap of pairs, the most frequent first and among equals the one with the lowest ids. Counts may be out of date. */
class PairQueue {
  readonly #heap: { readonly pair: number; readonly count: number }[] = []

  constructor(pairs: PairCounts) {
    for (const [pair, { count }] of pairs) this.push(pair, count)
  }

  push(pair: number, count: number): void {
    const heap = this.#heap
    heap.push({ pair, count })
    let child = heap.length - 1
    while (child > 0) {
      const parent = (child - 1) >> 1
      if (!this.#isBefore(child, parent)) break
      ;[heap[child], heap[parent]] = [heap[parent]!, heap[child]!]
      child = parent
    }
  }

  /** The first pair by its count of now; undefined where none is left. */
  pop(pairs: PairCounts): number | undefined {
    for (;;) {
      const first = this.#take()
      if (first === undefined) return undefined
      const now = pairs.get(first.pair)?.count ?? 0
      if (now === first.count) return first.pair
      if (now > 0) this.push(first.pair, now)
    }
  }

  #take(): { readonly pair: number; readonly count: number } | undefined {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (first === undefined || heap.length === 0) return first
    heap[0] = last!
    for (let parent = 0; ;) {
      let best = parent
      for (const child of [2 * parent + 1, 2 * parent + 2]) {
        if (child < heap.length && this.#isBefore(child, best)) best = child
      }
      if (best === parent) return first
      ;[heap[parent], heap[best]] = [heap[best]!, heap[parent]!]
      parent = best
    }
  }

  #isBefore(a: number, b: number): boolean {
    const [first, second] = [this.#heap[a]!, this.#heap[b]!]
    return first.count !== second.count ? first.count > second.count : first.pair < second.pair
  }
}

function tokenizerFile(
  ids: ReadonlyMap<string, number>,
  merges: readonly (readonly [string, string])[],
  specialTokens: readonly string[],
): Readonly<Record<string, unknown>> {
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true }
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: specialTokens.map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: null,
    pre_tokenizer: byteLevel,
    post_processor: null,
    decoder: byteLevel,
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(ids),
      merges,
    },
  }
}
