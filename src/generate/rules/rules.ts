import type { Attributes } from '../../data/example.ts'
import { createRandom } from '../../data/random.ts'
import type { Row } from '../../data/row.ts'
import type { Column } from '../../data/schema.ts'
import { didYouMean, oneOf } from '../../did-you-mean.ts'
import { defineGenerator } from '../generator.ts'
import { valuesOf } from './check.ts'
import { canGive, drawRow, type Fitted, isAside, mostChance } from './draw.ts'
import { compileGrammar } from './grammar.ts'
import { type ColumnNoise, fitColumnNoise, typedByPeople } from './noisy.ts'
import { type Observations, observe } from './observe.ts'
import { rulesOptions, type RulesOptions } from './options.ts'

/** What a grammar learned from the training rows: where it draws from them, and how they are typed. */
export interface FittedRules {
  readonly observations: Observations
  readonly noise: ColumnNoise
}

/** Rows drawn at most for each one asked for. */
const draws = 1000
/** Seconds to draw one value on one core, by bench/rules.ts. */
const secondsPerValue = 2e-6

/**
 * Makes rows by a grammar that a person wrote. A cell's columns are held at its values and the others drawn as the rules
 * say; a row is kept with the chance that the rules would have given the cell's values (rejection sampling, von Neumann
 * 1951), so that rows of a cell are distributed as the grammar's rows that fall into it.
 */
export const rulesGenerator = defineGenerator<RulesOptions, FittedRules>({
  name: 'rules',
  options: rulesOptions,
  needs: { rows: 0 },
  can: {
    is: 'a grammar that you write',
    fills: ['cells', 'more', 'values', 'wording'],
    reach: 'beyond',
    dollars: 0,
    guarantee: 'none',
  },

  supports(options, { observations }, cell) {
    const fitted = { grammar: compileGrammar(options), observations }
    const alone = Object.keys(cell)
      .map(column => whyNever(fitted, column, cell))
      .find(reason => reason !== null)
    if (alone !== undefined) return alone
    const random = createRandom(0, 'supports')
    for (let draw = 0; draw < draws; draw++) if (drawRow(fitted, cell, random).chance > 0) return true
    return `the grammar gave no row with ${describeCell(cell)} in ${draws.toLocaleString('en')} tries`
  },

  estimate: (_options, { columns, count }) => count * columns * secondsPerValue,

  propose: ({ columns }) => ({
    columns: Object.fromEntries(
      columns.filter(({ kind }) => kind !== 'id').map(column => [column.name, proposeRule(column)]),
    ),
  }),

  fit: (options, { rows }) =>
    Promise.resolve({
      observations: observe(compileGrammar(options), rows),
      noise: fitColumnNoise(options.noise, rows),
    }),

  make(options, { observations, noise }, { cell, count }, context) {
    const fitted = { grammar: compileGrammar(options), observations }
    if (Object.keys(cell).some(column => whyNever(fitted, column, cell) !== null)) return Promise.resolve([])
    const most = mostChance(fitted, cell)
    const rows: Row[] = []
    for (let draw = 0; rows.length < count && draw < draws * count; draw++) {
      context.signal.throwIfAborted()
      const { row, chance } = drawRow(fitted, cell, context.random)
      if (chance > 0 && (chance >= most || context.random.next() < chance / most))
        rows.push(typedByPeople(row, noise, context.random))
      if (rows.length === 0 && draw >= 10 * draws) break
      context.progress(rows.length, count)
    }
    return Promise.resolve(rows)
  },
})

/** More values than this are not written out: they are drawn from the real rows. */
const mostWritten = 12

/** A rule to begin with: the values or the range that the real rows show. */
function proposeRule({ name, kind, values, minimum, maximum, decimals = 0 }: Column): object {
  if (kind === 'date' && minimum !== undefined) return { date: { from: minimum, to: maximum } }
  if ((kind === 'integer' || kind === 'real') && minimum !== undefined) {
    return { number: { minimum, maximum, ...(decimals > 0 ? { step: Number(`1e-${decimals}`) } : {}) } }
  }
  if (values === undefined || values.length > mostWritten) return { from: name }
  return { choose: kind === 'boolean' ? values.map(value => value === 'true') : values }
}

/** Why no row of the grammar can have the cell's value in a column, whatever its others are; or null. */
function whyNever(fitted: Fitted, column: string, cell: Attributes): string | null {
  const rules = fitted.grammar.rules.get(column)
  if (rules === undefined || isAside(column)) {
    const known = [...fitted.grammar.rules.keys()].filter(name => !isAside(name))
    return `the grammar has no column "${column}".${didYouMean(column, known) || ` Its columns are ${known.join(', ')}.`}`
  }
  const value = cell[column]!
  if (value !== null && rules.every(({ maker }) => maker.kind === 'text')) {
    return `the column "${column}" is written freely and cannot be asked for`
  }
  if (canGive(fitted, column, value)) return null
  const values = valuesOf(rules)
  const never = value === null ? 'is never missing' : `is never ${JSON.stringify(value)}`
  return `${column} ${never} in the grammar${values === null ? '' : `, only ${oneOf(values.map(String))}`}`
}

function describeCell(cell: Attributes): string {
  return Object.entries(cell)
    .map(([column, value]) => `${column} = ${value === null ? 'missing' : String(value)}`)
    .join(' and ')
}
