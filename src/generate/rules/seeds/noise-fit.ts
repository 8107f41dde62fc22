import {
  abbreviations as englishAbbreviations,
  contractions,
  fillers as englishFillers,
  questionWords,
  statementWords,
} from './english.ts'
import { type Casing, casings, type Mood, moods, type NoiseModel, type NoiseOptions } from './noise-model.ts'
import { fitTypos } from './typo.ts'

/**
 * What a rate is drawn to while there is little to measure it on: `strength` observations' worth of `rate` are added, the
 * mean of a beta prior. Clean writing is assumed until texts show otherwise.
 */
interface Prior {
  readonly rate: number
  readonly strength: number
}

const rare: Prior = { rate: 0.005, strength: 20 }
const casingPrior: Readonly<Record<Casing, number>> = { sentence: 2, plain: 0.2, lower: 0.6, upper: 0.02 }

/** (hits + rate x strength) / (trials + strength). */
export function shrunkRate(hits: number, trials: number, { rate, strength }: Prior): number {
  return (hits + rate * strength) / (trials + strength)
}

/** Measures the noise of real texts. `vocabulary` are words known to be right besides those that the texts repeat. */
export function fitNoise(
  texts: readonly string[],
  options: NoiseOptions,
  vocabulary: Iterable<string> = [],
): NoiseModel {
  const fillers = options.fillers ?? englishFillers
  const before = countFillers(texts, fillers.before, 'before')
  const after = countFillers(texts, fillers.after, 'after')
  const marked = texts.filter(text => /[.?!]\s*$/.test(text)).length
  return {
    casing: fitCasing(texts),
    endDropped: shrunkRate(texts.length - marked, texts.length, { rate: 0.2, strength: 4 }),
    apostropheDropped: fitApostrophes(texts),
    ...fitTypos(texts, vocabulary),
    before: shrunkRate(sum(before), texts.length, rare),
    after: shrunkRate(sum(after), texts.length, rare),
    fillers: { before, after },
    moods: fitMoods(texts, Object.keys(before)),
    abbreviations: fitAbbreviations(texts, options.abbreviations ?? englishAbbreviations),
  }
}

/** Casing of a text; null where it has no letters with case. */
export function casingOf(text: string): Casing | null {
  const letters = text.replaceAll(/[^\p{L}]/gu, '')
  if (letters.toLowerCase() === letters.toUpperCase()) return null
  if (letters === letters.toLowerCase()) return 'lower'
  if (letters === letters.toUpperCase() && letters.length > 3) return 'upper'
  return letters[0] === letters[0]!.toUpperCase() ? 'sentence' : 'plain'
}

function fitCasing(texts: readonly string[]): NoiseModel['casing'] {
  const counts: Record<Casing, number> = { ...casingPrior }
  for (const text of texts) {
    const casing = casingOf(text)
    if (casing !== null) counts[casing]++
  }
  const total = sum(counts)
  return Object.fromEntries(casings.map(casing => [casing, counts[casing] / total])) as NoiseModel['casing']
}

function fitApostrophes(texts: readonly string[]): number {
  const bare = new Set([...contractions].map(word => word.replace("'", '')))
  let [dropped, all] = [0, 0]
  for (const word of texts.flatMap(text => text.toLowerCase().match(/[\p{L}'’]+/gu) ?? [])) {
    if (bare.has(word)) dropped++
    if (bare.has(word) || contractions.has(word.replace('’', "'"))) all++
  }
  return shrunkRate(dropped, all, { rate: 0.05, strength: 4 })
}

/** The filler that a text begins or ends with, and the text without it. */
export function takeFiller(
  text: string,
  fillers: readonly string[],
  side: 'before' | 'after',
): { readonly filler: string | null; readonly rest: string } {
  for (const filler of fillers.toSorted((a, b) => b.length - a.length)) {
    const words = escapePattern(filler)
    const pattern =
      side === 'before'
        ? new RegExp(`^\\s*${words}(?![\\p{L}\\p{N}'’])\\s*,?\\s*`, 'iu')
        : new RegExp(`\\s*,?\\s+${words}(?=\\s*[.?!]*\\s*$)`, 'iu')
    const rest = text.replace(pattern, '')
    if (rest !== text && /\p{L}/u.test(rest)) return { filler, rest }
  }
  return { filler: null, rest: text }
}

function countFillers(
  texts: readonly string[],
  fillers: readonly string[],
  side: 'before' | 'after',
): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const text of texts) {
    const { filler } = takeFiller(text, fillers, side)
    if (filler !== null) counts[filler] = (counts[filler] ?? 0) + 1
  }
  return counts
}

/** The moods of the texts that each filler stands before. */
function fitMoods(texts: readonly string[], fillers: readonly string[]): NoiseModel['moods'] {
  const taken = texts.map(text => takeFiller(text, fillers, 'before'))
  return Object.fromEntries(
    fillers.map(filler => {
      const seen = new Set(taken.filter(each => each.filler === filler).map(({ rest }) => moodOf(rest)))
      return [filler, moods.filter(mood => seen.has(mood))]
    }),
  )
}

/** By its mark and its first words: a question word among three, or a statement's beginning; else a request. */
export function moodOf(text: string): Mood {
  const [first = '', ...next] = (text.toLowerCase().match(/[\p{L}'’]+/gu) ?? [])
    .slice(0, 3)
    .map(word => word.replace('’', "'"))
  if (/\?\s*$/.test(text) || [first, ...next].some(word => questionWords.has(word))) return 'question'
  return statementWords.has(first) ? 'statement' : 'request'
}

/** The rate of each phrase, drawn to that of all phrases together. */
function fitAbbreviations(
  texts: readonly string[],
  known: Readonly<Record<string, readonly string[]>>,
): NoiseModel['abbreviations'] {
  const counted = Object.entries(known).map(([phrase, ways]) => ({
    phrase,
    full: countPhrase(texts, phrase),
    ways: Object.fromEntries(ways.map(way => [way, countPhrase(texts, way)])),
  }))
  const short = counted.reduce((total, { ways }) => total + sum(ways), 0)
  const full = counted.reduce((total, each) => total + each.full, 0)
  const overall = shrunkRate(short, short + full, rare)
  return Object.fromEntries(
    counted.map(entry => {
      const seen = sum(entry.ways)
      const prior = { rate: overall, strength: 10 }
      return [
        entry.phrase.toLowerCase(),
        { rate: shrunkRate(seen, seen + entry.full, prior), ways: entry.ways },
      ]
    }),
  )
}

function countPhrase(texts: readonly string[], phrase: string): number {
  const pattern = phrasesPattern([phrase])
  return texts.reduce((count, text) => count + (text.match(pattern)?.length ?? 0), 0)
}

/** Phrases as whole words, in any case, the longest first. */
export function phrasesPattern(phrases: readonly string[]): RegExp {
  const any = phrases
    .toSorted((a, b) => b.length - a.length)
    .map(phrase => escapePattern(phrase).replaceAll(/\s+/g, '\\s+'))
  // Without phrases, what never matches.
  return new RegExp(`(?<![\\p{L}\\p{N}'’&/])(?:${any.join('|') || '(?!)'})(?![\\p{L}\\p{N}'’/])`, 'giu')
}

function escapePattern(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&')
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0)
}
