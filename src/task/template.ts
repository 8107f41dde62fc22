import { Environment, Interpreter, Template as JinjaTemplate } from '@huggingface/jinja'
import type { Row, Value } from '../data/row.ts'
import { didYouMean } from '../did-you-mean.ts'
import { UserError } from '../error.ts'

/** A Jinja template over the columns of a row, compiled once. */
export interface Template {
  readonly source: string
  /** Every column that it reads, in order of appearance. */
  readonly columns: readonly string[]
  /** Columns that it prints as they are and unconditionally: where one is missing, so is the text. */
  readonly printed: readonly string[]
  readonly program: JinjaTemplate['parsed']
}

interface Node {
  readonly type: string
  readonly [part: string]: unknown
}

/** Names that mean something in every template. `strftime_now` is left out: equal rows must give equal text. */
const globals: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['true', true],
  ['false', false],
  ['none', null],
  ['True', true],
  ['False', false],
  ['None', null],
  ['range', range],
  ['raise_exception', refuse],
])
const known = new Set([...globals.keys(), 'namespace', 'row', 'loop', 'caller', 'varargs', 'kwargs'])

const compiled = new Map<string, Template>()

/**
 * Compiles Jinja (`{{ size }}`, `{% if speed is not none %}…{% endif %}`, `{{ row['Any Name'] }}`); the same text gives the same
 * compiled template. Throws a UserError that shows the template where it is no Jinja.
 */
export function compileTemplate(source: string): Template {
  const before = compiled.get(source)
  if (before !== undefined) return before
  const program = parseJinja(source, source)
  const template = { source, program, ...readsOf(program as unknown as Node) }
  compiled.set(source, template)
  return template
}

/** Compiles a bare expression such as `speed is none or speed <= 400`. Throws a UserError where it is none. */
export function compileExpression(expression: string): Template {
  const key = `{{ ${expression} }}`
  const before = compiled.get(key)
  if (before !== undefined) return before
  const program = parseJinja(key, expression)
  const template = { source: expression, program, ...readsOf(program as unknown as Node) }
  if (program.body.length !== 1 || expression.includes('}}')) {
    throw new UserError(`"${shorten(expression)}" is not one expression.`, 'Write it without {{ and }}.')
  }
  compiled.set(key, template)
  return template
}

/**
 * The text of a template for one row. Columns are variables (`size`) and members of `row` (`row['Wildlife Size']`);
 * a missing value is none, and prints as nothing. Throws a UserError for a variable that is no column.
 */
export function renderTemplate(template: string | Template, row: Row): string {
  const { program, columns, source } = typeof template === 'string' ? compileTemplate(template) : template
  checkColumns(source, columns, row)
  return guarded(source, row, () => new Interpreter(environmentOf(columns, row)).run(program).value as string)
}

/** The value of a Jinja expression for one row. Throws a UserError for a variable that is no column. */
export function evaluateExpression(expression: string, row: Row): Value {
  const { program, columns } = compileExpression(expression)
  checkColumns(expression, columns, row)
  return guarded(expression, row, () => {
    const environment = environmentOf(columns, row)
    const result = new Interpreter(environment).evaluate(program.body[0], environment)
    switch (result.type) {
      case 'IntegerValue':
      case 'FloatValue':
      case 'StringValue':
      case 'BooleanValue':
        return result.value as Value
      case 'NullValue':
      case 'UndefinedValue':
        return null
      default:
        throw new Error(`it gives a list or an object, and a column holds one value`)
    }
  })
}

/** Whether a Jinja condition holds for one row, by Jinja's own sense of truth (none, 0 and '' are false). */
export function evaluateCondition(expression: string, row: Row): boolean {
  return Boolean(evaluateExpression(expression, row))
}

function parseJinja(source: string, shown: string): JinjaTemplate['parsed'] {
  try {
    return new JinjaTemplate(source).parsed
  } catch (error) {
    throw new UserError(
      `"${shorten(shown)}" cannot be read as Jinja: ${firstLine(error)}`,
      'Check that every {{, {%, quote and bracket is closed.',
      { cause: error },
    )
  }
}

function environmentOf(columns: readonly string[], row: Row): Environment {
  const environment = new Environment()
  for (const [name, value] of globals) environment.set(name, value)
  for (const name of columns) if (!known.has(name)) environment.set(name, row[name])
  environment.set('row', row)
  return environment
}

