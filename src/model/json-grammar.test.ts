import { expect, test } from 'vitest'
import { byteAutomaton } from './byte-automaton.ts'
import { jsonGrammar } from './json-grammar.ts'

/** Whether the grammar of a schema has the text, and whether some text of it begins so. */
function reads(schema: unknown, text: string): 'whole' | 'beginning' | 'no' {
  const automaton = byteAutomaton(jsonGrammar(schema))
  let state = 0
  for (const byte of new TextEncoder().encode(text)) {
    if (state !== -1) state = automaton.step(state, byte)
  }
  if (state === -1) return 'no'
  return automaton.accepts(state) ? 'whole' : 'beginning'
}

const any = ['string', 'number', 'boolean', 'null']
const fields = {
  type: 'object',
  properties: { city: { type: any }, nights: { type: any } },
  required: ['city', 'nights'],
  additionalProperties: false,
}

test('reads what JSON.stringify writes, and a blank after : and ,', () => {
  for (const value of ['Rome', 'a "quoted" \\ \n \u0001 Größe 東京 \u{1F680}', -0.5, 1e21, 0, true, null]) {
    expect(reads(fields, JSON.stringify({ city: value, nights: 2 }))).toBe('whole')
  }
  expect(reads(fields, '{"city": "Rome", "nights": null}')).toBe('whole')
  expect(reads(fields, '{"city":"Ro')).toBe('beginning')
})

test('reads no text that is no JSON, or not of the schema', () => {
  for (const text of [
    '{"nights":',
    '{"city":[',
    '{"city":01',
    '{"city":"a\n',
    '{"city":tru3',
    '{"city":"a","nights":1,',
  ]) {
    expect(reads(fields, text)).toBe('no')
  }
  expect(reads(fields, '{"city":1}')).toBe('no')
  expect(reads({ type: 'string' }, '"\\x')).toBe('no')
  expect(reads({ type: 'number' }, '-')).toBe('beginning')
  expect(reads({ type: 'number' }, '1.')).toBe('beginning')
  expect(reads({ type: 'integer' }, '1.')).toBe('no')
})

test('a broken character is never finished', () => {
  const automaton = byteAutomaton(jsonGrammar({ type: 'string' }))
  const after = (...bytes: readonly number[]): number =>
    bytes.reduce((state, byte) => (state === -1 ? -1 : automaton.step(state, byte)), 0)
  expect(after(0x22, 0xe6, 0x9d, 0xb1, 0x22)).not.toBe(-1)
  expect(after(0x22, 0xe6, 0x22)).toBe(-1)
  // An overlong form, a surrogate, and what lies beyond U+10FFFF.
  expect(after(0x22, 0xc0)).toBe(-1)
  expect(after(0x22, 0xed, 0xa0)).toBe(-1)
  expect(after(0x22, 0xf4, 0x90)).toBe(-1)
})

test('keeps to enums, constants, optional members, lists and lengths', () => {
  const schema = {
    type: 'object',
    properties: {
      kind: { enum: ['a', 'ab', 3] },
      tags: {
        type: 'array',
        items: { type: 'string', minLength: 1, maxLength: 2 },
        minItems: 1,
        maxItems: 2,
      },
      fixed: { const: { x: null } },
    },
    required: ['tags'],
  }
  expect(reads(schema, '{"kind":"ab","tags":["x","yz"],"fixed":{"x":null}}')).toBe('whole')
  expect(reads(schema, '{"tags":["x"]}')).toBe('whole')
  expect(reads(schema, '{"kind":3,"tags":["x"]}')).toBe('whole')
  expect(reads(schema, '{"kind":"ac')).toBe('no')
  expect(reads(schema, '{"fixed"')).toBe('no')
  expect(reads(schema, '{"tags":[]')).toBe('no')
  expect(reads(schema, '{"tags":[""')).toBe('no')
  expect(reads(schema, '{"tags":["abc')).toBe('no')
  expect(reads(schema, '{"tags":["a","b","c"')).toBe('no')
  const free = { type: 'object', properties: { a: { type: 'null' }, b: { type: 'null' } } }
  for (const text of ['{}', '{"a":null}', '{"b":null}', '{"a":null,"b":null}'])
    expect(reads(free, text)).toBe('whole')
  expect(reads(free, '{"b":null,"a"')).toBe('no')
  expect(reads({ type: 'array', items: { type: 'null' } }, '[]')).toBe('whole')
  expect(reads({ anyOf: [{ type: 'null' }, { const: 'x' }] }, '"x"')).toBe('whole')
})

test('refuses what it does not know, rather than leave it out', () => {
  expect(() => jsonGrammar({ type: 'string', pattern: 'a+' })).toThrow('pattern')
  expect(() => jsonGrammar({ type: 'date' })).toThrow('unknown type date')
  expect(() => jsonGrammar({ type: 'array' })).toThrow('without items')
  expect(() => jsonGrammar({})).toThrow('no type')
})
