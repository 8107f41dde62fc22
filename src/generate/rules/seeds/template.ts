import type { Value } from '../../../data/row.ts'
import { hashOf } from '../../../data/hash.ts'
import { leavesOf } from './locate.ts'
import type { Mark, Seed, SlotForm } from './seed.ts'

/** What a slot of a template was in a seed. */
export interface SlotChoice {
  readonly slot: string
  readonly key: string
  readonly forms: readonly SlotForm[]
  /** Seeds that have it here. */
  readonly count: number
}

/** A word, a mark of punctuation, or a slot. */
export type Token =
  | { readonly kind: 'word'; readonly text: string; readonly space: boolean }
  | {
      readonly kind: 'slot'
      readonly space: boolean
      /** The indefinite article before it, as it stood there; null where there is none. */
      readonly article: string | null
      readonly choices: readonly SlotChoice[]
    }

/** The wording of one or more seeds, with the slots taken out. */
export interface Template {
  /** Values that the wording goes with. */
  readonly labels: Readonly<Record<string, Value>>
  /** Values of the answer that the text does not show. */
  readonly fixed: Readonly<Record<string, Value>>
  readonly answer: string | null
  readonly annotated: boolean
  readonly tokens: readonly Token[]
  /** Mark at the end of the sentence; null where its seeds have none. */
  readonly mark: string | null
  /** Seeds with this wording. */
  readonly count: number
}

/** The template of one seed. */
export function templateOf({ text, marks, labels, fixed, answer, annotated }: Seed): Template {
  const tokens: Token[] = []
  let at = 0
  for (const mark of marks) {
    tokens.push(...wordTokens(text.slice(at, mark.start)))
    tokens.push(slotToken(mark, tokens, /\s$/u.test(text.slice(0, mark.start))))
    at = mark.end
  }
  tokens.push(...wordTokens(text.slice(at)))
  const last = tokens.at(-1)
  const mark = last?.kind === 'word' && /^[.?!]$/.test(last.text) ? last.text : null
  const kept = mark === null ? tokens : tokens.slice(0, -1)
  return { labels, fixed, answer, annotated, tokens: kept, mark, count: 1 }
}

/** Takes an article that stands before the slot into it, so that it agrees with other values. */
function slotToken(mark: Mark, tokens: Token[], space: boolean): Token {
  const { slot, key, forms } = mark
  const choices = [{ slot, key, forms, count: 1 }]
  const before = tokens.at(-1)
  if (space && before?.kind === 'word' && /^an?$/i.test(before.text)) {
    tokens.pop()
    return { kind: 'slot', space: before.space, article: before.text, choices }
  }
  return { kind: 'slot', space, article: null, choices }
}

function wordTokens(text: string): readonly Token[] {
  return [...text.matchAll(/(\s*)([\p{L}\p{N}]+(?:['’&-][\p{L}\p{N}]+)*|\S)/gu)].map(([, blank, word]) => ({
    kind: 'word',
    text: word!,
    space: blank !== '',
  }))
}

/**
 * Templates with one entry for each wording: those that agree in words, whatever their case, and in the places of their
 * slots become one, whose slots take what any of them had there. In the order of their first seeds.
 */
export function mergeTemplates(templates: readonly Template[]): readonly Template[] {
  const merged = new Map<string, Template>()
  for (const template of templates) {
    const key = `${frameOf(template)} ${wordingOf(template.tokens)}`
    const known = merged.get(key)
    merged.set(key, known === undefined ? template : mergeTwo(known, template))
  }
  return [...merged.values()]
}

/** What two templates must have in common to be merged or recombined. */
export function frameOf({ labels, fixed, answer, annotated }: Template): string {
  return hashOf({
    labels,
    fixed,
    annotated,
    shape: answer === null ? null : leavesOf(answer).map(({ key }) => key),
  })
}

/** The wording without its case and the names of its slots. */
export function wordingOf(tokens: readonly Token[]): string {
  return tokens.map(token => (token.kind === 'slot' ? '\0' : token.text.toLowerCase())).join(' ')
}

function mergeTwo(one: Template, other: Template): Template {
  return {
    ...one,
    tokens: one.tokens.map((token, index) => {
      const twin = other.tokens[index]!
      if (token.kind === 'word' || twin.kind === 'word') return token
      return {
        ...token,
        article: token.article ?? twin.article,
        choices: addChoices(token.choices, twin.choices),
      }
    }),
    mark: one.mark ?? other.mark,
    count: one.count + other.count,
  }
}

function addChoices(choices: readonly SlotChoice[], more: readonly SlotChoice[]): readonly SlotChoice[] {
  const sum = [...choices]
  for (const choice of more) {
    const same = ({ key, forms }: SlotChoice): boolean =>
      key === choice.key && forms.join() === choice.forms.join()
    const index = sum.findIndex(same)
    if (index < 0) sum.push(choice)
    else sum[index] = { ...sum[index]!, count: sum[index]!.count + choice.count }
  }
  return sum
}
