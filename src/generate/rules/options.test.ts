import { expect, test } from 'vitest'
import { rulesOptions } from './options.ts'

/** The mistakes in a grammar, as `path: message`. */
function mistakes(columns: object, lists: object = {}): readonly string[] {
  const { error } = rulesOptions.safeParse({ columns, lists })
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`)
}

test('columns that read each other in a circle are named', () => {
  const columns = {
    a: { compute: 'b + 1' },
    b: [{ when: { c: 1 }, choose: [1] }],
    c: { text: '{@names}' },
    d: ['x'],
  }
  expect(mistakes(columns, { names: ['{a}'] })).toEqual([
    'columns.a: made without itself, but these read each other in a circle: a → b → c → a',
  ])
})

test('lists that hold each other are a circle too', () => {
  expect(mistakes({ d: ['x'] }, { one: ['{@two}'], two: ['x {@one}'] })).toEqual([
    'lists.one: made without itself, but these read each other in a circle: @one → @two → @one',
  ])
})

test.each([
  [
    { a: { text: 'Hit {specis}' }, species: ['x'] },
    'columns.a: made from columns of the grammar; "specis" is none. Did you mean "species"?',
  ],
  [
    { a: { text: '{@cites}' } },
    'columns.a: filled from a list that exists; "@cites" does not. Did you mean "cities"?',
  ],
  [
    { a: { text: '{faker:location.ciy}' } },
    'columns.a: filled by a method of Faker. Faker\'s location has no method "ciy". Did you mean "city"?',
  ],
  [
    { a: { text: '{faker:helpers.arrayElement}' } },
    "columns.a: filled by a method of Faker. Faker's helpers.arrayElement needs arguments",
  ],
  [
    { a: [{ when: { b: 'Taxii' }, choose: [1] }], b: ['Taxi', 'Climb'] },
    'columns.a: conditions that can hold; b is never "Taxii". Did you mean "Taxi"?',
  ],
  [
    { a: [{ when: 'speed > 3', choose: [1] }] },
    'columns.a: made from columns of the grammar; "speed" is none. There: a.',
  ],
  [
    { a: [{ when: 'a >', choose: [1] }] },
    'columns: rules whose conditions can be read. "a >" cannot be read as Jinja',
  ],
  [{ a: ['x', { choose: [1] }] }, 'columns.a: either values to choose from or rules, not both in one list'],
  [
    { a: { choose: [1], text: 'x' } },
    'columns.a: a rule with exactly one of choose, number, date, text, from, compute',
  ],
  [{ a: [{ value: 1, weight: 0 }] }, 'columns.a: alternatives of which at least one has a weight above 0'],
  [
    { a: { number: { minimum: 3, maximum: 1 } } },
    'columns.a.number: a range whose minimum is not above its maximum',
  ],
  [{ a: { number: { minimum: 1, maximum: 4, mean: 2 } } }, 'columns.a.number: mean and deviation together'],
  [
    { a: { number: { minimum: 11, maximum: 14, step: 5 } } },
    'columns.a: a range that holds a multiple of its step 5, not 11 to 14',
  ],
  [
    { a: { date: { from: '2001-01-01', to: '2000-01-01' } } },
    'columns.a.date: a range whose `from` is not after its `to`',
  ],
  [{}, 'columns: at least one column'],
] as const)('%j is refused', (columns, mistake) => {
  expect(mistakes(columns, { cities: ['Oslo'] })).toEqual([expect.stringContaining(mistake)])
})

test('text that cannot be read is shown with the place', () => {
  const { error } = rulesOptions.safeParse({ columns: { a: { text: 'Hit {b' }, b: ['x'] } })
  expect(JSON.stringify(error!.issues)).toContain('at character 5, before \\"{b\\": \\"{\\" is not closed')
})
