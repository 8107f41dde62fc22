import type { Value } from '../../data/row.ts'
import { didYouMean, oneOf } from '../../did-you-mean.ts'
import { UserError } from '../../error.ts'
import { compileExpression } from '../../task/template.ts'
import { fakerMistake } from './fake.ts'
import {
  type Alternative,
  compileGrammar,
  conditionReads,
  entriesOf,
  type Grammar,
  type GrammarOptions,
  isRule,
  type Maker,
  orderOf,
  type Rule,
  slotsIn,
} from './grammar.ts'
import { multiplesOf } from './number.ts'
import type { Condition } from './options.ts'
import { mistakeIn, type Piece, type Source } from './text-syntax.ts'

/** Something wrong with a grammar as a whole. `message` says what would be right: it follows "should be". */
export interface GrammarMistake {
  readonly path: readonly (string | number)[]
  readonly message: string
}

/**
 * What is wrong between the parts of a grammar: names that nothing bears, values that no rule gives, circles.
 * Text that cannot be read is left to its own check.
 */
export function checkGrammar(options: GrammarOptions): readonly GrammarMistake[] {
  const mistakes = Object.entries(options.columns).flatMap(([name, column]): GrammarMistake[] =>
    Array.isArray(column) && column.some(isRule) && !column.every(isRule)
      ? [{ path: ['columns', name], message: 'either values to choose from or rules, not both in one list' }]
      : [],
  )
  if (mistakes.length > 0 || !everyTextReads(options)) return mistakes
  let grammar: Grammar
  try {
    grammar = compileGrammar(options)
  } catch (error) {
    if (error instanceof UserError)
      return [{ path: ['columns'], message: `rules whose conditions can be read. ${error.message}` }]
    throw error
  }
  const found = [...grammar.rules].flatMap(([name, rules]) =>
    rules.flatMap(rule => checkRule(rule, grammar).map(message => ({ path: ['columns', name], message }))),
  )
  for (const [name, entries] of grammar.lists) {
    for (const message of checkAlternatives(entries, grammar)) found.push({ path: ['lists', name], message })
  }
  const listReads = new Map(
    [...grammar.lists].map(([name, entries]) => [`@${name}`, entries.flatMap(listsIn)]),
  )
  const circle = orderOf(grammar.reads).circle ?? orderOf(listReads).circle
  if (circle !== null) {
    const root = circle[0]!.startsWith('@') ? ['lists', circle[0]!.slice(1)] : ['columns', circle[0]!]
    found.push({
      path: root,
      message: `made without itself, but these read each other in a circle: ${circle.join(' → ')}`,
    })
  }
  return found
}

function everyTextReads({ columns, lists }: GrammarOptions): boolean {
  const texts = Object.values(columns)
    .flatMap(entriesOf)
    .flatMap(entry => (isRule(entry) ? (entry.text ?? []) : []))
  return [...texts, ...Object.values(lists).flat()].every(
    wording => mistakeIn(typeof wording === 'string' ? wording : wording.value) === null,
  )
}

function checkRule(rule: Rule, grammar: Grammar): readonly string[] {
  return [...checkCondition(rule.when, grammar), ...checkMaker(rule.maker, grammar)]
}

function checkMaker(maker: Maker, grammar: Grammar): readonly string[] {
  switch (maker.kind) {
    case 'choose':
      return checkAlternatives(maker.alternatives, grammar)
    case 'text':
      return checkAlternatives(maker.alternatives, grammar)
    case 'from':
      return maker.given.flatMap(column => checkColumn(column, grammar))
    case 'compute':
      return compileExpression(maker.expression).columns.flatMap(column => checkColumn(column, grammar))
    case 'number': {
      const { first, last } = multiplesOf(maker.number)
      const { step, minimum, maximum } = maker.number
      return first <= last || minimum > maximum
        ? []
        : [`a range that holds a multiple of its step ${step}, not ${minimum} to ${maximum}`]
    }
    case 'date':
      return []
  }
}

function checkAlternatives(
  alternatives: readonly Alternative<Value | readonly Piece[]>[],
  grammar: Grammar,
): readonly string[] {
  const weightless = alternatives.every(({ weight }) => weight === 0)
  return [
    ...(weightless ? ['alternatives of which at least one has a weight above 0'] : []),
    ...alternatives.flatMap(({ when }) => checkCondition(when, grammar)),
    ...alternatives.flatMap(({ content }) =>
      Array.isArray(content) ? checkText(content as readonly Piece[], grammar) : [],
    ),
  ]
}

function checkText(pieces: readonly Piece[], grammar: Grammar): readonly string[] {
  const mistakes: string[] = []
  for (const { source, forms } of slotsIn(pieces)) {
    for (const { count } of forms) if (count !== null) mistakes.push(...checkColumn(count, grammar))
    mistakes.push(...checkSource(source, grammar))
  }
  return mistakes
}

function checkSource(source: Source, grammar: Grammar): readonly string[] {
  if (source.kind === 'column') return checkColumn(source.name, grammar)
  if (source.kind === 'faker') {
    const mistake = fakerMistake(source.method)
    return mistake === null ? [] : [`filled by a method of Faker. ${mistake}`]
  }
  const known = [...grammar.lists.keys()]
  if (known.includes(source.name)) return []
  return [`filled from a list that exists; "@${source.name}" does not.${didYouMean(source.name, known)}`]
}

function checkCondition(condition: Condition | undefined, grammar: Grammar): readonly string[] {
  const columns = conditionReads(condition).flatMap(column => checkColumn(column, grammar))
  if (columns.length > 0 || condition === undefined || typeof condition === 'string') return columns
  return Object.entries(condition).flatMap(([column, wanted]) => {
    const values = valuesOf(grammar.rules.get(column)!)
    if (values === null) return []
    return (Array.isArray(wanted) ? wanted : [wanted])
      .filter(value => value !== null && !values.includes(value))
      .map(value => {
        const named = values.map(String)
        return `conditions that can hold; ${column} is never "${value}".${didYouMean(String(value), named) || ` It is ${oneOf(named)}.`}`
      })
  })
}

/** Every value that rules can give, or null where they are not listed in the grammar. */
export function valuesOf(rules: readonly Rule[]): readonly Value[] | null {
  const values: Value[] = []
  for (const { maker } of rules) {
    if (maker.kind !== 'choose') return null
    for (const { content, weight } of maker.alternatives) if (weight > 0) values.push(content)
  }
  return [...new Set(values)]
}

function checkColumn(name: string, grammar: Grammar): readonly string[] {
  if (grammar.rules.has(name)) return []
  const known = [...grammar.rules.keys()]
  return [
    `made from columns of the grammar; "${name}" is none.${didYouMean(name, known) || ` There: ${oneOf(known)}.`}`,
  ]
}

function listsIn({ content }: Alternative<readonly Piece[]>): readonly string[] {
  return slotsIn(content).flatMap(({ source }) => (source.kind === 'list' ? [`@${source.name}`] : []))
}
