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
  const precision = common / said.length
  const recall = common / expected.length
  return { precision, recall, f1: (2 * precision * recall) / (precision + recall) }
}

/** Length of the longest common subsequence of two lists, in O(|a| |b|) steps and O(|b|) memory. */
function longestCommonSubsequence(a: readonly string[], b: readonly string[]): number {
  const lengths = new Uint32Array(b.length + 1)
  for (const item of a) {
    let diagonal = 0
    for (let index = 0; index < b.length; index++) {
      const above = lengths[index + 1]!
      lengths[index + 1] = item === b[index] ? diagonal + 1 : Math.max(above, lengths[index]!)
      diagonal = above
    }
  }
  return lengths[b.length]!
}
