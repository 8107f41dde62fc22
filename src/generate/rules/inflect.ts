/** English agreement and casing for slots. Rules with the usual exceptions, not a dictionary. */

const silentH = /^(?:hour|honest|honou?r|heir)/i
/** Vowel letters that sound like a consonant: "a unit", "a European", "a one-off". */
const consonantSound = /^(?:uni(?=[tvfqsco]|lat)|unan|u[bcfhjkqrst][aeiou]|eu|ewe|once|one(?![a-z]))/i
/** Letters whose names begin with a vowel: "an F-16", "an MD-80". */
const vowelName = /^[AEFHILMNORSX]/

/** "a" or "an" before a word, by its sound. Abbreviations of up to three capitals are spelt out: "an MD-80", "a UH-60". */
export function articleOf(word: string): 'a' | 'an' {
  const first = /[\p{L}\p{N}]+/u.exec(word)?.[0] ?? ''
  if (/^\d/.test(first)) return /^(?:8|11(?!\d)|18(?!\d))/.test(first) ? 'an' : 'a'
  const letters = /^\p{L}+/u.exec(first)?.[0] ?? ''
  const isSpelt = letters === letters.toUpperCase() && (letters.length <= 3 || !/[AEIOUY]/.test(letters))
  if (isSpelt) return vowelName.test(letters) ? 'an' : 'a'
  if (silentH.test(letters)) return 'an'
  return /^[aeiouàáâäåæèéêëìíîïòóôöøùúûü]/i.test(letters) && !consonantSound.test(letters) ? 'an' : 'a'
}

const irregular: Readonly<Record<string, string>> = {
  goose: 'geese',
  mongoose: 'mongooses',
  mouse: 'mice',
  man: 'men',
  woman: 'women',
  child: 'children',
  person: 'people',
  foot: 'feet',
  tooth: 'teeth',
  ox: 'oxen',
  wolf: 'wolves',
  calf: 'calves',
  leaf: 'leaves',
  knife: 'knives',
  life: 'lives',
  wife: 'wives',
  half: 'halves',
  loaf: 'loaves',
  shelf: 'shelves',
  thief: 'thieves',
  hero: 'heroes',
  potato: 'potatoes',
  tomato: 'tomatoes',
  echo: 'echoes',
  mosquito: 'mosquitoes',
  criterion: 'criteria',
  datum: 'data',
  analysis: 'analyses',
  crisis: 'crises',
  diagnosis: 'diagnoses',
  index: 'indices',
  quiz: 'quizzes',
}
const unchanged =
  /^(?:deer|sheep|fish|moose|swine|salmon|trout|bison|elk|series|species|aircraft|spacecraft|offspring)$/i

/** The plural of an English noun or of the last word of a phrase, in the case it came in. */
export function pluralOf(phrase: string): string {
  const [, before = '', word = ''] = /^(.*?)(\p{L}*)$/su.exec(phrase)!
  return before + pluralWord(word)
}

function pluralWord(word: string): string {
  const lower = word.toLowerCase()
  if (word === '' || unchanged.test(word)) return word
  const special = irregular[lower]
  if (special !== undefined) return likeCase(word, special)
  if (/(?:s|x|z|ch|sh)$/.test(lower)) return word + likeEnd(word, 'es')
  if (/[^aeiou]y$/.test(lower)) return word.slice(0, -1) + likeEnd(word, 'ies')
  return word + likeEnd(word, 's')
}

/** The singular of an English noun or of the last word of a phrase, in the case it came in. */
export function singularOf(phrase: string): string {
  const [, before = '', word = ''] = /^(.*?)(\p{L}*)$/su.exec(phrase)!
  const lower = word.toLowerCase()
  if (unchanged.test(word)) return phrase
  const special = Object.entries(irregular).find(([, plural]) => plural === lower)
  if (special !== undefined) return before + likeCase(word, special[0])
  const stems = [
    lower.endsWith('ies') ? word.slice(0, -3) + likeEnd(word, 'y') : null,
    /(?:ss|(?<![ao])us|x|zz|ch|sh)es$/.test(lower) ? word.slice(0, -2) : null,
    lower.endsWith('s') ? word.slice(0, -1) : null,
  ]
  return before + (stems.find(stem => stem !== null && stem !== '' && pluralWord(stem) === word) ?? word)
}

function likeCase(word: string, other: string): string {
  if (word.length > 1 && word === word.toUpperCase()) return other.toUpperCase()
  return word[0] === word[0]!.toUpperCase() ? capitalOf(other) : other
}

function likeEnd(word: string, ending: string): string {
  return word.length > 1 && word === word.toUpperCase() ? ending.toUpperCase() : ending
}

/** With its first letter large, the rest as it was. */
export function capitalOf(text: string): string {
  const [first = ''] = text
  return first.toUpperCase() + text.slice(first.length)
}

/** With the first letter of every word large and the others small. */
export function titleOf(text: string): string {
  return text.toLowerCase().replaceAll(/(?<![\p{L}\p{N}'’])\p{L}/gu, letter => letter.toUpperCase())
}
