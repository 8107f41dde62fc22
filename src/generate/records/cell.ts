import type { Attributes } from '../../data/example.ts'
import type { Value } from '../../data/row.ts'
import { didYouMean, oneOf } from '../../did-you-mean.ts'
import { numberBin, type CategoryColumn, type NumberColumn } from './column.ts'
import { statesOf } from './dependency.ts'
import { formatNumber, parseNumber } from './form.ts'
import type { ColumnModel, RecordsModel } from './model.ts'

/** A column held at a value. */
export interface Condition {
  readonly value: Value
  /** Class of a category, bin of a number. */
  readonly code: number
  /** The number, NaN for a missing one. */
  readonly number: number
  /** The state that dependencies speak of, or -1. */
  readonly state: number
}

/** Conditions by place of their column in the order of drawing. */
export type Conditions = ReadonlyMap<number, Condition>

/** The conditions of a cell with all that follow from them, or the reason in plain words why no row can meet it. */
export function resolveCell(model: RecordsModel, cell: Attributes): Conditions | string {
  const conditions = new Map<number, Condition>()
  for (const [name, value] of Object.entries(cell)) {
    const place = model.columns.findIndex(({ column }) => column.name === name)
    if (place < 0) return whyNoColumn(model, name)
    const condition = conditionOf(model.columns[place]!.column, value, model.fitted.share === 'anyone')
    if (typeof condition === 'string') return condition
    conditions.set(place, condition)
  }
  return addImplied(model, conditions) ?? whyUnwritable(model, conditions) ?? conditions
}

function whyNoColumn({ fitted }: RecordsModel, name: string): string {
  if (fitted.columns.some(column => column.name === name))
    return `'${name}' is an id, and every row gets a new one`
  const known = fitted.columns.map(column => column.name)
  return `the rows it learned from have no column '${name}'.${didYouMean(name, known) || ` Their columns are ${oneOf(known)}.`}`
}

function conditionOf(
  column: CategoryColumn | NumberColumn,
  value: Value,
  quotes: boolean,
): Condition | string {
  if (value === null && column.missing === 0)
    return `'${column.name}' is never missing in the rows it learned from`
  return column.kind === 'category'
    ? categoryCondition(column, value, quotes)
    : numberCondition(column, value, quotes)
}

function categoryCondition(column: CategoryColumn, value: Value, quotes: boolean): Condition | string {
  const { values, name } = column
  if (value === null) return stateCondition(column, values.length)
  const exact = values.indexOf(value)
  const code = exact >= 0 ? exact : values.findIndex(known => String(known) === String(value))
  if (code >= 0) return stateCondition(column, code)
  const known = values.map(String)
  const meant = quotes ? didYouMean(String(value), known) || ` Its values are ${oneOf(known)}.` : ''
  return `'${name}' is never '${value}' in the rows it learned from.${meant}`
}

function numberCondition(column: NumberColumn, value: Value, quotes: boolean): Condition | string {
  const number = value === null ? NaN : parseNumber(column.form, value)
  if (number === undefined) {
    return `'${column.name}' holds ${column.form.type === 'date' ? 'dates' : 'numbers'}, and '${value}' is none`
  }
  if (number < column.minimum || number > column.maximum) {
    const ends = [column.minimum, column.maximum].map(end => formatNumber(column.form, end))
    const range = quotes ? ` (${ends.join(' to ')})` : ''
    return `'${column.name}' ${value} lies outside what the rows it learned from hold${range}`
  }
  const code = numberBin(column, number)
  const hasState = statesOf(column) > 0 && (code === 0 || column.edges[code - 1] === number)
  return { value: formatNumber(column.form, number), code, number, state: hasState ? code : -1 }
}

function stateCondition(column: CategoryColumn | NumberColumn, state: number): Condition {
  if (column.kind === 'category') {
    return { value: column.values[state] ?? null, code: state, number: NaN, state }
  }
  const number = column.edges[state - 1] ?? NaN
  return { value: formatNumber(column.form, number), code: state, number, state }
}

/** Adds what the conditions determine; returns the reason where that contradicts one of them. */
function addImplied(
  { fitted, columns, dependencies }: RecordsModel,
  conditions: Map<number, Condition>,
): string | undefined {
  let changed = true
  while (changed) {
    changed = false
    for (const { from, to, lookup } of dependencies) {
      const given = conditions.get(from)
      const implied = given === undefined ? -1 : (lookup[given.state] ?? -1)
      if (given === undefined || implied < 0) continue
      const condition = stateCondition(columns[to]!.column, implied)
      const asked = conditions.get(to)
      if (asked === undefined) {
        conditions.set(to, condition)
        changed = true
      } else if (asked.state !== implied) {
        const never = `${describe(columns[from]!, given)} never goes with ${describe(columns[to]!, asked)}`
        return fitted.share === 'local' ? never : `${never}, only with ${describe(columns[to]!, condition)}`
      }
    }
  }
  return undefined
}

/** Why a column that the cell leaves open has nothing that may be written, or undefined. */
function whyUnwritable({ columns, dependencies }: RecordsModel, conditions: Conditions): string | undefined {
  for (const [place, { column, writable }] of columns.entries()) {
    if (conditions.has(place) || column.kind === 'number') continue
    const possible = writable.some(
      (yes, state) => yes === 1 && (state < column.values.length || column.missing > 0),
    )
    if (!possible) {
      return `none of the ${column.values.length} values of '${column.name}' is frequent enough to be written out (\`rare\`): drop the column, or lower \`rare\` where its values are no secret`
    }
  }
  for (const { from, to, lookup } of dependencies) {
    const asked = conditions.get(to)
    if (asked === undefined || asked.state < 0 || conditions.has(from)) continue
    if (!lookup.includes(asked.state)) continue
    const possible = lookup.some(
      (state, code) => state === asked.state && columns[from]!.writable[code] === 1,
    )
    if (possible) continue
    return `no value of '${columns[from]!.column.name}' seen with ${describe(columns[to]!, asked)} is frequent enough to be written out (\`rare\`)`
  }
  return undefined
}

function describe({ column }: ColumnModel, { value }: Condition): string {
  return value === null ? `a missing '${column.name}'` : `'${column.name}' ${value}`
}
