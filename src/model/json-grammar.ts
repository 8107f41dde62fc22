import { z } from 'zod'
import { bytes, either, literal, repeat, sequence, type ByteExpression } from './byte-automaton.ts'

/** Digits before and after the point are bounded, so that a number comes to an end. */
const MOST_DIGITS = 15

const schemaSchema = z.strictObject({
  type: z.union([z.string(), z.array(z.string()).min(1)]).optional(),
  enum: z.array(z.unknown()).min(1).optional(),
  const: z.unknown().optional(),
  anyOf: z.array(z.unknown()).min(1).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  additionalProperties: z.literal(false).optional(),
  items: z.unknown().optional(),
  minItems: z.int().min(0).optional(),
  maxItems: z.int().min(0).optional(),
  minLength: z.int().min(0).optional(),
  maxLength: z.int().min(0).optional(),
  $schema: z.string().optional(),
  title: z.string().optional(),
  description: z.string().optional(),
})

type Schema = z.output<typeof schemaSchema>

/**
 * The JSON texts that a JSON Schema (2020-12) allows, as JSON.stringify writes them, with a blank after `:` and `,` if
 * one likes. Members come in the order of `properties` and there are no others. Of the schema language it knows `type`
 * (one or several), `enum`, `const`, `anyOf`, `properties`, `required`, `items` and the bounds of lengths; throws a
 * RangeError for anything else, rather than leave it out.
 */
export function jsonGrammar(schema: unknown): ByteExpression {
  const parsed = schemaSchema.safeParse(schema)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    throw new RangeError(`JSON Schema: ${[...issue.path, issue.message].join(': ')}`)
  }
  const { data } = parsed
  for (const [least, most] of [
    ['minItems', 'maxItems'],
    ['minLength', 'maxLength'],
  ] as const)
    if ((data[least] ?? 0) > (data[most] ?? Infinity))
      throw new RangeError(`JSON Schema: ${least} ${data[least]} is above ${most} ${data[most]}`)
  if ('const' in data) return literal(JSON.stringify(data.const))
  if (data.enum !== undefined) return either(...data.enum.map(value => literal(JSON.stringify(value))))
  if (data.anyOf !== undefined) return either(...data.anyOf.map(jsonGrammar))
  if (data.type === undefined) throw new RangeError('JSON Schema: no type, enum, const or anyOf')
  return either(...[data.type].flat().map(type => ofType(type, data)))
}

function ofType(type: string, schema: Schema): ByteExpression {
  switch (type) {
    case 'null':
      return literal('null')
    case 'boolean':
      return either(literal('true'), literal('false'))
    case 'integer':
      return integer
    case 'number':
      return sequence(integer, repeat(fraction, 0, 1), repeat(exponent, 0, 1))
    case 'string':
      return sequence(quote, repeat(character, schema.minLength ?? 0, schema.maxLength), quote)
    case 'array':
      return arrayOf(schema)
    case 'object':
      return objectOf(schema)
    default:
      throw new RangeError(`JSON Schema: unknown type ${type}`)
  }
}

const digit = bytes([0x30, 0x39])
const quote = literal('"')
const blank = repeat(literal(' '), 0, 1)
const comma = sequence(literal(','), blank)
const integer = sequence(
  repeat(literal('-'), 0, 1),
  either(literal('0'), sequence(bytes([0x31, 0x39]), repeat(digit, 0, MOST_DIGITS - 1))),
)
const fraction = sequence(literal('.'), repeat(digit, 1, MOST_DIGITS))
const exponent = sequence(
  bytes([0x65, 0x65], [0x45, 0x45]),
  repeat(bytes([0x2b, 0x2b], [0x2d, 0x2d]), 0, 1),
  repeat(digit, 1, 2),
)

const tail = bytes([0x80, 0xbf])
const hex = bytes([0x30, 0x39], [0x41, 0x46], [0x61, 0x66])

/** One character of a string: whole and well-formed UTF-8, or an escape. */
const character = either(
  bytes([0x20, 0x21], [0x23, 0x5b], [0x5d, 0x7f]),
  sequence(bytes([0xc2, 0xdf]), tail),
  sequence(bytes([0xe0, 0xe0]), bytes([0xa0, 0xbf]), tail),
  sequence(bytes([0xe1, 0xec], [0xee, 0xef]), tail, tail),
  sequence(bytes([0xed, 0xed]), bytes([0x80, 0x9f]), tail),
  sequence(bytes([0xf0, 0xf0]), bytes([0x90, 0xbf]), tail, tail),
  sequence(bytes([0xf1, 0xf3]), tail, tail, tail),
  sequence(bytes([0xf4, 0xf4]), bytes([0x80, 0x8f]), tail, tail),
  sequence(
    literal('\\'),
    either(...Array.from('"\\/bfnrt', literal), sequence(literal('u'), repeat(hex, 4, 4))),
  ),
)

function arrayOf({ items, minItems = 0, maxItems = Infinity }: Schema): ByteExpression {
  if (items === undefined) throw new RangeError('JSON Schema: an array without items')
  const item = jsonGrammar(items)
  const some = sequence(item, repeat(sequence(comma, item), Math.max(0, minItems - 1), maxItems - 1))
  const filled = maxItems === 0 ? sequence() : minItems === 0 ? repeat(some, 0, 1) : some
  return sequence(literal('['), filled, literal(']'))
}

function objectOf({ properties = {}, required = [] }: Schema): ByteExpression {
  const unknown = required.find(name => !Object.hasOwn(properties, name))
  if (unknown !== undefined)
    throw new RangeError(`JSON Schema: ${unknown} is required, and not among the properties`)
  const members = Object.entries(properties).map(([name, schema]) => ({
    text: sequence(literal(`${JSON.stringify(name)}:`), blank, jsonGrammar(schema)),
    isRequired: required.includes(name),
  }))
  /** From a member on, where one stands before it. */
  const following = (from: number): ByteExpression =>
    sequence(
      ...members
        .slice(from)
        .map(({ text, isRequired }) => repeat(sequence(comma, text), Number(isRequired), 1)),
    )
  const firstRequired = members.findIndex(({ isRequired }) => isRequired)
  const canBeFirst = members.slice(0, firstRequired === -1 ? members.length : firstRequired + 1)
  const beginnings = canBeFirst.map(({ text }, index) => sequence(text, following(index + 1)))
  const filled = firstRequired === -1 ? [...beginnings, sequence()] : beginnings
  return sequence(literal('{'), either(...filled), literal('}'))
}
