import type { Row, Value } from '../data/row.ts'
import { UserError } from '../error.ts'
import {
  compileExpression,
  compileTemplate,
  evaluateExpression,
  renderTemplate,
  type Template,
} from './template.ts'

const orders = new WeakMap<Readonly<Record<string, string>>, readonly string[]>()

/**
 * A row with its computed columns. A definition is a Jinja expression (`'yes' if damage != 'None' else 'no'`), whose value the
 * column takes, or a template (`{{ city }}, {{ state }}`), whose text it takes; empty text is a missing value. Definitions may
 * read one another. Values that the row already has under such a name are replaced. Throws a UserError for a circle.
 */
export function deriveColumns(row: Row, definitions: Readonly<Record<string, string>>): Row {
  const order = orders.get(definitions) ?? orderOf(definitions)
  orders.set(definitions, order)
  const derived: Record<string, Value> = { ...row }
  for (const column of order) {
    const definition = definitions[column]!
    derived[column] = isTemplate(definition)
      ? renderTemplate(definition, derived) || null
      : evaluateExpression(definition, derived)
  }
  return derived
}

function isTemplate(definition: string): boolean {
  return definition.includes('{{') || definition.includes('{%')
}

function compile(definition: string): Template {
  return isTemplate(definition) ? compileTemplate(definition) : compileExpression(definition)
}

/** Columns in an order in which each comes after those that it reads. */
function orderOf(definitions: Readonly<Record<string, string>>): readonly string[] {
  const order: string[] = []
  const place = (column: string, path: readonly string[]): void => {
    if (order.includes(column)) return
    if (path.includes(column)) {
      const circle = [...path.slice(path.indexOf(column)), column].join(' → ')
      throw new UserError(
        `Derived columns read each other in a circle: ${circle}.`,
        'Compute one of them from read columns alone.',
      )
    }
    for (const read of compile(definitions[column]!).columns) {
      if (definitions[read] !== undefined) place(read, [...path, column])
    }
    order.push(column)
  }
  for (const column of Object.keys(definitions)) place(column, [])
  return order
}
