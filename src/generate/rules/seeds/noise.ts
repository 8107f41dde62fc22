import type { Random } from '../../../data/random.ts'
import { capitalOf } from '../inflect.ts'
import { contractions, questionWords } from './english.ts'
import type { Segment } from './markup.ts'
import { casingOf, moodOf, phrasesPattern } from './noise-fit.ts'
import { type Casing, casings, type NoiseModel, typingMistakes } from './noise-model.ts'
import { isMistypable, mistype } from './typo.ts'

/**
 * Clean segments as people would have written them: one draw of the channel, part by part, so that slots stay known.
 * The segments have no mark at their end; `mark` is the one that belongs there, or null where it is not known.
 */
export function addNoise(
  segments: readonly Segment[],
  model: NoiseModel,
  { mark, random }: { readonly mark: string | null; readonly random: Random },
): readonly Segment[] {
  const worded = withFillers(segments, model, random).map(({ text, slot }): Segment => {
    const shortened = shorten(text, model, random)
    return { slot, text: mistypeWords(dropApostrophes(shortened, model, random), model, random) }
  })
  const ended = withEnd(worded, model, { mark: mark ?? markOf(segments), random })
  return inCasing(ended, casings[random.weighted(casings.map(casing => model.casing[casing]))]!)
}

function withFillers(segments: readonly Segment[], model: NoiseModel, random: Random): readonly Segment[] {
  const mood = moodOf(segments.map(({ text }) => text).join(''))
  const draw = (side: 'before' | 'after'): string | null => {
    const known = Object.entries(model.fillers[side]).filter(
      ([filler]) => side === 'after' || model.moods[filler]!.includes(mood),
    )
    if (random.next() >= model[side] || known.length === 0) return null
    return known[random.weighted(known.map(([, count]) => count))]![0]
  }
  const [before, after] = [draw('before'), draw('after')]
  const [first, ...rest] = segments
  const plain =
    first?.slot === null && !keepsCapital(first.text)
      ? [{ ...first, text: smallFirst(first.text) }, ...rest]
      : segments
  return [
    ...(before === null ? segments : [{ text: `${before} `, slot: null }, ...plain]),
    ...(after === null ? [] : [{ text: ` ${after}`, slot: null }]),
  ]
}

function shorten(text: string, model: NoiseModel, random: Random): string {
  return text.replaceAll(abbreviable(model), found => {
    const { rate, ways } = model.abbreviations[found.toLowerCase().replaceAll(/\s+/g, ' ')]!
    if (random.next() >= rate) return found
    const known = Object.entries(ways)
    return known[random.weighted(known.map(([, count]) => count + 0.1))]![0]
  })
}

const patterns = new WeakMap<NoiseModel, RegExp>()

/** Every phrase that a model can shorten, made once a model. */
function abbreviable(model: NoiseModel): RegExp {
  const known = patterns.get(model)
  if (known !== undefined) return known
  const pattern = phrasesPattern(Object.keys(model.abbreviations))
  patterns.set(model, pattern)
  return pattern
}

function dropApostrophes(text: string, model: NoiseModel, random: Random): string {
  return text.replaceAll(/[\p{L}]+['’][\p{L}]+/gu, word =>
    contractions.has(word.toLowerCase().replace('’', "'")) && random.next() < model.apostropheDropped
      ? word.replace(/['’]/, '')
      : word,
  )
}

function mistypeWords(text: string, model: NoiseModel, random: Random): string {
  const weights = typingMistakes.map(kind => model.typos[kind])
  return text.replaceAll(/[\p{L}'’]+/gu, word =>
    isMistypable(word) && random.next() < model.typo
      ? mistype(word, typingMistakes[random.weighted(weights)]!, random)
      : word,
  )
}

function withEnd(
  segments: readonly Segment[],
  model: NoiseModel,
  { mark, random }: { mark: string; random: Random },
): readonly Segment[] {
  return random.next() < model.endDropped ? segments : [...segments, { text: mark, slot: null }]
}

function markOf(segments: readonly Segment[]): string {
  const [first = ''] = /[\p{L}'’]+/u.exec(segments.map(({ text }) => text).join('')) ?? []
  return questionWords.has(first.toLowerCase().replace('’', "'")) ? '?' : '.'
}

function inCasing(segments: readonly Segment[], casing: Casing): readonly Segment[] {
  switch (casing) {
    case 'lower':
      return segments.map(({ text, slot }) => ({ slot, text: text.toLowerCase() }))
    case 'upper':
      return segments.map(({ text, slot }) => ({ slot, text: text.toUpperCase() }))
    case 'sentence':
      return segments.map((segment, index) =>
        index === 0 ? { ...segment, text: capitalOf(segment.text) } : segment,
      )
    case 'plain': {
      const [first] = segments
      if (first === undefined || first.slot !== null || keepsCapital(first.text)) return segments
      return [{ ...first, text: smallFirst(first.text) }, ...segments.slice(1)]
    }
  }
}

/** "I", or a word all in capitals. */
function keepsCapital(text: string): boolean {
  const [word = ''] = /[\p{L}]+/u.exec(text) ?? []
  return word === 'I' || (word.length > 1 && casingOf(word) === 'upper')
}

function smallFirst(text: string): string {
  const [first = ''] = text
  return first.toLowerCase() + text.slice(first.length)
}
