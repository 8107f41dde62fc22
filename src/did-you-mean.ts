import { distance } from 'fastest-levenshtein'

/**
 * The known word that was most likely meant, else nothing: one of the same letters in another order, one that begins
 * like it, or the one with the fewest edits (Levenshtein 1966) if those are at most two in five letters.
 */
export function nearestWord(word: string, known: readonly string[]): string | undefined {
  const written = word.toLowerCase()
  let nearest: string | undefined
  let fewest = Infinity
  for (const candidate of known) {
    const lower = candidate.toLowerCase()
    const edits = isVariant(written, lower) ? Math.min(1, distance(written, lower)) : distance(written, lower)
    const allowed = Math.max(1, Math.floor(Math.max(written.length, lower.length) * 0.4))
    if (edits <= allowed && edits < fewest) {
      nearest = candidate
      fewest = edits
    }
  }
  return nearest
}

/** Whether one word begins with the other, or both have the same letters. */
function isVariant(one: string, other: string): boolean {
  if (Math.min(one.length, other.length) < 3) return false
  return one.startsWith(other) || other.startsWith(one) || sortLetters(one) === sortLetters(other)
}

function sortLetters(word: string): string {
  return [...word].toSorted().join('')
}

/** ` Did you mean "x"?` with its leading space, or nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  const nearest = nearestWord(word, known)
  return nearest === undefined ? '' : ` Did you mean "${nearest}"?`
}

/** `a, b or c`; past twelve, the rest as a number. */
export function oneOf(words: readonly string[]): string {
  if (words.length > 12) return `${words.slice(0, 11).join(', ')} or ${words.length - 11} more`
  if (words.length < 2) return words.join('')
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}
