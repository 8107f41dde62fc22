/**
 * Text as it is compared: Unicode NFKC, lower case, every run of white space one space, none at the ends.
 * Punctuation stays.
 */
export function normaliseText(text: string): string {
  const folded = text.normalize('NFKC').toLowerCase()
  return (/[^\S ]| {2}/u.test(folded) ? folded.replace(/\s+/gu, ' ') : folded).trim()
}

/** The words of a text in order, normalised: runs of letters, marks, digits and underscores of any script. */
export function words(text: string): readonly string[] {
  return normaliseText(text).match(/[\p{L}\p{M}\p{N}_]+/gu) ?? []
}

/**
 * Every run of `size` neighbouring words (an integer >= 1), joined by one space, in order and with repeats.
 * None where the text has fewer words.
 */
export function wordNgrams(text: string, size: number): readonly string[] {
  return runs(words(text), size, ' ')
}

/** Every run of `size` neighbouring characters (code points) of the normalised text, in order and with repeats. */
export function characterNgrams(text: string, size: number): readonly string[] {
  return runs([...normaliseText(text)], size, '')
}

function runs(items: readonly string[], size: number, separator: string): readonly string[] {
  if (!Number.isInteger(size) || size < 1) throw new RangeError(`n-gram size ${size} is not an integer >= 1`)
  const count = Math.max(0, items.length - size + 1)
  return Array.from({ length: count }, (_, start) => items.slice(start, start + size).join(separator))
}