function checkColumns(source: string, columns: readonly string[], row: Row): void {
  for (const name of columns) {
    if (row[name] !== undefined) continue
    const available = Object.keys(row)
    throw new UserError(
      `The template "${shorten(source)}" reads "${name}", which is no column.${didYouMean(name, available)}`,
      `The columns are ${available.join(', ')}.`,
    )
  }
}

/** Jinja's own errors (a comparison with none, an unknown filter) become the user's, without the row's values. */
function guarded<Result>(source: string, row: Row, evaluate: () => Result): Result {
  try {
    return evaluate()
  } catch (error) {
    const missing = Object.keys(row).filter(name => row[name] === null)
    throw new UserError(
      `The template "${shorten(source)}" failed: ${firstLine(error)}`,
      missing.length === 0
        ? 'Check its filters, tests and operators.'
        : `These columns are missing in that row: ${missing.join(', ')}. Guard them with "is none" or "is not none".`,
      { cause: error },
    )
  }
}

function readsOf(program: Node): { columns: string[]; printed: string[] } {
  const bound = new Set<string>()
  const read: string[] = []
  visit(program, read, bound)
  const printed = (program['body'] as Node[]).map(printedColumn).filter(name => name !== null)
  return {
    columns: [...new Set(read)].filter(name => !bound.has(name)),
    printed: printed.filter(name => !bound.has(name)),
  }
}

/** Collects the names that a part of a template reads, and those that it binds itself (loops, set, macros). */
function visit(node: unknown, read: string[], bound: Set<string>): void {
  if (Array.isArray(node)) for (const inner of node) visit(inner, read, bound)
  if (node instanceof Map) for (const pair of node) visit(pair, read, bound)
  if (!isNode(node)) return
  const column = columnOf(node)
  if (column !== null) read.push(column)
  if (column !== null || node.type === 'Identifier') return
  if (node.type === 'For') bindNames(node['loopvar'], bound)
  if (node.type === 'Set') bindNames(node['assignee'], bound)
  if (node.type === 'Macro') bindNames([node['name'], node['args']], bound)
  if (node.type === 'CallStatement') bindNames(node['callerArgs'], bound)
  for (const [part, inner] of Object.entries(node)) {
    if (part === 'key' || part === 'operator' || (part === 'test' && node.type === 'TestExpression')) continue
    if (part === 'property' && node['computed'] !== true) continue
    const filter = part === 'filter' && isNode(inner) ? inner : null
    if (filter === null) visit(inner, read, bound)
    else if (filter.type === 'CallExpression') visit(filter['args'], read, bound)
  }
}

function bindNames(node: unknown, bound: Set<string>): void {
  const names: string[] = []
  visit(node, names, new Set())
  for (const name of names) bound.add(name)
}

/** The column that a node names: `size`, `row.size` or `row['size']`. */
function columnOf(node: Node): string | null {
  if (node.type === 'Identifier') return known.has(node['value'] as string) ? null : (node['value'] as string)
  if (node.type !== 'MemberExpression') return null
  const object = node['object'] as Node
  if (object.type !== 'Identifier' || object['value'] !== 'row') return null
  const property = node['property'] as Node
  const named = property.type === (node['computed'] === true ? 'StringLiteral' : 'Identifier')
  return named ? (property['value'] as string) : null
}

function printedColumn(node: Node): string | null {
  if (node.type !== 'FilterExpression') return columnOf(node)
  const filter = node['filter'] as Node
  const name = (filter.type === 'CallExpression' ? (filter['callee'] as Node) : filter)['value']
  return name === 'default' || name === 'd' ? null : printedColumn(node['operand'] as Node)
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string'
}

/** Numbers that `range` gives at most: more are a slip, and would fill the memory or take for ever. */
const longestRange = 100_000

function range(start: number, stop?: number, step = 1): number[] {
  const [first, end] = stop === undefined ? [0, start] : [start, stop]
  const length = Math.max(0, Math.ceil((end - first) / step))
  if (length > longestRange)
    throw new Error(`range would give ${length} numbers, and more than ${longestRange} are not given`)
  return Array.from({ length }, (_, index) => first + index * step)
}

function refuse(reason: string): never {
  throw new Error(reason)
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]!
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ')
  return line.length <= 90 ? line : `${line.slice(0, 89)}…`
}
