import type { Random } from '../../../data/random.ts'
import { type NoiseModel, type TypingMistake, typingMistakes } from './noise-model.ts'

/** Shorter words have too many neighbours to tell a mistake from a word. */
const fewestLetters = 4
/** A word is taken for a mistake for one that is at least so many times as frequent. */
const timesAsFrequent = 5

/**
 * The share of words with a typing mistake. A mistake is a rare word that one edit makes of a frequent or known one: a letter
 * replaced, left out, added, or exchanged with its neighbour (Damerau 1964), never the first letter (Pollock and Zamora
 * 1984) and not the last, which may be an ending. Words without such a frequent or known twin count for nothing, as mistakes in them
 * would not be found. The rate is drawn to 0.2 % with the weight of 200 words.
 */
export function fitTypos(
  texts: readonly string[],
  vocabulary: Iterable<string>,
): Pick<NoiseModel, 'typo' | 'typos'> {
  const counts = countWords(texts)
  const known = new Set([...vocabulary].flatMap(phrase => lettersOf(phrase)))
  const isRight = (word: string, times: number): boolean =>
    isMistypable(word) && (known.has(word) || (counts.get(word) ?? 0) >= timesAsFrequent * times)
  const twins = indexByDeletion([...new Set([...counts.keys(), ...known])].filter(word => isRight(word, 1)))
  const mistakes: Record<TypingMistake, number> = { replaced: 1, 'left-out': 1, added: 1, exchanged: 1 }
  let [wrong, eligible] = [0, 0]
  for (const [word, count] of counts) {
    const twin = known.has(word) ? null : findTwin(word, twins, candidate => isRight(candidate, count))
    if (twin !== null) {
      wrong += count
      mistakes[twin] += count
    }
    if (twin !== null || isRight(word, 1)) eligible += count
  }
  const total = typingMistakes.reduce((sum, kind) => sum + mistakes[kind], 0)
  return {
    typo: (wrong + 0.002 * 200) / (eligible + 200),
    typos: Object.fromEntries(
      typingMistakes.map(kind => [kind, mistakes[kind] / total]),
    ) as NoiseModel['typos'],
  }
}

/** How one edit makes the written word out of the right one; null where none does, or it is the right one's ending. */
export function mistakeFrom(right: string, written: string): TypingMistake | null {
  if (right === written || right[0] !== written[0] || isEnding(right, written)) return null
  let at = 0
  while (at < right.length && right[at] === written[at]) at++
  const [rest, other] = [right.slice(at), written.slice(at)]
  if (rest.slice(1) === other.slice(1)) return 'replaced'
  if (rest.slice(1) === other) return 'left-out'
  if (rest === other.slice(1)) return 'added'
  if (rest[0] === other[1] && rest[1] === other[0] && rest.slice(2) === other.slice(2)) return 'exchanged'
  return null
}

/** A word with one typing mistake of a kind, neither in its first nor its last letter; a replaced or added letter is a neighbour on the keyboard. */
export function mistype(word: string, kind: TypingMistake, random: Random): string {
  const at = random.integer(1, word.length - 2)
  const near = neighbours[word[at]!.toLowerCase()] ?? word[at - 1]!
  const small = near[random.integer(0, near.length - 1)]!
  const letter = word[at] === word[at]!.toLowerCase() ? small : small.toUpperCase()
  switch (kind) {
    case 'replaced':
      return word.slice(0, at) + letter + word.slice(at + 1)
    case 'left-out':
      return word.slice(0, at) + word.slice(at + 1)
    case 'added':
      return word.slice(0, at) + letter + word.slice(at)
    case 'exchanged':
      return word.slice(0, at) + word[at + 1]! + word[at]! + word.slice(at + 2)
  }
}

/** Whether a word is long enough to be mistyped. */
export function isMistypable(word: string): boolean {
  return word.length >= fewestLetters && /^\p{L}+$/u.test(word)
}

const rows = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm']
const neighbours: Readonly<Record<string, string>> = Object.fromEntries(
  rows.flatMap((row, line) =>
    [...row].map((letter, at) => {
      const beside = [row[at - 1], row[at + 1], rows[line - 1]?.[at], rows[line + 1]?.[at]]
      return [letter, beside.filter(other => other !== undefined).join('')]
    }),
  ),
)

/** One that grows out of the other by an ending: movie and movies, rate and rated, chilly and chills. */
function isEnding(one: string, other: string): boolean {
  let same = 0
  while (same < one.length && one[same] === other[same]) same++
  return same >= Math.max(one.length, other.length) - 1
}

function countWords(texts: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const word of texts.flatMap(lettersOf)) counts.set(word, (counts.get(word) ?? 0) + 1)
  return counts
}

function lettersOf(text: string): readonly string[] {
  return (text.toLowerCase().match(/[\p{L}'’]+/gu) ?? []).filter(word => isMistypable(`${word}x`))
}

/** Words by what is left of them when one letter, or none, is deleted: two words one edit apart share such a rest. */
function indexByDeletion(words: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const index = new Map<string, string[]>()
  for (const word of words)
    for (const rest of deletionsOf(word)) index.set(rest, [...(index.get(rest) ?? []), word])
  return index
}

function deletionsOf(word: string): readonly string[] {
  return [...new Set([word, ...Array.from(word, (_, at) => word.slice(0, at) + word.slice(at + 1))])]
}

function findTwin(
  word: string,
  twins: ReadonlyMap<string, readonly string[]>,
  isRight: (candidate: string) => boolean,
): TypingMistake | null {
  for (const rest of deletionsOf(word)) {
    for (const candidate of twins.get(rest) ?? []) {
      const mistake = mistakeFrom(candidate, word)
      if (mistake !== null && isRight(candidate)) return mistake
    }
  }
  return null
}
