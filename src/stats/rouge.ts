import { createSubsequenceMatcher } from './lcs.ts'
import { words } from './ngrams.ts'

export interface RougeScore {
  readonly precision: number
  readonly recall: number
  readonly f1: number
}

/**
 * ROUGE-L of two texts as wholes (Lin 2004), each figure in [0, 1]: with L the length of the longest common
 * subsequence of their words, precision L / |candidate|, recall L / |reference| and their harmonic mean. No stemming.
 * Two texts without words are equal (1); one without words has nothing in common with the other (0).
 */
export function rougeL(candidate: string, reference: string): RougeScore {
  const said = words(candidate)
  const expected = words(reference)
  if (said.length === 0 && expected.length === 0) return { precision: 1, recall: 1, f1: 1 }
  const common = longestCommonSubsequence(said, expected)
  if (common === 0) return { precision: 0, recall: 0, f1: 0 }
  return {
    precision: common / said.length,
    recall: common / expected.length,
    f1: (2 * common) / (said.length + expected.length),
  }
}

/** Length of the longest common subsequence of two lists of words. */
function longestCommonSubsequence(a: readonly string[], b: readonly string[]): number {
  const numbers = new Map<string, number>()
  const numbered = (list: readonly string[]): Uint32Array =>
    Uint32Array.from(list, word => {
      if (!numbers.has(word)) numbers.set(word, numbers.size)
      return numbers.get(word)!
    })
  const matcher = createSubsequenceMatcher()
  matcher.setPattern(numbered(a))
  return matcher.lengthWith(numbered(b), 0, b.length)
}
