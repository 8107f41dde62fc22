import type { Example } from '../data/example.ts'
import {
  tokenizeExample,
  truncateExample,
  type ChatFormat,
  type LearnedTurns,
  type TokenizedExample,
  type Untokenizable,
} from './conversation.ts'

/** Something about a training set that makes a model learn badly or not at all. */
export interface PreflightFinding {
  readonly check: PreflightCheck
  /** With an `error`, training must not begin. */
  readonly severity: 'error' | 'warning'
  readonly message: string
  /** Ids of the examples that it is about, in their order; none where it is about the model. */
  readonly examples: readonly string[]
}

export type PreflightCheck =
  | 'answer'
  | 'roles'
  | 'template'
  | 'prompt-prefix'
  | 'trainable-tokens'
  | 'length'
  | 'begin-token'
  | 'end-of-turn'
  | 'pad-token'
  | 'special-text'
  | 'refusal'

export interface Preflight {
  readonly findings: readonly PreflightFinding[]
  /** Examples that can be learned, cut down to the limit. */
  readonly examples: readonly TokenizedExample[]
  /** How many examples have how many tokens, before anything is cut. */
  readonly lengths: LengthHistogram
}

export interface LengthHistogram {
  readonly limit: number
  /** Examples of at most `upTo` tokens, and of more than the one before. */
  readonly buckets: readonly { readonly upTo: number; readonly count: number }[]
  readonly longest: number
}

/** A histogram of lengths as a line to read. */
export function lengthsText({ buckets, limit, longest }: LengthHistogram): string {
  const filled = buckets.filter(({ count }) => count > 0)
  const counts = filled.map(({ upTo, count }) => `${count} of up to ${upTo} tokens`)
  return `Examples: ${counts.join(', ')}; the longest has ${longest}, and ${limit} are learned.`
}

/** Tokenizes the examples as `turnsOf` says of each and looks for what is known to spoil training. Nothing is thrown. */
export function preflight(
  format: ChatFormat,
  examples: readonly Example[],
  options: { readonly turnsOf: (example: Example) => LearnedTurns; readonly limit: number },
): Preflight {
  const results = examples.map(example => tokenizeExample(format, example, options.turnsOf(example)))
  const whole = results.filter(result => 'ids' in result)
  const cut = whole.map(example => truncateExample(example, options.limit))
  const found = [
    ...modelFindings(format),
    ...messageFindings(format, examples),
    ...untokenizableFindings(results),
    ...tokenFindings(format, whole, options.limit),
  ]
  return {
    findings: found.filter(({ check, examples }) => check === 'pad-token' || examples.length > 0),
    examples: cut.filter(isLearnable),
    lengths: lengthHistogram(whole, options.limit),
  }
}

function modelFindings({ endIds, padId }: ChatFormat): readonly PreflightFinding[] {
  const message = `the token that fills batches up (${padId}) also ends turns`
  return endIds.includes(padId) ? [{ check: 'pad-token', severity: 'error', message, examples: [] }] : []
}

function messageFindings(format: ChatFormat, examples: readonly Example[]): readonly PreflightFinding[] {
  return [
    finding('roles', 'error', 'have turns in an order that no chat has', examples.filter(hasOddRoles)),
    finding('answer', 'error', 'have an empty answer', examples.filter(hasEmptyAnswer)),
    finding('refusal', 'warning', 'have an answer that refuses to answer', examples.filter(isRefusal)),
    finding(
      'special-text',
      'warning',
      'have the name of a special token in their text',
      examples.filter(({ messages }) => messages.some(({ content }) => holdsSpecial(format, content))),
    ),
  ]
}

function untokenizableFindings(
  results: readonly (TokenizedExample | Untokenizable)[],
): readonly PreflightFinding[] {
  const having = (problem: Untokenizable['problem']): readonly { readonly id: string }[] =>
    results.filter(result => 'problem' in result && result.problem === problem)
  return [
    finding('answer', 'error', 'have no answer', having('no answer')),
    finding('template', 'error', 'are refused by the chat template', having('template refuses')),
    finding(
      'template',
      'error',
      'have earlier turns that the template rewrites',
      having('history is rewritten'),
    ),
    finding(
      'prompt-prefix',
      'error',
      'have a prompt whose tokens do not begin those of the whole',
      having('prompt is no token prefix'),
    ),
  ]
}

function tokenFindings(
  format: ChatFormat,
  whole: readonly TokenizedExample[],
  limit: number,
): readonly PreflightFinding[] {
  const { begin } = format.tokenizer.special
  const beginId = begin === null ? undefined : format.tokenizer.idOf(begin)
  const long = whole.filter(({ ids }) => ids.length > limit)
  return [
    finding(
      'trainable-tokens',
      'error',
      `have no token to learn within ${limit} tokens`,
      whole.filter(example => !isLearnable(truncateExample(example, limit))),
    ),
    finding(
      'length',
      'warning',
      `are longer than ${limit} tokens and lose the end of their answer`,
      long.filter(example => isLearnable(truncateExample(example, limit))),
    ),
    finding(
      'begin-token',
      'error',
      `begin with ${begin} more than once`,
      // Further on it may stand as often as the template likes: SmolLM2 opens every turn with it.
      whole.filter(({ ids }) => beginId !== undefined && ids[0] === beginId && ids[1] === beginId),
    ),
    finding(
      'end-of-turn',
      'error',
      'have an answer without a token that ends it',
      whole.filter(({ ids, learned }) => isLearnable({ learned }) && !format.endIds.includes(ids.at(-1)!)),
    ),
  ]
}

function finding(
  check: PreflightCheck,
  severity: PreflightFinding['severity'],
  message: string,
  examples: readonly { readonly id: string }[],
): PreflightFinding {
  return { check, severity, message, examples: examples.map(({ id }) => id) }
}

function isLearnable({ learned }: Pick<TokenizedExample, 'learned'>): boolean {
  return learned.includes(1)
}

/** A system turn first if at all, then users and assistants in turn, a user first. */
function hasOddRoles({ messages }: Example): boolean {
  const turns = messages[0]?.role === 'system' ? messages.slice(1) : messages
  return turns.some(({ role }, index) => role !== (index % 2 === 0 ? 'user' : 'assistant'))
}

function hasEmptyAnswer({ messages }: Example): boolean {
  return messages.some(({ role, content }) => role === 'assistant' && content.trim() === '')
}

function isRefusal({ messages }: Example): boolean {
  const answer = messages.findLast(({ role }) => role === 'assistant')?.content ?? ''
  return /^\W*(?:i['’]?m sorry|i am sorry|sorry, (?:but )?i|i (?:cannot|can['’]?t|can not|am unable to|won['’]?t)|as an ai\b)/iu.test(
    answer,
  )
}

function holdsSpecial({ tokenizer }: ChatFormat, content: string): boolean {
  return tokenizer.encode(content).some(id => tokenizer.isSpecial(id))
}

/** Buckets of doubling size up to the limit, and one for what is longer. */
function lengthHistogram(examples: readonly TokenizedExample[], limit: number): LengthHistogram {
  const longest = Math.max(0, ...examples.map(({ ids }) => ids.length))
  const bounds: number[] = []
  for (let bound = 16; bound < limit; bound *= 2) bounds.push(bound)
  bounds.push(limit)
  if (longest > limit) bounds.push(longest)
  const buckets = bounds.map((upTo, index) => {
    const above = bounds[index - 1] ?? 0
    return { upTo, count: examples.filter(({ ids }) => ids.length > above && ids.length <= upTo).length }
  })
  return { limit, longest, buckets }
}
