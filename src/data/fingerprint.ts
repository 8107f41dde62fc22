import { hash } from 'node:crypto'

/**
 * One-way marks of texts, with which copies are found without the texts: salted SHA-256, the first 48 bits of each, as
 * base64 of the sorted values. Plain data. A text of few words can still be guessed by who knows the salt.
 */
export interface Fingerprints {
  readonly salt: string
  /** Of whole texts, normalised. */
  readonly texts: string
  /** Of 13 words in a row. */
  readonly long: string
  /** Of 5 words in a row. */
  readonly short: string
}

export interface FingerprintMatch {
  /** The whole text, normalised, is one of the marked ones. */
  readonly exact: boolean
  /**
   * Share of the text's word n-grams that occur in a marked text, in [0, 1]: n is 13 (the custom of lm-evaluation-harness),
   * or 5 for a text of fewer words; with fewer than 5, 1 or 0 as it is exact or not.
   */
  readonly overlap: number
}

const LONG = 13
const SHORT = 5

/** Marks of texts. 5-grams are kept of every text, so that a short text cut out of a long one is found. */
export function fingerprintTexts(texts: readonly string[], salt: string): Fingerprints {
  const whole = new Set<number>()
  const long = new Set<number>()
  const short = new Set<number>()
  for (const text of texts) {
    const words = wordsOf(text)
    if (words.length === 0) continue
    whole.add(markOf(words.join(' '), salt))
    for (const gram of gramsOf(words, LONG)) long.add(markOf(gram, salt))
    for (const gram of gramsOf(words, SHORT)) short.add(markOf(gram, salt))
  }
  return { salt, texts: pack(whole), long: pack(long), short: pack(short) }
}

/** Whether a whole text, normalised, is one of the marked ones: `exact` alone, at a fraction of the work. */
export function isFingerprinted(text: string, fingerprints: Fingerprints): boolean {
  const words = wordsOf(text)
  return words.length > 0 && unpacked(fingerprints).texts.has(markOf(words.join(' '), fingerprints.salt))
}

/**
 * How much of a text the marked ones hold. Where that is sure to be no more than `above`, the overlap is given as 0 and half
 * of the work is spared.
 */
export function matchFingerprints(text: string, fingerprints: Fingerprints, above = 0): FingerprintMatch {
  const marks = unpacked(fingerprints)
  const words = wordsOf(text)
  const exact = words.length > 0 && marks.texts.has(markOf(words.join(' '), fingerprints.salt))
  const grams = gramsOf(words, words.length >= LONG ? LONG : SHORT)
  if (grams.length === 0) return { exact, overlap: exact ? 1 : 0 }
  const known = words.length >= LONG ? marks.long : marks.short
  let unseen = 0
  for (const gram of grams) {
    if (known.has(markOf(gram, fingerprints.salt))) continue
    unseen++
    if ((grams.length - unseen) / grams.length <= above) return { exact, overlap: 0 }
  }
  return { exact, overlap: (grams.length - unseen) / grams.length }
}

/** Lower case, compatibility forms made one (NFKC), and all that is neither letter nor digit folded into single spaces. */
export function normaliseText(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M}]+/gu, ' ')
    .trim()
}

/** Words between spaces; each sign of a script that writes none is a word of its own. */
function wordsOf(text: string): readonly string[] {
  return (
    normaliseText(text).match(
      /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[^\s\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]+/gu,
    ) ?? []
  )
}

function gramsOf(words: readonly string[], size: number): readonly string[] {
  return Array.from({ length: Math.max(0, words.length - size + 1) }, (_, start) =>
    words.slice(start, start + size).join(' '),
  )
}

const BYTES = 6

function markOf(text: string, salt: string): number {
  return hash('sha256', `${salt}\n${text}`, 'buffer').readUIntBE(0, BYTES)
}

function pack(marks: ReadonlySet<number>): string {
  const bytes = Buffer.alloc(marks.size * BYTES)
  for (const [index, mark] of [...marks].toSorted((a, b) => a - b).entries())
    bytes.writeUIntBE(mark, index * BYTES, BYTES)
  return bytes.toString('base64')
}

function unpack(packed: string): ReadonlySet<number> {
  const bytes = Buffer.from(packed, 'base64')
  const marks = new Set<number>()
  for (let at = 0; at < bytes.length; at += BYTES) marks.add(bytes.readUIntBE(at, BYTES))
  return marks
}

interface Marks {
  readonly texts: ReadonlySet<number>
  readonly long: ReadonlySet<number>
  readonly short: ReadonlySet<number>
}

/** Unpacked once for all the texts that are matched against the same fingerprints. */
const unpackedMarks = new WeakMap<Fingerprints, Marks>()

function unpacked(fingerprints: Fingerprints): Marks {
  const known = unpackedMarks.get(fingerprints)
  if (known !== undefined) return known
  const { texts, long, short } = fingerprints
  const marks: Marks = { texts: unpack(texts), long: unpack(long), short: unpack(short) }
  unpackedMarks.set(fingerprints, marks)
  return marks
}
