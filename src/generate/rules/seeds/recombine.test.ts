import { expect, test } from 'vitest'
import { createRandom } from '../../../data/random.ts'
import { readMarkup } from './markup.ts'
import { joinTemplates } from './recombine.ts'
import { replaceSynonyms } from './synonym.ts'
import { mergeTemplates, type Template, templateOf } from './template.ts'

function template(markup: string, labels: Record<string, string> = {}): Template {
  return templateOf({ ...readMarkup(markup), labels, fixed: {}, answer: null, annotated: true })
}

function shown({ tokens, mark }: Pick<Template, 'tokens' | 'mark'>): string {
  const parts = tokens.map(token =>
    token.kind === 'word'
      ? (token.space ? ' ' : '') + token.text
      : `${token.space ? ' ' : ''}${token.article === null ? '' : `${token.article}+`}{${token.choices.map(({ slot }) => slot).join('|')}}`,
  )
  return parts.join('') + (mark ?? '')
}

test('slots, articles and the mark at the end are taken out of the wording', () => {
  expect(shown(template("Book a [type: bar] for [n: 4], don't wait!"))).toBe(
    "Book a+{type} for {n}, don't wait!",
  )
})

test('wordings that agree but for case and the names of slots become one with their counts', () => {
  const merged = mergeTemplates([
    template('add [artist: A] to [playlist: P]'),
    template('Put [artist: A] on [playlist: P]'),
    template('Add [album: B] to [playlist: Q].'),
    template('add [artist: C] to [playlist: R]'),
  ])
  expect(merged.map(shown)).toEqual(['add {artist|album} to {playlist}.', 'Put {artist} on {playlist}'])
  expect(merged.map(({ count }) => count)).toEqual([3, 1])
  const [first] = merged[0]!.tokens.flatMap(token => (token.kind === 'slot' ? [token.choices] : []))
  expect(first!.map(({ slot, count }) => [slot, count])).toEqual([
    ['artist', 2],
    ['album', 1],
  ])
})

test('wordings of different labels stay apart', () => {
  expect(
    mergeTemplates([template('find [x: A]', { intent: 'a' }), template('find [x: B]', { intent: 'b' })]),
  ).toHaveLength(2)
})

function allJoins(one: string, other: string): readonly string[] {
  const random = createRandom(1, 'joins')
  const joins = Array.from({ length: 60 }, () => joinTemplates(template(one), template(other), random))
  return [...new Set(joins.map(join => (join === null ? 'none' : shown(join))))].toSorted()
}

test('two wordings are joined at a slot or a pair of words that they share', () => {
  expect(allJoins('add [song: A] to my [list: P]', 'put [song: B] in the [list: Q] list please')).toEqual([
    'add {song} in the {list} list please',
    'add {song} to my {list} list please',
  ])
  expect(allJoins('is it cold in [city: A]', 'show rain in [state: B] on [day: C]')).toEqual([
    'is it cold in {state} on {day}',
  ])
})

test('wordings that share no place, or only an end, are not joined', () => {
  expect(allJoins('play [song: A]', 'rain in [city: B]')).toEqual(['none'])
  expect(allJoins('play [song: A]', 'hear [song: B]')).toEqual(['none'])
})

test('a join does not name a slot more often than its parents', () => {
  expect(allJoins('from [city: A] to [day: B]', 'on [day: C] for fun')).toEqual([
    'from {city} to {day} for fun',
  ])
  expect(allJoins('from [city: A] to [day: B]', 'on [day: C] in [city: D]')).toEqual(['none'])
})

test('words give way to their synonyms, in their case and where the condition holds', () => {
  const random = createRandom(1, 'synonyms')
  const groups = [['find', 'look for'], { words: ['find', 'seek'], when: { intent: 'b' } }]
  const write = (labels: Record<string, string>): readonly string[] => {
    const { tokens } = template('Find the song find [x: find]', labels)
    const made = Array.from({ length: 40 }, () =>
      shown({ tokens: replaceSynonyms(tokens, { groups, labels, random }), mark: null }),
    )
    return [...new Set(made)].toSorted()
  }
  expect(write({ intent: 'a' })).toEqual([
    'Find the song find {x}',
    'Find the song look for {x}',
    'Look for the song find {x}',
    'Look for the song look for {x}',
  ])
})
