import type { Random } from '../../../data/random.ts'
import { type SlotChoice, type Template, type Token, wordingOf } from './template.ts'

interface Join {
  /** Tokens of the first template that are kept, the shared one included. */
  readonly head: number
  /** First token of the second template that follows. */
  readonly tail: number
}

/**
 * The first part of one template and the second part of another, joined where they agree: at a slot that can be the
 * same, or at a word that the same word or a slot follows in both. (Recombination of aligned examples: Jia and Liang
 * 2016; splicing at a shared pair is what a Markov chain over the templates could say.) Null where they share no such
 * place, or where the joined text would be one of the two or name a slot more often than either.
 */
export function joinTemplates(one: Template, other: Template, random: Random): Template | null {
  const known = new Set([wordingOf(one.tokens), wordingOf(other.tokens)])
  const candidates = joinsOf(one.tokens, other.tokens).flatMap(join => {
    const tokens = joinTokens(one.tokens, other.tokens, join)
    if (known.has(wordingOf(tokens)) || repeatsSlots(tokens, one.tokens, other.tokens)) return []
    return [tokens]
  })
  if (candidates.length === 0) return null
  return { ...one, tokens: random.pick(candidates), mark: other.mark ?? one.mark, count: 1 }
}

function joinsOf(one: readonly Token[], other: readonly Token[]): readonly Join[] {
  const joins: Join[] = []
  for (const [head, token] of one.entries()) {
    for (const [tail, twin] of other.entries()) {
      // Each must bring something of its own, or the other would only be cut off.
      if (head === 0 || tail + 1 === other.length) continue
      if (agree(token, twin) && (token.kind === 'slot' || agreeAfter(one[head + 1], other[tail + 1]))) {
        joins.push({ head: head + 1, tail: tail + 1 })
      }
    }
  }
  return joins
}

function agree(one: Token, other: Token): boolean {
  if (one.kind === 'word') return other.kind === 'word' && one.text.toLowerCase() === other.text.toLowerCase()
  return other.kind === 'slot' && commonChoices(one.choices, other.choices).length > 0
}

function agreeAfter(one: Token | undefined, other: Token | undefined): boolean {
  if (one === undefined || other === undefined) return false
  return (one.kind === 'slot' && other.kind === 'slot') || agree(one, other)
}

function joinTokens(one: readonly Token[], other: readonly Token[], { head, tail }: Join): readonly Token[] {
  const shared = one[head - 1]!
  const twin = other[tail - 1]!
  const kept: Token =
    shared.kind === 'slot' && twin.kind === 'slot'
      ? { ...shared, choices: commonChoices(shared.choices, twin.choices) }
      : shared
  return [...one.slice(0, head - 1), kept, ...other.slice(tail)]
}

function commonChoices(choices: readonly SlotChoice[], others: readonly SlotChoice[]): readonly SlotChoice[] {
  return choices.filter(({ slot }) => others.some(other => other.slot === slot))
}

function repeatsSlots(tokens: readonly Token[], one: readonly Token[], other: readonly Token[]): boolean {
  const [own, first, second] = [tokens, one, other].map(countSlots)
  return [...own!].some(([slot, count]) => count > Math.max(first!.get(slot) ?? 0, second!.get(slot) ?? 0))
}

function countSlots(tokens: readonly Token[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const token of tokens) {
    if (token.kind === 'word') continue
    for (const slot of new Set(token.choices.map(choice => choice.slot))) {
      counts.set(slot, (counts.get(slot) ?? 0) + 1)
    }
  }
  return counts
}
