import type { Random } from '../../../data/random.ts'
import type { Row } from '../../../data/row.ts'
import { holds } from '../grammar.ts'
import { capitalOf } from '../inflect.ts'
import type { SeedsOptions } from './options.ts'
import type { Token } from './template.ts'

type SynonymGroup = SeedsOptions['synonyms'][number]

/** Words of the wording, each with the chance to be another one of its group: all of a group are equally likely. */
export function replaceSynonyms(
  tokens: readonly Token[],
  { groups, labels, random }: { groups: readonly SynonymGroup[]; labels: Row; random: Random },
): readonly Token[] {
  const phrases = groups
    .filter(group => !('when' in group) || holds(group.when, labels))
    .flatMap(group => {
      const words = 'words' in group ? group.words : group
      return words.map(phrase => ({ parts: phrase.toLowerCase().split(/\s+/), words }))
    })
    .toSorted((a, b) => b.parts.length - a.parts.length)
  const replaced: Token[] = []
  for (let at = 0; at < tokens.length;) {
    const found = phrases.find(({ parts }) =>
      parts.every((part, index) => wordAt(tokens, at + index) === part),
    )
    const token = tokens[at]!
    if (found === undefined || token.kind === 'slot') {
      replaced.push(token)
      at++
      continue
    }
    const chosen = random.pick(found.words)
    const isCapital = token.text[0] !== token.text[0]!.toLowerCase()
    replaced.push({ ...token, text: isCapital ? capitalOf(chosen) : chosen })
    at += found.parts.length
  }
  return replaced
}

function wordAt(tokens: readonly Token[], at: number): string | null {
  const token = tokens[at]
  return token?.kind === 'word' ? token.text.toLowerCase() : null
}
