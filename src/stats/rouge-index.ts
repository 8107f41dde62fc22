import { createIntegers } from './integers.ts'
import { createSubsequenceMatcher } from './lcs.ts'
import { createPostingLists } from './posting-lists.ts'

/** The indexed text that a text is most like. */
export interface RougeMatch {
  readonly key: string
  /** ROUGE-L F1, above the index's threshold. */
  readonly score: number
}

export interface RougeIndex {
  /** Adds a text by its words (see `words`). */
  add(key: string, words: readonly string[]): void
  /** The text of highest ROUGE-L F1 above the threshold, of equals the one added first; undefined where there is none. */
  findAbove(words: readonly string[]): RougeMatch | undefined
}

/** Looked-up words that a text must hold to be compared. Each more costs longer lists; measured best of 1 to 4. */
const SHARED = 3

/**
 * Finds the text of highest ROUGE-L among all that were added, exactly: no text above the threshold is missed and none
 * below is given. F1 = 2 L / (m + n) for texts of m and n words with a longest common subsequence of L, so that
 * - L <= min(m, n) bounds the lengths looked at;
 * - L is at most the number of words they share, counted with repeats. The text found therefore holds k at least of any
 *   n - L + k of the n words asked for: only the rarest that many are looked up, and texts that hold fewer than k = 3 of
 *   them passed over (the prefix filter of Chaudhuri, Ganti and Kaushik 2006; with k, Wang, Li and Feng 2012). The index
 *   holds every word, so that the order of rarity may change as it grows. The second occurrence of a word in a text is
 *   an element of its own.
 * What is left is compared by bit-vectors (`createSubsequenceMatcher`). Two texts without words are equal.
 * `threshold` is in [0.1, 1); throws a RangeError elsewhere.
 */
export function createRougeIndex(options: { readonly threshold: number }): RougeIndex {
  const { threshold } = options
  if (!(threshold >= 0.1 && threshold < 1))
    throw new RangeError(`ROUGE-L threshold ${threshold} is outside [0.1, 1)`)
  const vocabulary = createVocabulary()
  const postings = createPostingLists()
  /** For each length of text, for each element the list of the texts that hold it. */
  const buckets = new Map<number, Map<number, number>>()
  const keys: string[] = []
  /** Where the tokens of each text start; one more for the end of the last. */
  const starts = createIntegers()
  const tokens = createIntegers()
  /** For each text the number of the query that last met it, times SHARED + 1, plus the words it was met by. */
  const met = createIntegers()
  const matcher = createSubsequenceMatcher()
  let queries = 0
  let firstEmpty: string | undefined
  starts.push(0)

  function add(key: string, words: readonly string[]): void {
    if (words.length === 0) firstEmpty ??= key
    const text = keys.push(key) - 1
    let lists = buckets.get(words.length)
    if (lists === undefined) buckets.set(words.length, (lists = new Map()))
    for (const element of vocabulary.learn(words)) {
      let list = lists.get(element)
      if (list === undefined) lists.set(element, (list = postings.create()))
      postings.push(list, text)
    }
    for (const word of words) tokens.push(vocabulary.tokenOf(word)!)
    starts.push(tokens.length)
    met.push(0)
  }

  function findAbove(words: readonly string[]): RougeMatch | undefined {
    const { length } = words
    if (length === 0) return firstEmpty === undefined ? undefined : { key: firstEmpty, score: 1 }
    const rarest = vocabulary.rarestFirst(words)
    const unknown = length - rarest.length
    matcher.setPattern(Uint32Array.from(words.flatMap(word => vocabulary.tokenOf(word) ?? [])))
    const [all, at] = [tokens.view(), starts.view()]
    const counts = met.view()
    const base = ++queries * (SHARED + 1)
    let best = threshold
    let found = -1
    for (const other of lengthsAround(length, threshold)) {
      if (f1(Math.min(length, other), length, other) < best) break
      const lists = buckets.get(other)
      if (lists === undefined) continue
      const least = leastCommon(length, other, best)
      const shared = Math.min(SHARED, least)
      const looked = length - least + shared - unknown
      for (let rank = 0; rank < looked && rank < rarest.length; rank++) {
        const list = lists.get(rarest[rank]!)
        if (list === undefined) continue
        const texts = postings.read(list)
        for (let place = 0; place < texts.length; place++) {
          const text = texts[place]!
          const count = counts[text]! < base ? base : counts[text]!
          if (count === base + shared) continue
          counts[text] = count + 1
          if (count + 1 < base + shared) continue
          const score = f1(matcher.lengthWith(all, at[text]!, at[text + 1]!), length, other)
          if (score < best || (score === best && (found === -1 || text > found))) continue
          best = score
          found = text
        }
      }
    }
    return found === -1 ? undefined : { key: keys[found]!, score: best }
  }

  return { add, findAbove }
}

function f1(common: number, length: number, other: number): number {
  return (2 * common) / (length + other)
}

/** The smallest longest common subsequence whose F1 reaches `score`. */
function leastCommon(length: number, other: number, score: number): number {
  let least = Math.max(1, Math.floor((score * (length + other)) / 2) - 1)
  while (f1(least, length, other) < score) least++
  return least
}

/** The lengths of texts that can be above the threshold, those of the highest possible F1 first. */
function lengthsAround(length: number, threshold: number): readonly number[] {
  const lengths = [length]
  const highest = Math.floor((length * (2 - threshold)) / threshold)
  const lowest = Math.ceil((length * threshold) / (2 - threshold))
  let [shorter, longer] = [length - 1, length + 1]
  while (shorter >= lowest || longer <= highest) {
    const shorterNext = longer > highest || (shorter >= lowest && shorter * longer >= length * length)
    lengths.push(shorterNext ? shorter-- : longer++)
  }
  return lengths
}

/** The words seen so far, by number. The second occurrence of a word in a text is another element than the first. */
function createVocabulary() {
  const elements = new Map<string, number[]>()
  /** Texts that hold each element. */
  const frequencies = createIntegers()

  return {
    /** The first element of a word stands for the word itself. */
    tokenOf: (word: string): number | undefined => elements.get(word)?.[0],
    /** The elements of a text that is added, each new one numbered and all of them counted. */
    learn(words: readonly string[]): readonly number[] {
      const occurrences = new Map<string, number>()
      return words.map(word => {
        const occurrence = occurrences.get(word) ?? 0
        occurrences.set(word, occurrence + 1)
        let known = elements.get(word)
        if (known === undefined) elements.set(word, (known = []))
        known[occurrence] ??= frequencies.push(0)
        const element = known[occurrence]
        frequencies.set(element, frequencies.at(element) + 1)
        return element
      })
    },
    /** The elements of a text that some added text holds, the rarest first. */
    rarestFirst(words: readonly string[]): readonly number[] {
      const occurrences = new Map<string, number>()
      const known: number[] = []
      for (const word of words) {
        const occurrence = occurrences.get(word) ?? 0
        occurrences.set(word, occurrence + 1)
        const element = elements.get(word)?.[occurrence]
        if (element !== undefined) known.push(element)
      }
      return known.sort((a, b) => frequencies.at(a) - frequencies.at(b))
    },
  }
}
