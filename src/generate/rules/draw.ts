import type { Attributes } from '../../data/example.ts'
import type { Random } from '../../data/random.ts'
import type { Row, Value } from '../../data/row.ts'
import { evaluateExpression } from '../../task/template.ts'
import { type Alternative, type Grammar, holds, type Rule } from './grammar.ts'
import { drawNumber, isDrawable } from './number.ts'
import { type Observations, observedChances, ruleKey } from './observe.ts'
import { writeText } from './text-write.ts'

/** A grammar and what it learned. */
export interface Fitted {
  readonly grammar: Grammar
  readonly observations: Observations
}

interface Applying {
  readonly rule: Rule
  readonly key: string
}

const day = 86_400_000

/**
 * Draws a row by ancestral sampling: each column after those that it reads, the cell's columns held at its values.
 * `chance` is the chance that the rules would have given those values, each in its turn; 0 where they never do.
 */
export function drawRow(
  fitted: Fitted,
  cell: Attributes,
  random: Random,
): { readonly row: Row; readonly chance: number } {
  const row: Record<string, Value> = {}
  let chance = 1
  for (const column of fitted.grammar.order) {
    const wanted = cell[column]
    if (wanted === undefined) row[column] = drawValue(fitted, column, row, random)
    else {
      row[column] = wanted
      chance *= chanceOf(fitted, column, wanted, row)
      if (chance === 0) break
    }
  }
  // In the order of the project file, not of dependence.
  const ordered: Record<string, Value> = {}
  for (const column of fitted.grammar.rules.keys()) {
    if (!isAside(column)) ordered[column] = row[column] ?? null
  }
  return { row: ordered, chance }
}

/** A column that helps to make others and is left out of the rows: its name starts with an underscore. */
export function isAside(column: string): boolean {
  return column.startsWith('_')
}

/** A bound on `chance` over all rows: the product of the most that any rule of a wanted column gives its value. */
export function mostChance(fitted: Fitted, cell: Attributes): number {
  return Object.entries(cell).reduce((product, [column, wanted]) => {
    const rules = fitted.grammar.rules.get(column)!
    return (
      product *
      Math.max(
        ...rules.map((rule, index) => mostChanceOf(fitted, { rule, key: ruleKey(column, index) }, wanted)),
      )
    )
  }, 1)
}

/** Whether any rule of a column can give a value, whatever the other columns are. */
export function canGive(fitted: Fitted, column: string, value: Value): boolean {
  const rules = fitted.grammar.rules.get(column)!
  if (value === null && rules.every(({ when }) => when !== undefined)) return true
  return rules.some((rule, index) => mostChanceOf(fitted, { rule, key: ruleKey(column, index) }, value) > 0)
}

function ruleFor(fitted: Fitted, column: string, row: Row): Applying | null {
  const rules = fitted.grammar.rules.get(column)!
  const index = rules.findIndex(rule => holds(rule.when, row))
  return index < 0 ? null : { rule: rules[index]!, key: ruleKey(column, index) }
}

function drawValue(fitted: Fitted, column: string, row: Row, random: Random): Value {
  const applying = ruleFor(fitted, column, row)
  if (applying === null) return null
  const { missing, maker } = applying.rule
  if (missing > 0 && random.next() < missing) return null
  switch (maker.kind) {
    case 'choose':
      return drawAlternative(maker.alternatives, row, random)?.content ?? null
    case 'number':
      return drawNumber(maker.number, random)
    case 'date':
      return isoDay(random.integer(dayOf(maker.from), dayOf(maker.to)))
    case 'from': {
      const observed = fitted.observations[applying.key]!
      return observed.values[random.weighted(observedChances(observed, maker, row))]!
    }
    case 'compute':
      return evaluateExpression(maker.expression, row)
    case 'text': {
      const wording = drawAlternative(maker.alternatives, row, random)
      if (wording === null) return null
      const drawEntry = (list: string) =>
        drawAlternative(fitted.grammar.lists.get(list)!, row, random)?.content ?? null
      return writeText(wording.content, { row, random, drawEntry })
    }
  }
}

/** One of the alternatives whose conditions hold, in proportion to their weights; null where none does. */
export function drawAlternative<Content>(
  alternatives: readonly Alternative<Content>[],
  row: Row,
  random: Random,
): Alternative<Content> | null {
  const weights = alternatives.map(({ weight, when }) => (holds(when, row) ? weight : 0))
  return weights.some(weight => weight > 0) ? alternatives[random.weighted(weights)]! : null
}

/** The chance that a column's rules give a value in a row; numbers, dates and texts that they can give count as certain. */
function chanceOf(fitted: Fitted, column: string, value: Value, row: Row): number {
  const applying = ruleFor(fitted, column, row)
  if (applying === null) return value === null ? 1 : 0
  const { missing, maker } = applying.rule
  const made = (): number => {
    switch (maker.kind) {
      case 'choose': {
        const applicable = maker.alternatives.filter(({ when }) => holds(when, row))
        return applicable.length === 0 ? Number(value === null) : share(applicable, value)
      }
      case 'from': {
        const observed = fitted.observations[applying.key]!
        return observedChances(observed, maker, row)[observed.values.indexOf(value)] ?? 0
      }
      case 'compute':
        return Number(evaluateExpression(maker.expression, row) === value)
      default:
        return mostChanceOf(fitted, { rule: { ...applying.rule, missing: 0 }, key: applying.key }, value)
    }
  }
  return value === null ? missing + (1 - missing) * made() : (1 - missing) * made()
}

function mostChanceOf(fitted: Fitted, { rule, key }: Applying, value: Value): number {
  const { maker, missing } = rule
  const made = (): number => {
    switch (maker.kind) {
      case 'choose': {
        const isFixed = maker.alternatives.every(({ when }) => when === undefined)
        if (isFixed) return share(maker.alternatives, value)
        return Number(
          value === null || maker.alternatives.some(({ content, weight }) => content === value && weight > 0),
        )
      }
      case 'number':
        return Number(typeof value === 'number' && isDrawable(value, maker.number))
      case 'date':
        return Number(typeof value === 'string' && value >= maker.from && value <= maker.to && isDay(value))
      case 'from': {
        const index = fitted.observations[key]!.values.indexOf(value)
        if (index < 0) return 0
        return maker.given.length === 0 ? observedChances(fitted.observations[key]!, maker, {})[index]! : 1
      }
      case 'compute':
        return 1
      case 'text':
        return 0
    }
  }
  return value === null ? missing + (1 - missing) * made() : (1 - missing) * made()
}

function share(alternatives: readonly Alternative<Value>[], value: Value): number {
  let [wanted, total] = [0, 0]
  for (const { content, weight } of alternatives) {
    total += weight
    if (content === value) wanted += weight
  }
  return total === 0 ? Number(value === null) : wanted / total
}

function dayOf(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / day
}

function isoDay(number: number): string {
  return new Date(number * day).toISOString().slice(0, 10)
}

function isDay(date: string): boolean {
  const number = dayOf(date)
  return Number.isInteger(number) && isoDay(number) === date
}
