import type { Row, Value } from '../../data/row.ts'
import { compileExpression, evaluateCondition } from '../../task/template.ts'
import type { ColumnOptions, Condition, NumberOptions, RuleOptions, RulesOptions } from './options.ts'
import { parseText, type Piece } from './text-syntax.ts'

/** The ways to make a value: exactly one of them in a rule. */
export const makers = ['choose', 'number', 'date', 'text', 'from', 'compute'] as const

/** One of several things, drawn in proportion to its weight where its condition holds. */
export interface Alternative<Content> {
  readonly content: Content
  readonly weight: number
  readonly when: Condition | undefined
}

/** How a value is made. */
export type Maker =
  | { readonly kind: 'choose'; readonly alternatives: readonly Alternative<Value>[] }
  | { readonly kind: 'text'; readonly alternatives: readonly Alternative<readonly Piece[]>[] }
  | { readonly kind: 'number'; readonly number: NumberOptions }
  | { readonly kind: 'date'; readonly from: string; readonly to: string }
  | {
      readonly kind: 'from'
      readonly column: string
      readonly given: readonly string[]
      readonly smoothing: number
    }
  | { readonly kind: 'compute'; readonly expression: string }

/** One rule of a column: the first whose condition holds makes the value. */
export interface Rule {
  readonly when: Condition | undefined
  readonly missing: number
  readonly maker: Maker
}

/** A grammar ready to draw from. */
export interface Grammar {
  readonly rules: ReadonlyMap<string, readonly Rule[]>
  readonly lists: ReadonlyMap<string, readonly Alternative<readonly Piece[]>[]>
  /** Columns that each column reads. */
  readonly reads: ReadonlyMap<string, readonly string[]>
  /** Columns, each after those that it reads. */
  readonly order: readonly string[]
}

/** What `compileGrammar` needs of the options: checks run before defaults and unions are all settled. */
export type GrammarOptions = Pick<RulesOptions, 'columns' | 'lists'>

/** Compiles a grammar that `checkGrammar` found no mistake in. */
export function compileGrammar(options: GrammarOptions): Grammar {
  const rules = new Map(Object.entries(options.columns).map(([name, column]) => [name, rulesOf(column)]))
  const lists = new Map(
    Object.entries(options.lists).map(([name, entries]) => [
      name,
      entries.map(entry => alternativeOf(entry, parseText)),
    ]),
  )
  const reads = new Map([...rules].map(([name, own]) => [name, readsOf(own, lists)]))
  return { rules, lists, reads, order: orderOf(reads).order }
}

/** The rules of a column in canonical form, whichever way it is written. */
function rulesOf(column: ColumnOptions): readonly Rule[] {
  const entries = entriesOf(column)
  if (entries.some(isRule)) return entries.filter(isRule).map(ruleOf)
  return [chooseAmong(entries as NonNullable<RuleOptions['choose']>)]
}

/** What a column is written as: several entries, or one. */
export function entriesOf(column: ColumnOptions): readonly unknown[] {
  return Array.isArray(column) ? column : [column]
}

/** Whether an entry of a column is a rule, not a value to choose. */
export function isRule(entry: unknown): entry is RuleOptions {
  return (
    typeof entry === 'object' &&
    entry !== null &&
    makers.some(maker => (entry as RuleOptions)[maker] !== undefined)
  )
}

function chooseAmong(choices: NonNullable<RuleOptions['choose']>): Rule {
  return {
    when: undefined,
    missing: 0,
    maker: { kind: 'choose', alternatives: choices.map(choice => alternativeOf(choice, value => value)) },
  }
}

function ruleOf(rule: RuleOptions): Rule {
  return { when: rule.when, missing: rule.missing ?? 0, maker: makerOf(rule) }
}

