import { grown } from './integers.ts'

/** Compares one list of tokens with many. Tokens are small non-negative integers. */
export interface SubsequenceMatcher {
  /** The list that the others are compared with. */
  setPattern(pattern: Uint32Array): void
  /** Length of the longest common subsequence of the pattern and `tokens[from..to)`. */
  lengthWith(tokens: Uint32Array, from: number, to: number): number
}

/**
 * Longest common subsequences by bit-vectors: with n tokens in the pattern, a token of the other list costs n / 32 steps,
 * and one that the pattern lacks costs nothing. With V all ones and M the places of a token, V becomes
 * (V + (V & M)) | (V & ~M); the zeros of the last V are as many as the longest common subsequence is long
 * (Crochemore, Iliopoulos, Pinzon and Reid 2001; Hyyrö 2004). Bits beyond the pattern are never masked and stay ones.
 */
export function createSubsequenceMatcher(): SubsequenceMatcher {
  /** For each token 0 or the number of its masks, from 1. */
  let slots = new Uint32Array(1024)
  let masks = new Int32Array(64)
  let vector = new Int32Array(1)
  let pattern = new Uint32Array()
  let wordCount = 0

  function lengthInOneWord(tokens: Uint32Array, from: number, to: number): number {
    let bits = -1
    for (let place = from; place < to; place++) {
      const slot = slots[tokens[place]!]
      if (slot === undefined || slot === 0) continue
      const mask = masks[slot]!
      bits = (bits + (bits & mask)) | (bits & ~mask)
    }
    return 32 - ones(bits)
  }

  function lengthInWords(tokens: Uint32Array, from: number, to: number): number {
    vector.fill(-1, 0, wordCount)
    for (let place = from; place < to; place++) {
      const slot = slots[tokens[place]!]
      if (slot === undefined || slot === 0) continue
      let carry = 0
      for (let word = 0; word < wordCount; word++) {
        const bits = vector[word]!
        const mask = masks[slot * wordCount + word]!
        const sum = (bits >>> 0) + ((bits & mask) >>> 0) + carry
        carry = sum > 0xffffffff ? 1 : 0
        vector[word] = sum | (bits & ~mask)
      }
    }
    let zeros = 0
    for (let word = 0; word < wordCount; word++) zeros += 32 - ones(vector[word]!)
    return zeros
  }

  return {
    setPattern(next) {
      for (const token of pattern) slots[token] = 0
      pattern = Uint32Array.from(next)
      wordCount = Math.max(1, Math.ceil(pattern.length / 32))
      if (vector.length < wordCount) vector = new Int32Array(wordCount * 2)
      const size = (pattern.length + 1) * wordCount
      if (masks.length < size) masks = new Int32Array(size * 2)
      masks.fill(0, 0, size)
      let known = 0
      for (let place = 0; place < pattern.length; place++) {
        const token = pattern[place]!
        if (token >= slots.length) slots = grown(slots, token + 1)
        if (slots[token] === 0) slots[token] = ++known
        masks[slots[token]! * wordCount + (place >>> 5)]! |= 1 << (place & 31)
      }
    },
    lengthWith: (tokens, from, to) =>
      wordCount === 1 ? lengthInOneWord(tokens, from, to) : lengthInWords(tokens, from, to),
  }
}

/** Number of set bits of a 32-bit integer. */
function ones(bits: number): number {
  let count = bits - ((bits >>> 1) & 0x55555555)
  count = (count & 0x33333333) + ((count >>> 2) & 0x33333333)
  return Math.imul((count + (count >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
