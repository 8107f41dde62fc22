import { expect, test } from 'vitest'
import { UserError } from '../error.ts'
import { compileTemplate, evaluateCondition, evaluateExpression, renderTemplate } from './template.ts'

const row = { size: 'Small', speed: null, birds: 3, 'Wildlife Species': 'Mallard', range: 'far' }

function errorOf(run: () => unknown): UserError {
  try {
    run()
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
  throw new Error('it threw nothing')
}

test('columns are variables, and any name is a member of row', () => {
  expect(renderTemplate("{{ size | lower }} {{ row['Wildlife Species'] }} {{ row.birds }}", row)).toBe(
    'small Mallard 3',
  )
  expect(renderTemplate("{{ row['range'] }} {% for i in range(2) %}{{ i }}{% endfor %}", row)).toBe('far 01')
})

test('a missing value is none and prints as nothing', () => {
  expect(renderTemplate('[{{ speed }}]{% if speed is none %} not given{% endif %}', row)).toBe('[] not given')
})

test('an unknown column is an error that names it, the nearest one and all there are', () => {
  const error = errorOf(() => renderTemplate('{{ sise }} of a bird', row))
  expect(error.message).toBe(
    'The template "{{ sise }} of a bird" reads "sise", which is no column. Did you mean "size"?',
  )
  expect(error.next).toContain('size, speed, birds, Wildlife Species')
})

test('an unknown member of row is an error too, even where its branch is not taken', () => {
  const error = errorOf(() => renderTemplate("{% if birds > 5 %}{{ row['Wildlife Size'] }}{% endif %}", row))
  expect(error.message).toContain('"Wildlife Size"')
})

test('names that a template binds itself are no columns', () => {
  const text = '{% set twice = birds * 2 %}{% for n in range(2) %}{{ n + twice }}{{ loop.last }} {% endfor %}'
  expect(renderTemplate(text, row)).toBe('6false 7true ')
  expect(compileTemplate(text).columns).toEqual(['birds'])
})

test('the clock is no variable, so that equal rows give equal text', () => {
  expect(errorOf(() => renderTemplate('{{ strftime_now("%Y") }}', row)).message).toContain('"strftime_now"')
})

test('text that is no Jinja is an error that shows it', () => {
  expect(errorOf(() => compileTemplate('{% if size %}x')).message).toContain(
    '"{% if size %}x" cannot be read as Jinja',
  )
})

test('an expression gives a value of its own kind', () => {
  expect(evaluateExpression("'yes' if size != 'None' else 'no'", row)).toBe('yes')
  expect(evaluateExpression('birds / 2', row)).toBe(1.5)
  expect(evaluateExpression('birds > 2', row)).toBe(true)
  expect(evaluateExpression('speed', row)).toBeNull()
})

test('a condition guards against missing values, and says so where it does not', () => {
  expect(evaluateCondition('speed is none or speed <= 400', row)).toBe(true)
  const error = errorOf(() => evaluateCondition('speed <= 400', row))
  expect(error.message).toContain('"speed <= 400" failed')
  expect(error.next).toContain('missing in that row: speed')
})

test('two expressions are not one', () => {
  expect(errorOf(() => evaluateExpression('birds }} {{ birds', row)).message).toContain(
    'is not one expression',
  )
})

test('columns printed outright are told from those that are guarded or have a default', () => {
  const template = compileTemplate(
    "{{ speed | round }} {{ size | default('?') }}{% if birds %}{{ birds }}{% endif %}",
  )
  expect(template.printed).toEqual(['speed'])
  expect(template.columns).toEqual(['speed', 'size', 'birds'])
})