function makerOf(rule: RuleOptions): Maker {
  if (rule.choose !== undefined) return chooseAmong(rule.choose).maker
  if (rule.number !== undefined) return { kind: 'number', number: rule.number }
  if (rule.date !== undefined) return { kind: 'date', ...rule.date }
  if (rule.from !== undefined) {
    return { kind: 'from', column: rule.from, given: rule.given ?? [], smoothing: rule.smoothing }
  }
  if (rule.compute !== undefined) return { kind: 'compute', expression: rule.compute }
  const wordings = typeof rule.text === 'string' ? [rule.text] : rule.text!
  return { kind: 'text', alternatives: wordings.map(wording => alternativeOf(wording, parseText)) }
}

function alternativeOf<Written extends Value, Content>(
  written: Written | { value: Written; weight: number; when?: Condition | undefined },
  read: (value: Written) => Content,
): Alternative<Content> {
  return typeof written === 'object' && written !== null
    ? { content: read(written.value), weight: written.weight, when: written.when }
    : { content: read(written), weight: 1, when: undefined }
}

/** Whether a condition holds in a row. */
export function holds(condition: Condition | undefined, row: Row): boolean {
  if (condition === undefined) return true
  if (typeof condition === 'string') return evaluateCondition(condition, row)
  return Object.entries(condition).every(([column, wanted]) => {
    const value = row[column] ?? null
    return Array.isArray(wanted) ? wanted.includes(value) : value === wanted
  })
}

/** Columns that a condition reads. Throws a UserError where it is no Jinja. */
export function conditionReads(condition: Condition | undefined): readonly string[] {
  if (condition === undefined) return []
  return typeof condition === 'string' ? compileExpression(condition).columns : Object.keys(condition)
}

/** Columns that a column's rules read, lists included. */
function readsOf(rules: readonly Rule[], lists: Grammar['lists']): readonly string[] {
  return [...new Set(rules.flatMap(rule => [...conditionReads(rule.when), ...makerReads(rule.maker, lists)]))]
}

function makerReads(maker: Maker, lists: Grammar['lists']): readonly string[] {
  switch (maker.kind) {
    case 'choose':
      return maker.alternatives.flatMap(({ when }) => conditionReads(when))
    case 'text':
      return wordingReads(maker.alternatives, lists, new Set())
    case 'from':
      return maker.given
    case 'compute':
      return compileExpression(maker.expression).columns
    case 'number':
    case 'date':
      return []
  }
}

function wordingReads(
  wordings: readonly Alternative<readonly Piece[]>[],
  lists: Grammar['lists'],
  seen: Set<string>,
): readonly string[] {
  const read = wordings.flatMap(({ when }) => conditionReads(when))
  for (const { source, forms } of wordings.flatMap(({ content }) => slotsIn(content))) {
    for (const { count } of forms) if (count !== null) read.push(count)
    if (source.kind === 'column') read.push(source.name)
    if (source.kind !== 'list' || seen.has(source.name)) continue
    seen.add(source.name)
    read.push(...wordingReads(lists.get(source.name) ?? [], lists, seen))
  }
  return read
}

/** Every slot in text, however deep. */
export function slotsIn(pieces: readonly Piece[]): readonly Extract<Piece, { kind: 'slot' }>[] {
  return pieces.flatMap(piece => {
    switch (piece.kind) {
      case 'literal':
        return []
      case 'slot':
        return [piece]
      case 'optional':
        return slotsIn(piece.pieces)
      case 'alternatives':
        return piece.options.flatMap(option => slotsIn(option.pieces))
    }
  })
}

/** An order in which each name comes after those that it reads, and the first circle that stands in the way. */
export function orderOf(reads: ReadonlyMap<string, readonly string[]>): {
  readonly order: readonly string[]
  readonly circle: readonly string[] | null
} {
  const order: string[] = []
  let circle: readonly string[] | null = null
  const place = (name: string, path: readonly string[]): void => {
    if (order.includes(name) || circle !== null) return
    if (path.includes(name)) {
      circle = [...path.slice(path.indexOf(name)), name]
      return
    }
    for (const read of reads.get(name) ?? []) if (reads.has(read)) place(read, [...path, name])
    order.push(name)
  }
  for (const name of reads.keys()) place(name, [])
  return { order, circle }
}
