import { avalanche, murmur3 } from '../stats/murmur.ts'
import { normaliseText, words } from '../stats/ngrams.ts'
import type { SparseRows } from './sparse-rows.ts'

/** The n-grams seen in the texts it was fitted on; a column is a place in it. */
export interface NgramVocabulary {
  /** Hash of each column's n-gram. */
  readonly hashes: Uint32Array
  /** Inverse document frequency of each column. */
  readonly inverseFrequencies: Float32Array
}

/**
 * Learns the vocabulary of texts and gives their rows in it: runs of 1 and 2 words, and of 2 to 4 characters within a
 * word and the blanks beside it, each known by its 32-bit hash (feature hashing, Weinberger et al. 2009: two share a
 * column by chance about once in 2^32). Inverse document frequency is smoothed:
 * 1 + ln((1 + n) / (1 + documents with it)).
 */
export function fitNgrams(texts: readonly string[]): { vocabulary: NgramVocabulary; rows: SparseRows } {
  const columns = new Map<number, number>()
  const blocks = countNgrams(texts, hash => {
    const known = columns.get(hash)
    if (known !== undefined) return known
    columns.set(hash, columns.size)
    return columns.size - 1
  })
  const frequencies = new Uint32Array(columns.size)
  for (const column of blocks.indices) frequencies[column]! += 1
  const vocabulary = {
    hashes: Uint32Array.from(columns.keys()),
    inverseFrequencies: Float32Array.from(
      frequencies,
      count => 1 + Math.log((1 + texts.length) / (1 + count)),
    ),
  }
  return { vocabulary, rows: weigh(blocks, vocabulary) }
}

/**
 * Texts as weighted n-grams: (1 + ln count) x inverse document frequency, the word block and the character block
 * each of Euclidean length 1 (or 0 where nothing is known). N-grams outside the vocabulary are left out.
 */
export function ngramRows(vocabulary: NgramVocabulary, texts: readonly string[]): SparseRows {
  const columns = new Map<number, number>()
  for (const hash of vocabulary.hashes) columns.set(hash, columns.size)
  return weigh(
    countNgrams(texts, hash => columns.get(hash)),
    vocabulary,
  )
}

/** How often each column stands in each text: its word n-grams, then its character n-grams. */
interface CountedBlocks {
  /** Two blocks a text: block b has the entries `starts[b]` to `starts[b + 1]` (excluded). */
  readonly starts: readonly number[]
  readonly indices: readonly number[]
  readonly counts: readonly number[]
}

type ColumnOf = (hash: number) => number | undefined

const WORD_SEED = 0
const CHARACTER_SEED = 1
const SHORTEST = 2
const LONGEST = 4

function countNgrams(texts: readonly string[], columnOf: ColumnOf): CountedBlocks {
  const hashOfWord = remembered(word => murmur3(word, WORD_SEED))
  const columnsOfPart = remembered(part => characterColumns(part, columnOf))
  const starts = [0]
  const indices: number[] = []
  const counts: number[] = []
  /** Where the column's entry in the current block is. */
  const places: number[] = []
  const count = (column: number | undefined): void => {
    if (column === undefined) return
    const place = places[column]
    if (place !== undefined && place >= starts.at(-1)!) {
      counts[place]! += 1
      return
    }
    places[column] = indices.push(column) - 1
    counts.push(1)
  }
  for (const text of texts) {
    let previous: number | undefined
    for (const word of words(text)) {
      const hash = hashOfWord(word)
      count(columnOf(hash))
      if (previous !== undefined) count(columnOf(avalanche(Math.imul(previous, 31) ^ hash)))
      previous = hash
    }
    starts.push(indices.length)
    for (const part of normaliseText(text).split(' ')) {
      for (const column of columnsOfPart(part)) count(column)
    }
    starts.push(indices.length)
  }
  return { starts, indices, counts }
}

/** The columns of the character n-grams of what stands between two blanks, with both blanks. */
function characterColumns(part: string, columnOf: ColumnOf): readonly number[] {
  if (part === '') return []
  const characters = [' ', ...part, ' ']
  const columns: number[] = []
  for (let size = SHORTEST; size <= LONGEST; size++) {
    for (let first = 0; first + size <= characters.length; first++) {
      const column = columnOf(murmur3(characters.slice(first, first + size).join(''), CHARACTER_SEED))
      if (column !== undefined) columns.push(column)
    }
  }
  return columns
}

/** Most words stand in many texts. */
function remembered<Result>(compute: (text: string) => Result): (text: string) => Result {
  const known = new Map<string, Result>()
  return text => {
    let result = known.get(text)
    if (result === undefined) {
      result = compute(text)
      known.set(text, result)
    }
    return result
  }
}

function weigh(
  { starts, indices, counts }: CountedBlocks,
  { inverseFrequencies }: NgramVocabulary,
): SparseRows {
  const values = new Float64Array(indices.length)
  for (let block = 0; block + 1 < starts.length; block++) {
    let squares = 0
    for (let entry = starts[block]!; entry < starts[block + 1]!; entry++) {
      values[entry] = (1 + Math.log(counts[entry]!)) * inverseFrequencies[indices[entry]!]!
      squares += values[entry]! ** 2
    }
    const length = Math.sqrt(squares)
    for (let entry = starts[block]!; entry < starts[block + 1]!; entry++) values[entry]! /= length
  }
  return {
    rows: (starts.length - 1) / 2,
    columns: inverseFrequencies.length,
    starts: Uint32Array.from(starts.filter((_, block) => block % 2 === 0)),
    indices: new Uint32Array(indices),
    values,
  }
}
